"""Commands that a user of the reference model is given, in a line each. Must not know what is right."""

from __future__ import annotations

import datetime as dt
from typing import Any

from testing.reference.policy import Refused
from testing.reference.user import ReferenceUser


def give(user: ReferenceUser, at: str, do: str, **fields: Any) -> Any:
    return user.step({"at": at, "do": do, **fields})


def refusal(user: ReferenceUser, at: str, do: str, **fields: Any) -> str | None:
    try:
        give(user, at, do, **fields)
    except Refused as refused:
        return refused.code
    return None


def study(user: ReferenceUser, at: str, occurred_at: str | None = None, key: str | None = None) -> Any:
    more = {"occurred_at": occurred_at} if occurred_at else {}
    return give(user, at, "record", activity_id=key or f"study {at}", activity_type="study_guide_completed", **more)


def earn(user: ReferenceUser, at: str, activities_of_50_xp: int) -> None:
    for n in range(activities_of_50_xp):
        give(
            user,
            at,
            "record",
            activity_id=f"{n} at {at}",
            activity_type="evaluation_completed",
            metadata={"grade": 9},
        )


def verdicts(user: ReferenceUser, now: str) -> dict[str, str]:
    rows = give(user, now, "get_calendar", days=40)
    return {row["date"]: row["verdict"] for row in rows if row["verdict"] != "none"}


def utc(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text).astimezone(dt.UTC)

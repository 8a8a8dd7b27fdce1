"""What a user does and is told on days of March 2026, a line each. Must not know what is right."""

from __future__ import annotations

from typing import Any

import pytest

from streak_core.domain.errors import StreakError
from streak_core.domain.policy import Policy
from testing.pure_user import PureUser
from tests.support.shipped_policy import POLICY


def at(day: int, hour: int = 9, month: int = 3) -> str:
    return f"2026-{month:02d}-{day:02d}T{hour:02d}:00:00+00:00"


def active_on(*days: int, policy: Policy = POLICY) -> PureUser:
    user = PureUser(policy)
    for day in days:
        did(user, day)
    return user


def did(user: PureUser, day: int, name: str = "a", hour: int = 9, **more: Any) -> dict[str, Any]:
    guide = {"do": "record", "activity_type": "study_guide_completed", "at": at(day, hour)}
    answer: dict[str, Any] = user.step({**guide, "activity_id": f"{name}{day}", **more})
    return answer


def refused(user: PureUser, **step: Any) -> str:
    with pytest.raises(StreakError) as error:
        user.step(step)
    return error.value.code


def accepted(user: PureUser, **step: Any) -> bool:
    user.step(step)
    return True


def streak(user: PureUser, day: int, hour: int = 9) -> dict[str, Any]:
    answer: dict[str, Any] = user.step({"at": at(day, hour), "do": "get_streak"})
    return answer


def verdicts(user: PureUser, day: int, days: int, hour: int = 9) -> list[str]:
    return [row["verdict"] for row in user.step({"at": at(day, hour), "do": "get_calendar", "days": days})]

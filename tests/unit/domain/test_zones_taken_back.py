"""A change of zone that is taken back was never made, unless something happened there (semantics 1)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest

from streak_core.domain.decision import decide
from streak_core.domain.state import user_state
from testing.pure_user import PureUser
from testing.scenario_commands import command_of
from testing.steps import Step
from tests.support.shipped_policy import POLICY, RULES

GUIDE: Step = {"activity_id": "a", "activity_type": "study_guide_completed"}


def today_after(*steps: Step) -> str:
    """Today of somebody from London, an evening of January, after what they did."""
    user = PureUser(POLICY)
    user.step({"at": "2026-01-05T08:00:00Z", "do": "set_time_zone", "time_zone": "Europe/London"})
    for step in steps:
        user.step(step)
    answer: dict[str, Any] = user.step({"at": "2026-01-05T22:00:00Z", "do": "get_streak"})
    return str(answer["today"])


def moved(at: str, time_zone: str, **more: str) -> Step:
    return {"at": f"2026-01-05T{at}:00Z", "do": "set_time_zone", "time_zone": time_zone, **more}


@pytest.mark.parametrize(
    ("recorded_at", "since", "today"),
    [("20:00", None, "2026-01-05"), ("19:00", "19:00", "2026-01-05"), ("19:00", "18:59", "2026-01-06")],
)
def test_an_activity_that_was_known_and_occurred_since_the_change_is_in_between_and_one_of_that_instant_was_before_it(
    recorded_at: str, since: str | None, today: str
) -> None:
    said = {} if since is None else {"since": f"2026-01-05T{since}:00Z"}
    away, back = moved("20:00", "Asia/Tokyo", **said), moved("21:00", "Europe/London")
    assert today_after({"at": f"2026-01-05T{recorded_at}:00Z", "do": "record", **GUIDE}, away, back) == today


def test_a_zone_said_for_now_is_decided_alike_whether_or_not_what_was_recorded_is_handed_in() -> None:
    user, away = PureUser(POLICY), moved("20:00", "Asia/Tokyo")
    user.step(moved("19:00", "Europe/London"))
    user.step({"at": away["at"], "do": "record", **GUIDE})
    now = datetime.fromisoformat(away["at"])
    known, unknown = user.state(now), user_state(user.streak, user.settled_through, RULES, now)
    assert known.recorded != unknown.recorded == ()
    assert decide(known, command_of(away), {}).entry == decide(unknown, command_of(away), {}).entry


def test_what_is_redone_ahead_of_today_brings_today_there() -> None:
    user, at = PureUser(POLICY), "2026-03-02T12:00:00+00:00"
    user.step({"at": at, "do": "set_time_zone", "time_zone": "Australia/Lord_Howe"})
    user.step({"at": at, "do": "record", **GUIDE})
    user.step({"at": at, "do": "undo", "activity_id": "a"})
    user.step({"at": at, "do": "check_in", "time_zone": "America/Metlakatla"})
    before = user.step({"at": at, "do": "get_streak"})
    assert (before["today"], before["offers"]) == ("2026-03-01", [])
    user.step({"at": at, "do": "redo", "activity_id": "a"})
    after = user.step({"at": at, "do": "get_streak"})
    assert (after["today"], after["current_streak"], after["status"]) == ("2026-03-02", 2, "extended")

"""The check-in of today is decided on what today is when it is decided, whatever it was when it was asked."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from streak_core.domain.commands import CheckIn
from testing.pure_user import PureUser
from tests.support.in_march import at, streak
from tests.support.shipped_policy import POLICY

NOW = datetime(2026, 3, 3, 15, tzinfo=UTC)
RECORD = {"do": "record", "activity_id": "a", "activity_type": "study_guide_completed"}


@pytest.mark.parametrize(("zone", "day"), [("Pacific/Kiritimati", "2026-03-04"), ("Europe/Paris", "2026-03-03")])
def test_after_a_flight_the_check_in_is_for_the_day_it_is_there(zone: str, day: str) -> None:
    user = PureUser(POLICY)
    user.step({**RECORD, "at": "2026-03-02T09:00:00+00:00"})
    user.step({"do": "set_time_zone", "time_zone": zone, "at": NOW.isoformat()})
    decision = user.give(CheckIn(), NOW)
    assert decision.entry
    assert decision.entry.entry_id == f"activity.check-in.{day}.1"
    assert decision.repeats is None


def test_once_it_is_recorded_the_check_in_repeats_the_first_one_and_after_an_undo_it_is_another() -> None:
    user = PureUser(POLICY)
    user.give(CheckIn(), NOW)
    again = user.give(CheckIn(), NOW)
    assert (again.entry, again.repeats) == (None, "activity.check-in.2026-03-03.1")
    user.step({"do": "undo", "activity_id": "check-in.2026-03-03.1", "at": NOW.isoformat()})
    second = user.give(CheckIn(), NOW).entry
    assert second
    assert second.entry_id == "activity.check-in.2026-03-03.2"


def test_once_a_day_means_once_and_again_after_an_undo() -> None:
    user = PureUser(POLICY)
    for _ in range(3):
        user.step({"at": at(2), "do": "check_in"})
    assert list(user.ledger) == ["activity.check-in.2026-03-02.1"]
    user.step({"at": at(2), "do": "undo", "activity_id": "check-in.2026-03-02.1"})
    assert streak(user, 2)["current_streak"] == 0
    user.step({"at": at(2), "do": "check_in"})
    assert "activity.check-in.2026-03-02.2" in user.ledger
    assert streak(user, 2)["current_streak"] == 1

"""What a command is known again by, and what it reads."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from streak_core.domain.commands import CheckIn, PauseStreak, RecordActivity, ResetStreak, UndoActivity
from testing.scenario_commands import command_of
from testing.steps import Step
from tests.support.shipped_policy import RULES


def test_a_command_is_found_again_by_its_key_and_without_one_by_nothing() -> None:
    pause = PauseStreak(from_day=date(2026, 3, 5), until_day=date(2026, 3, 8))
    assert pause.entry_id("k") == ResetStreak().entry_id("k") == "activity.k"
    assert CheckIn(key="k").entry_id("k") == UndoActivity(activity_id="a").entry_id("k") == "activity.k"
    assert ResetStreak().entry_id(None) is None
    # Form 1 had keys elsewhere, but for activities.
    assert ResetStreak().names("k") == ("activity.k", "key.k")
    assert ResetStreak().names(None) == ()
    guide = RecordActivity(activity_id="a", activity_type="study_guide_completed", metadata={})
    assert guide.names("a") == guide.names(None) == ("activity.a",)


@pytest.mark.parametrize(
    ("step", "sent"),
    [
        (
            {"do": "record", "activity_id": "a", "activity_type": "check_in"},
            {"activity_type": "check_in", "metadata": {}},
        ),
        ({"do": "check_in"}, {"activity_type": "check_in", "metadata": {}}),
        ({"do": "undo", "activity_id": "a"}, {"activity_id": "a"}),
        ({"do": "reset"}, {}),
        ({"do": "plan_freeze", "date": "2026-03-03"}, {"date": "2026-03-03"}),
        ({"do": "unplan_freeze", "date": "2026-03-03"}, {"date": "2026-03-03"}),
        ({"do": "repair"}, {}),
        ({"do": "pause", "from": "2026-03-03", "until": "2026-03-04"}, {"from": "2026-03-03", "until": "2026-03-04"}),
        ({"do": "resume"}, {}),
        ({"do": "set_time_zone", "time_zone": "Asia/Tokyo"}, {"time_zone": "Asia/Tokyo"}),
    ],
    ids=lambda one: one.get("do", ""),
)
def test_a_command_is_known_again_by_what_was_sent_and_nothing_else(step: Step, sent: dict[str, Any]) -> None:
    command = command_of(step)
    command.check(RULES)
    assert command.request() == sent


def test_a_command_that_only_changes_the_user_needs_no_entry_of_the_ledger_and_an_undo_needs_two() -> None:
    assert ResetStreak().reads() == ()
    assert set(UndoActivity(activity_id="a").reads()) >= {"activity.a"}

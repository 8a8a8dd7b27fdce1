"""What form 1 did not keep is what the program of form 2 would have kept, wherever decided days tell it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest
from hypothesis import given

from streak_core.domain.calendar import CalendarDay
from streak_core.domain.model import Verdict
from streak_core.proving.old_entries import in_form_1
from streak_core.store.first_form import DecidedDays, completed, decided_span
from testing.lives import lives
from testing.pure_user import PureUser
from testing.steps import OPERATOR_STEPS, CommandStep, Step
from tests.support.living import live
from tests.support.shipped_policy import POLICY, RULES
from tests.support.thoroughness import examples

if TYPE_CHECKING:
    from collections.abc import Iterable

MONDAY = date(2026, 3, 2)
WHOLE_WEEK = tuple(POLICY.categories)


def counted(rows: Iterable[CalendarDay]) -> DecidedDays:
    decided = DecidedDays(RULES)
    decided.add(rows)
    decided.end_week()
    return decided


@given(lives(may_come_along=False))
@examples(100)
def test_decided_days_tell_what_the_checkpoint_has_counted(life: list[Step]) -> None:
    user = live(life)
    if user.streak is None:
        return
    decided, kept = counted(user.decided[day] for day in sorted(user.decided)), user.streak.checkpoint
    assert (decided.active, decided.last_repaired) == (kept.active_days, kept.last_repaired)
    assert (decided.weeks, decided.weeks_longest) == (kept.consistent_weeks, kept.consistent_weeks_longest)


@given(lives(may_come_along=False))
@examples(60)
def test_milestones_of_a_run_that_form_1_knew_are_not_told_again(life: list[Step]) -> None:
    # Nor for a seat at the leaderboards.
    later = {*OPERATOR_STEPS, CommandStep.JOIN_LEADERBOARD}
    user = live([step for step in life if step["do"] not in later])
    # Form 1 has no place for days that a move spared, and is not written where there are any.
    if user.streak is None or user.streak.settings.spared or user.streak.settings.cut_short:
        return
    decided = counted(user.decided[day] for day in sorted(user.decided))
    known = completed(in_form_1(user.streak), RULES, decided)
    last = user.state(user.streak.updated_at).view
    told = {one.day: one.length for one in known.told}
    assert all(told[judged.day] == judged.current_streak for judged in last.days if judged.day in told)
    assert {judged.day for judged in last.days if judged.verdict is Verdict.ACTIVE and judged.current_streak} == set(
        told
    )
    assert replace(known.checkpoint, told_length=0, week_consistent_since=None) == replace(
        user.streak.checkpoint, told_length=0, week_consistent_since=None
    )


def week(monday: date, *categories: str, verdict: Verdict = Verdict.ACTIVE) -> list[CalendarDay]:
    first = CalendarDay(day=monday, verdict=verdict, categories=categories)
    return [first, *(CalendarDay(day=monday + timedelta(days=n), verdict=Verdict.FROZEN) for n in range(1, 7))]


@pytest.mark.parametrize(
    ("weeks", "in_a_row", "longest"),
    [
        ([], 0, 0),
        ([week(MONDAY, *WHOLE_WEEK)], 1, 1),
        ([week(MONDAY, *WHOLE_WEEK[1:])], 0, 0),
        ([week(MONDAY, *WHOLE_WEEK), week(MONDAY + timedelta(7), *WHOLE_WEEK)], 2, 2),
        ([week(MONDAY, *WHOLE_WEEK), week(MONDAY + timedelta(7))], 0, 1),
        ([week(MONDAY, *WHOLE_WEEK), week(MONDAY + timedelta(7), verdict=Verdict.PAUSED)], 1, 1),
        ([week(MONDAY, *WHOLE_WEEK), week(MONDAY + timedelta(7), verdict=Verdict.AMNESTY)], 1, 1),
        # A week of which nothing is kept lies between.
        ([week(MONDAY, *WHOLE_WEEK), week(MONDAY + timedelta(14), *WHOLE_WEEK)], 1, 1),
    ],
)
def test_weeks_in_a_row_end_with_one_that_is_neither_consistent_nor_excused(
    weeks: list[list[CalendarDay]], in_a_row: int, longest: int
) -> None:
    decided = counted(row for one in weeks for row in one)
    assert (decided.weeks, decided.weeks_longest) == (in_a_row, longest)


def test_only_a_day_whose_verdict_is_repaired_has_spent_a_repair() -> None:
    repaired = week(MONDAY)[1]._replace(verdict=Verdict.REPAIRED)
    assert counted([*week(MONDAY)[:1], repaired, *week(MONDAY)[2:]]).last_repaired == repaired.day
    assert counted(week(MONDAY)).last_repaired is None


def test_of_a_user_without_a_decided_day_none_is_looked_for() -> None:
    user = PureUser(POLICY)
    step = {"do": "record", "activity_type": "study_guide_completed"}
    user.step({**step, "at": "2026-03-02T09:00:00Z", "activity_id": "a"})
    assert user.streak
    assert decided_span(user.streak) is None
    user.step({**step, "at": "2026-04-02T09:00:00Z", "activity_id": "b"})
    assert decided_span(user.streak) == (MONDAY, user.streak.checkpoint.next_day - timedelta(days=1))


def test_a_run_that_is_longer_than_the_days_that_are_kept_has_at_least_its_length_of_active_days() -> None:
    user = live(
        [
            {"at": f"2026-03-{day:02}T09:00:00Z", "do": "record", "activity_id": f"a{day}", "activity_type": "check_in"}
            for day in range(1, 31)
        ]
    )
    assert user.streak
    assert user.streak.checkpoint.current_streak > 10
    known = completed(in_form_1(user.streak), RULES, DecidedDays(RULES))
    assert known.checkpoint.active_days == known.checkpoint.current_streak

"""What form 1 did not keep of a user and what is stored tells all the same: decided days counted, milestones told.

It must not know documents. A rebuilt user goes through it as a stored one does.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

from streak_core.domain.consistency import WEEK_EXCUSES
from streak_core.domain.days import ONE_DAY, ONE_WEEK, week_start
from streak_core.domain.model import ToldMilestones, Verdict
from streak_core.domain.replay import replay
from streak_core.domain.settings_history import unknown_zones

if TYPE_CHECKING:
    from collections.abc import Iterable

    from streak_core.domain.calendar import CalendarDay
    from streak_core.domain.model import Streak
    from streak_core.domain.rules import Rules


class DecidedDays:
    """Counts decided days, which come in their order."""

    def __init__(self, rules: Rules) -> None:
        """Has counted none."""
        self._rules = rules
        self.active = 0
        self.last_repaired: date | None = None
        # Consistent weeks in a row, and at most.
        self.weeks = 0
        self.weeks_longest = 0
        self._monday: date | None = None
        self._done: set[str] = set()
        self._is_excused = False

    def add(self, rows: Iterable[CalendarDay]) -> None:
        """Some more days."""
        for row in rows:
            if self._monday != week_start(row.day):
                self.end_week()
                # Weeks of which nothing is kept were not consistent.
                if self._monday is not None and week_start(row.day) - self._monday > ONE_WEEK:
                    self.weeks = 0
                self._monday, self._is_excused = week_start(row.day), False
            self.active += row.verdict is Verdict.ACTIVE
            if row.verdict is Verdict.REPAIRED:
                self.last_repaired = row.day
            self._done |= set(row.categories)
            self._is_excused |= row.verdict in WEEK_EXCUSES

    def end_week(self) -> None:
        """The week of the last day is whole; said twice, it is once."""
        if self._done.issuperset(self._categories()):
            self.weeks += 1
            self.weeks_longest = max(self.weeks_longest, self.weeks)
        elif self._monday is not None and not self._is_excused:
            self.weeks = 0
        self._done, self._is_excused = set(), True

    def _categories(self) -> tuple[str, ...]:
        return self._rules.on(self._monday or date.min).categories


def decided_span(streak: Streak) -> tuple[date, date] | None:
    """The first and the last decided day that a count needs; None where there is none."""
    first, next_day = streak.checkpoint.first_counted_day, streak.checkpoint.next_day
    return (first, next_day - ONE_DAY) if first and first < next_day else None


def completed(streak: Streak, rules: Rules, decided: DecidedDays) -> Streak:
    """The streak as read of form 1, with what that did not keep; `decided` has counted the days before its tail."""
    decided.end_week()
    checkpoint = replace(
        streak.checkpoint,
        # Of a gap of more than a year not every day is kept.
        active_days=max(decided.active, streak.checkpoint.current_streak),
        last_repaired=decided.last_repaired,
        consistent_weeks=decided.weeks,
        consistent_weeks_longest=decided.weeks_longest,
    )
    return replace(streak, checkpoint=checkpoint, told=_told(streak, rules))


def _told(streak: Streak, rules: Rules) -> tuple[ToldMilestones, ...]:
    """Each active day of the tail: whatever milestone the streak had come to on it was told."""
    if unknown_zones(streak.settings):
        return ()
    days = replay(streak, rules, streak.updated_at).days
    return tuple(
        ToldMilestones(day=judged.day, length=judged.current_streak)
        for judged in days
        if judged.verdict is Verdict.ACTIVE and judged.current_streak
    )

"""Excuses days of a user: they ask for no activity, as the days of a pause don't.

It must not know HTTP or storage, or who may excuse.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import TYPE_CHECKING, ClassVar

from streak_core.domain.commands.base import BaseCommand, BaseContent, Sent, check_reason
from streak_core.domain.days import ONE_DAY
from streak_core.domain.entries import EntryKind, LedgerEntry
from streak_core.domain.errors import FieldError, Malformed
from streak_core.domain.grants import Excused
from streak_core.domain.refusals import CostsTheStreak, DateOutOfRange
from streak_core.domain.replay import replay

if TYPE_CHECKING:
    from collections.abc import Mapping

    from streak_core.domain.entries import Found
    from streak_core.domain.model import Streak
    from streak_core.domain.rules import Rules
    from streak_core.domain.state import UserState


@dataclass(frozen=True, kw_only=True, slots=True)
class DaysExcused(BaseContent):
    """The first and the last day."""

    kind: ClassVar[EntryKind] = EntryKind.EXCUSE

    from_day: date
    until_day: date

    def apply(self, streak: Streak, entry: LedgerEntry, rules: Rules) -> Streak:
        """They are excused, with those that were."""
        del entry, rules
        excused = with_days(streak.settings.excused, self.from_day, self.until_day)
        return replace(streak, settings=replace(streak.settings, excused=excused))

    def day_of(self, entry: LedgerEntry) -> date:
        """The first of them."""
        del entry
        return self.from_day


@dataclass(frozen=True, kw_only=True, slots=True)
class ExcuseDays(BaseCommand):
    """Excuse the days from one until another, both included. Raises `Malformed` when the order is wrong."""

    name: ClassVar[str] = "excuse_days"
    kind: ClassVar[EntryKind] = EntryKind.EXCUSE

    from_day: date
    until_day: date
    reason: str

    def __post_init__(self) -> None:
        if self.until_day < self.from_day:
            raise Malformed(FieldError("until", "must not be before from"))

    def check(self, rules: Rules) -> None:
        """Raises `ReasonRequired`."""
        del rules
        check_reason(self.reason)

    def request(self) -> Sent:
        """All that was said."""
        return {"from": self.from_day.isoformat(), "until": self.until_day.isoformat(), "reason": self.reason}

    def decide(self, state: UserState, found: Mapping[str, Found]) -> DaysExcused | None:
        """Excusing what is excused changes nothing. Raises `DateOutOfRange`, `CostsTheStreak`."""
        del found
        policy, today = state.policy, state.view.today
        # What lies before the checkpoint is decided for good.
        first = max(today - timedelta(days=policy.activities.late_days_max), state.streak.checkpoint.next_day)
        last = today + timedelta(days=policy.pause.days_max)
        if not first <= self.from_day <= self.until_day <= last:
            raise DateOutOfRange(first=first, last=last)
        settings = state.streak.settings
        excused = with_days(settings.excused, self.from_day, self.until_day)
        if excused == settings.excused:
            return None
        check_helps(state, replace(state.streak, settings=replace(settings, excused=excused)))
        return DaysExcused(from_day=self.from_day, until_day=self.until_day)


def check_helps(state: UserState, streak: Streak) -> None:
    """Raises `CostsTheStreak` where what is meant to help would make the streak shorter, or the longest (law 12)."""
    before, after = state.view, replay(streak, state.rules, state.view.now)
    if after.current_streak < before.current_streak or after.longest_streak < before.longest_streak:
        raise CostsTheStreak(after=after.current_streak, longest=after.longest_streak)


def with_days(known: tuple[Excused, ...], first: date, last: date) -> tuple[Excused, ...]:
    """The days that are excused, with some more: those that touch are one."""
    apart = [one for one in known if one.until_day < first - ONE_DAY or last + ONE_DAY < one.from_day]
    joined = [one for one in known if one not in apart]
    first = min([first, *(one.from_day for one in joined)])
    last = max([last, *(one.until_day for one in joined)])
    return tuple(sorted((*apart, Excused(from_day=first, until_day=last)), key=lambda one: one.from_day))

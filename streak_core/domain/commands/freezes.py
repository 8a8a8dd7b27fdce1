"""Plans a freeze for a day, and takes such a plan back.

It must not know HTTP or storage.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import TYPE_CHECKING, ClassVar

from streak_core.domain.commands.base import BaseCommand, BaseContent, Sent
from streak_core.domain.days import ONE_DAY
from streak_core.domain.entries import EntryKind, LedgerEntry
from streak_core.domain.errors import DateOutOfRange, NoFreezeAvailable, NothingToProtect
from streak_core.domain.model import Streak, Verdict

if TYPE_CHECKING:
    from collections.abc import Mapping

    from streak_core.domain.model import DayJudged
    from streak_core.domain.policy import Policy
    from streak_core.domain.state import UserState


@dataclass(frozen=True, kw_only=True, slots=True)
class PlanFreeze(BaseCommand, BaseContent):
    """Plan a freeze for a day."""

    name: ClassVar[str] = "plan_freeze"
    kind: ClassVar[EntryKind] = EntryKind.FREEZE

    day: date

    def request(self) -> Sent:
        """The day."""
        return {"date": self.day.isoformat()}

    def decide(self, state: UserState, found: Mapping[str, LedgerEntry]) -> PlanFreeze | None:
        """Planning twice is planning once. Raises `DateOutOfRange`, `NothingToProtect`, `NoFreezeAvailable`."""
        del found
        today, planned = state.view.today, state.streak.settings.planned_freezes
        _check_range(self.day, today - ONE_DAY, state)
        if self.day in planned:
            return None
        if self.day < today:
            _check_bridgeable(state.view.on(self.day))
        elif sum(1 for other in planned if other >= today) >= state.view.freezes_available:
            raise NoFreezeAvailable
        return self

    def apply(self, streak: Streak, entry: LedgerEntry, policy: Policy) -> Streak:
        """The day is planned."""
        del entry, policy
        return _with_planned(streak, streak.settings.planned_freezes | {self.day})


@dataclass(frozen=True, kw_only=True, slots=True)
class UnplanFreeze(BaseCommand, BaseContent):
    """Take a planned freeze back."""

    name: ClassVar[str] = "unplan_freeze"
    kind: ClassVar[EntryKind] = EntryKind.UNFREEZE

    day: date

    def request(self) -> Sent:
        """The day."""
        return {"date": self.day.isoformat()}

    def decide(self, state: UserState, found: Mapping[str, LedgerEntry]) -> UnplanFreeze | None:
        """From today on; what is not planned stays so. Raises `DateOutOfRange`."""
        del found
        _check_range(self.day, state.view.today, state)
        return self if self.day in state.streak.settings.planned_freezes else None

    def apply(self, streak: Streak, entry: LedgerEntry, policy: Policy) -> Streak:
        """The day is not planned any more."""
        del entry, policy
        return _with_planned(streak, streak.settings.planned_freezes - {self.day})


def _with_planned(streak: Streak, days: frozenset[date]) -> Streak:
    return replace(streak, settings=replace(streak.settings, planned_freezes=days))


def _check_range(day: date, first: date, state: UserState) -> None:
    last = state.view.today + timedelta(days=state.policy.freezes.plan_days_ahead_max)
    if not first <= day <= last:
        raise DateOutOfRange(first=first, last=last)


def _check_bridgeable(yesterday: DayJudged | None) -> None:
    """A freeze by hand is for a miss that it would have bridged; refusals in the order of semantics 5."""
    if yesterday is None or yesterday.verdict is not Verdict.MISSED:
        raise NothingToProtect
    if not yesterday.freezes_before:
        raise NoFreezeAvailable
    if not yesterday.broke:
        raise NothingToProtect

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
from streak_core.domain.model import NO_RECORD, Streak, Verdict
from streak_core.domain.refusals import DateOutOfRange, NoFreezeAvailable, NothingToProtect
from streak_core.domain.replay import replay

if TYPE_CHECKING:
    from collections.abc import Mapping

    from streak_core.domain.entries import Found
    from streak_core.domain.model import DayJudged
    from streak_core.domain.rules import Rules
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

    def decide(self, state: UserState, found: Mapping[str, Found]) -> PlanFreeze | None:
        """Planning twice is planning once. Raises `DateOutOfRange`, `NothingToProtect`, `NoFreezeAvailable`."""
        del found
        today, planned = state.view.today, state.streak.settings.planned_freezes
        asked = state.view.last_asked
        _check_range(self.day, asked.day if asked else today - ONE_DAY, state)
        if self.day in planned:
            return None
        if self.day < today:
            self._check_bridges(state)
        elif sum(1 for other in planned if _speaks_for_one(state, other)) >= state.view.freezes_available:
            raise NoFreezeAvailable
        return self

    def _check_bridges(self, state: UserState) -> None:
        """A freeze by hand is for a miss that it bridges: of those that an amnesty alone left, none is spent."""
        _check_bridgeable(state.view.on(self.day))
        planned = _with_planned(state.streak, state.streak.settings.planned_freezes | {self.day})
        judged = replay(planned, state.rules, state.view.now).on(self.day)
        if judged is None or judged.verdict is not Verdict.FROZEN:
            raise NoFreezeAvailable

    def apply(self, streak: Streak, entry: LedgerEntry, rules: Rules) -> Streak:
        """The day is planned."""
        del entry, rules
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

    def decide(self, state: UserState, found: Mapping[str, Found]) -> UnplanFreeze | None:
        """From today on; what is not planned stays so. Raises `DateOutOfRange`."""
        del found
        _check_range(self.day, state.view.today, state)
        return self if self.day in state.streak.settings.planned_freezes else None

    def apply(self, streak: Streak, entry: LedgerEntry, rules: Rules) -> Streak:
        """The day is not planned any more."""
        del entry, rules
        return _with_planned(streak, streak.settings.planned_freezes - {self.day})


def _with_planned(streak: Streak, days: frozenset[date]) -> Streak:
    return replace(streak, settings=replace(streak.settings, planned_freezes=days))


def _check_range(day: date, first: date, state: UserState) -> None:
    last = state.view.today + timedelta(days=state.policy.freezes.plan_days_ahead_max)
    if not first <= day <= last:
        raise DateOutOfRange(first=first, last=last)


def _speaks_for_one(state: UserState, planned: date) -> bool:
    """Whether a freeze is kept for a planned day: it is not over, asks for an activity, and has none."""
    if planned < state.view.today or state.view.walk.excuse(planned) is not None:
        return False
    return not state.streak.tail.get(planned, NO_RECORD).is_active


def _check_bridgeable(yesterday: DayJudged | None) -> None:
    """Refusals in the order of semantics 5."""
    if yesterday is None or yesterday.verdict is not Verdict.MISSED:
        raise NothingToProtect
    if not yesterday.freezes_before:
        raise NoFreezeAvailable
    if not yesterday.broke:
        raise NothingToProtect

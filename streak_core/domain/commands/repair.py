"""Repairs a streak that a single missed day broke, on the next day that asks for an activity or before it.

It must not know HTTP or storage.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import TYPE_CHECKING, ClassVar

from streak_core.domain.commands.base import BaseCommand, BaseContent
from streak_core.domain.entries import EntryKind, LedgerEntry
from streak_core.domain.model import Streak
from streak_core.domain.refusals import NothingToRepair, RepairNeedsMoreActivity, RepairOnCooldown
from streak_core.domain.settings import Repair

if TYPE_CHECKING:
    from collections.abc import Mapping

    from streak_core.domain.entries import Found
    from streak_core.domain.policy import Policy
    from streak_core.domain.replay import View
    from streak_core.domain.rules import Rules
    from streak_core.domain.state import UserState


@dataclass(frozen=True, kw_only=True, slots=True)
class DayRepaired(BaseContent):
    """The missed day that is repaired."""

    kind: ClassVar[EntryKind] = EntryKind.REPAIR

    day: date

    def apply(self, streak: Streak, entry: LedgerEntry, rules: Rules) -> Streak:
        """The day becomes `repaired`, unless something better fits it."""
        del rules
        return with_repair(streak, Repair(day=self.day, at=entry.at))

    def day_of(self, entry: LedgerEntry) -> date:
        """The missed day."""
        del entry
        return self.day


@dataclass(frozen=True, kw_only=True, slots=True)
class RepairStreak(BaseCommand):
    """Repair the day that broke the streak."""

    name: ClassVar[str] = "repair"
    kind: ClassVar[EntryKind] = EntryKind.REPAIR

    def decide(self, state: UserState, found: Mapping[str, Found]) -> DayRepaired:
        """Raises `NothingToRepair`, `RepairOnCooldown`, `RepairNeedsMoreActivity`, in this order."""
        del found
        content, needed = repairable(state), activities_lacking(state)
        if needed:
            wanted = state.policy.repair.activities_needed
            raise RepairNeedsMoreActivity(needed=wanted, counted=wanted - needed)
        return content


def with_repair(streak: Streak, repair: Repair) -> Streak:
    """The streak with another repair, in place of one of the same day."""
    others = (one for one in streak.settings.repairs if one.day != repair.day)
    repairs = sorted((*others, repair), key=lambda one: one.day)
    return replace(streak, settings=replace(streak.settings, repairs=tuple(repairs)))


def repairable(state: UserState) -> DayRepaired:
    """The repair that is possible once today has enough activities. Raises `NothingToRepair`, `RepairOnCooldown`."""
    view = state.view
    asked = view.last_asked
    if asked is None or not asked.broke:
        raise NothingToRepair
    if view.last_repaired is not None and is_on_cooldown(view, view.today, state.policy):
        days = state.policy.repair.cooldown_days
        raise RepairOnCooldown(days=days, again_from=view.last_repaired + timedelta(days=days))
    return DayRepaired(day=asked.day)


def is_on_cooldown(view: View, day: date, policy: Policy) -> bool:
    """Whether the last repair would be too recent on a day on which a policy is in force."""
    return view.last_repaired is not None and (day - view.last_repaired).days < policy.repair.cooldown_days


def activities_lacking(state: UserState) -> int:
    """How many more counted activities a repair needs today."""
    return max(0, state.policy.repair.activities_needed - state.view.days[-1].record.counted)

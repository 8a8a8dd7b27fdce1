"""Repairs a streak that a single missed day broke, on the day after.

It must not know HTTP or storage.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING, ClassVar

from streak_core.domain.commands.base import BaseCommand, BaseContent
from streak_core.domain.days import ONE_DAY
from streak_core.domain.entries import EntryKind, LedgerEntry
from streak_core.domain.errors import NothingToRepair, RepairNeedsMoreActivity, RepairOnCooldown
from streak_core.domain.model import Streak

if TYPE_CHECKING:
    from collections.abc import Mapping

    from streak_core.domain.policy import Policy
    from streak_core.domain.state import UserState


@dataclass(frozen=True, kw_only=True, slots=True)
class RepairStreak(BaseCommand, BaseContent):
    """Repair yesterday."""

    name: ClassVar[str] = "repair"
    kind: ClassVar[EntryKind] = EntryKind.REPAIR

    def decide(self, state: UserState, found: Mapping[str, LedgerEntry]) -> RepairStreak:
        """Raises `NothingToRepair`, `RepairOnCooldown`, `RepairNeedsMoreActivity`, in this order."""
        del found
        rules, view = state.policy.repair, state.view
        yesterday = view.on(view.today - ONE_DAY)
        if yesterday is None or not yesterday.broke:
            raise NothingToRepair
        repairs = state.streak.settings.repairs
        if repairs and (view.today - repairs[-1]).days < rules.cooldown_days:
            again_from = repairs[-1] + timedelta(days=rules.cooldown_days)
            raise RepairOnCooldown(days=rules.cooldown_days, again_from=again_from)
        counted = view.days[-1].record.counted
        if counted < rules.activities_needed:
            raise RepairNeedsMoreActivity(needed=rules.activities_needed, counted=counted)
        return self

    def apply(self, streak: Streak, entry: LedgerEntry, policy: Policy) -> Streak:
        """The day before becomes `repaired`."""
        del policy
        repairs = (*streak.settings.repairs, entry.today - ONE_DAY)
        return replace(streak, settings=replace(streak.settings, repairs=repairs))

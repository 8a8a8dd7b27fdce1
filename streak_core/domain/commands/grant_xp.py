"""Grants a user XP, or takes some away; the total is never below 0.

It must not know HTTP or storage, or who may grant.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Final

from streak_core.domain.commands.base import BaseCommand, BaseContent, Sent, check_reason
from streak_core.domain.commands.grant_freezes import check_room
from streak_core.domain.day_records import with_grant
from streak_core.domain.entries import EntryKind, LedgerEntry
from streak_core.domain.errors import FieldError, Malformed
from streak_core.domain.grants import Grant, GrantOf

if TYPE_CHECKING:
    from collections.abc import Mapping

    from streak_core.domain.entries import Found
    from streak_core.domain.model import Streak
    from streak_core.domain.rules import Rules
    from streak_core.domain.state import UserState

AMOUNT_MAX: Final = 1_000_000


@dataclass(frozen=True, kw_only=True, slots=True)
class XpGranted(BaseContent):
    """How many XP, less than 0 where they were taken: never more than there were then."""

    kind: ClassVar[EntryKind] = EntryKind.XP

    amount: int

    def apply(self, streak: Streak, entry: LedgerEntry, rules: Rules) -> Streak:
        """They belong to today."""
        del rules
        return with_grant(streak, entry.today, Grant(seq=entry.seq, at=entry.at, of=GrantOf.XP, amount=self.amount))


@dataclass(frozen=True, kw_only=True, slots=True)
class GrantXp(BaseCommand):
    """Grant XP, or take them away where the amount is less than 0."""

    name: ClassVar[str] = "grant_xp"
    kind: ClassVar[EntryKind] = EntryKind.XP

    amount: int
    reason: str

    def check(self, rules: Rules) -> None:
        """Raises `Malformed`, `ReasonRequired`."""
        del rules
        if not -AMOUNT_MAX <= self.amount <= AMOUNT_MAX:
            raise Malformed(FieldError("amount", f"must be from {-AMOUNT_MAX} to {AMOUNT_MAX}"))
        check_reason(self.reason)

    def request(self) -> Sent:
        """All that was said."""
        return {"amount": self.amount, "reason": self.reason}

    def decide(self, state: UserState, found: Mapping[str, Found]) -> XpGranted | None:
        """Nothing changes where there is nothing to give or to take. Raises `TooManyGrants`."""
        del found
        amount = max(self.amount, -state.view.xp_total)
        if not amount:
            return None
        check_room(state)
        return XpGranted(amount=amount)

"""Grants a user freezes, held from the start of today on, so that the day that is open can be bridged.

It must not know HTTP or storage, or who may grant.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Final

from streak_core.domain.commands.base import BaseCommand, BaseContent, Sent, check_reason
from streak_core.domain.day_records import with_grant
from streak_core.domain.entries import EntryKind, LedgerEntry
from streak_core.domain.errors import FieldError, Malformed
from streak_core.domain.grants import Grant, GrantOf
from streak_core.domain.model import NO_RECORD
from streak_core.domain.refusals import FreezesFull, TooManyGrants

if TYPE_CHECKING:
    from collections.abc import Mapping

    from streak_core.domain.entries import Found
    from streak_core.domain.model import Streak
    from streak_core.domain.rules import Rules
    from streak_core.domain.state import UserState

COUNT_MAX: Final = 100
# Of one streak day, of all kinds together.
GRANTS_MAX: Final = 50


@dataclass(frozen=True, kw_only=True, slots=True)
class FreezesGranted(BaseContent):
    """How many; `over_cap` where they go on top of whatever is held."""

    kind: ClassVar[EntryKind] = EntryKind.GRANT

    count: int
    over_cap: bool = False

    def apply(self, streak: Streak, entry: LedgerEntry, rules: Rules) -> Streak:
        """They belong to today."""
        del rules
        of = GrantOf.FREEZES_OVER_CAP if self.over_cap else GrantOf.FREEZES
        return with_grant(streak, entry.today, Grant(seq=entry.seq, at=entry.at, of=of, amount=self.count))


@dataclass(frozen=True, kw_only=True, slots=True)
class GrantFreezes(BaseCommand):
    """Grant freezes."""

    name: ClassVar[str] = "grant_freezes"
    kind: ClassVar[EntryKind] = EntryKind.GRANT

    count: int
    over_cap: bool = False
    reason: str

    def check(self, rules: Rules) -> None:
        """Raises `Malformed`, `ReasonRequired`."""
        del rules
        if not 1 <= self.count <= COUNT_MAX:
            raise Malformed(FieldError("count", f"must be from 1 to {COUNT_MAX}"))
        check_reason(self.reason)

    def request(self) -> Sent:
        """All that was said."""
        return {"count": self.count, "over_cap": self.over_cap, "reason": self.reason}

    def decide(self, state: UserState, found: Mapping[str, Found]) -> FreezesGranted:
        """Raises `FreezesFull`, `TooManyGrants`."""
        del found
        held, most = state.view.freezes_available, state.policy.freezes.held_max
        is_over = held + self.count > most
        if is_over and not self.over_cap:
            raise FreezesFull(held=held, most=most, count=self.count)
        check_room(state)
        return FreezesGranted(count=self.count, over_cap=is_over)


def check_room(state: UserState) -> None:
    """Raises `TooManyGrants` where today has as many as are kept of a day."""
    if len(state.streak.tail.get(state.view.today, NO_RECORD).grants) >= GRANTS_MAX:
        raise TooManyGrants(most=GRANTS_MAX)

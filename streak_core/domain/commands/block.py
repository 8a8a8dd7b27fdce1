"""Blocks a user: until then, or until it is lifted, the user's own commands are refused; the streak is judged as ever.

It must not know HTTP or storage, or who may block.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING, ClassVar

from streak_core.domain.commands.base import BaseCommand, BaseContent, CommandForAReason, Sent, check_reason
from streak_core.domain.days import rfc3339, utc
from streak_core.domain.entries import EntryKind, LedgerEntry
from streak_core.domain.errors import FieldError, Malformed
from streak_core.domain.grants import Block

if TYPE_CHECKING:
    from collections.abc import Mapping

    from streak_core.domain.entries import Found
    from streak_core.domain.model import Streak
    from streak_core.domain.rules import Rules
    from streak_core.domain.state import UserState


@dataclass(frozen=True, kw_only=True, slots=True)
class UserBlocked(BaseContent):
    """Until when (UTC); None is until it is lifted."""

    kind: ClassVar[EntryKind] = EntryKind.BLOCK

    until: datetime | None

    def apply(self, streak: Streak, entry: LedgerEntry, rules: Rules) -> Streak:
        """In place of a block that there was."""
        del entry, rules
        return replace(streak, block=Block(until=self.until))


@dataclass(frozen=True, kw_only=True, slots=True)
class UserUnblocked(BaseContent):
    """Nothing is blocked any more."""

    kind: ClassVar[EntryKind] = EntryKind.UNBLOCK

    def apply(self, streak: Streak, entry: LedgerEntry, rules: Rules) -> Streak:
        """Without a block."""
        del entry, rules
        return replace(streak, block=None)


@dataclass(frozen=True, kw_only=True, slots=True)
class BlockUser(BaseCommand):
    """Block a user until an instant; None is until it is lifted."""

    name: ClassVar[str] = "block"
    kind: ClassVar[EntryKind] = EntryKind.BLOCK

    until: datetime | None = None
    reason: str

    def check(self, rules: Rules) -> None:
        """Raises `ReasonRequired`."""
        del rules
        check_reason(self.reason)

    def request(self) -> Sent:
        """All that was said, the instant in UTC."""
        until = {} if self.until is None else {"until": rfc3339(utc(self.until))}
        return {**until, "reason": self.reason}

    def decide(self, state: UserState, found: Mapping[str, Found]) -> UserBlocked | None:
        """The same block again changes nothing. Raises `Malformed` for an instant that has passed."""
        del found
        until = None if self.until is None else utc(self.until)
        if until is not None and until <= state.view.now:
            raise Malformed(FieldError("until", "must lie ahead of now"))
        return None if state.streak.block == Block(until=until) else UserBlocked(until=until)


@dataclass(frozen=True, kw_only=True, slots=True)
class UnblockUser(CommandForAReason):
    """Lift a block."""

    name: ClassVar[str] = "unblock"
    kind: ClassVar[EntryKind] = EntryKind.UNBLOCK

    def decide(self, state: UserState, found: Mapping[str, Found]) -> UserUnblocked | None:
        """Where nothing is blocked, nothing changes."""
        del found
        return UserUnblocked() if state.streak.is_blocked(state.view.now) else None

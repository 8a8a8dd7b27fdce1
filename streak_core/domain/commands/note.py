"""Keeps the key of a command that did nothing new, so that its late retry changes nothing either.

It must not know HTTP or storage.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from streak_core.domain.commands.base import BaseContent
from streak_core.domain.entries import EntryKind
from streak_core.domain.zone_statements import ZoneSaid, with_zone_said

if TYPE_CHECKING:
    from streak_core.domain.entries import LedgerEntry
    from streak_core.domain.model import Streak
    from streak_core.domain.rules import Rules


@dataclass(frozen=True, kw_only=True, slots=True)
class NothingChanged(BaseContent):
    """The name of the command, the entry of the one that it repeated, if it did, and what it says of the zone."""

    kind: ClassVar[EntryKind] = EntryKind.NOTE
    is_a_note: ClassVar[bool] = True

    command: str
    repeats: str | None = None
    zone: ZoneSaid | None = None

    def apply(self, streak: Streak, entry: LedgerEntry, rules: Rules) -> Streak:
        """Nothing but what it says of the zone."""
        if self.zone is None:
            return streak
        return with_zone_said(streak, self.zone, entry.at, entry.seq, rules)

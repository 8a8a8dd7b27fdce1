"""Sets the streak to 0; activities recorded later, the same day too, start at 1.

It must not know HTTP or storage.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, ClassVar

from streak_core.domain.commands.base import BaseCommand, BaseContent
from streak_core.domain.entries import EntryKind, LedgerEntry
from streak_core.domain.model import NO_RECORD, ResetMark, Streak
from streak_core.domain.settings_history import with_record

if TYPE_CHECKING:
    from collections.abc import Mapping

    from streak_core.domain.policy import Policy
    from streak_core.domain.state import UserState


@dataclass(frozen=True, kw_only=True, slots=True)
class ResetStreak(BaseCommand, BaseContent):
    """Reset the streak."""

    name: ClassVar[str] = "reset"
    kind: ClassVar[EntryKind] = EntryKind.RESET

    def decide(self, state: UserState, found: Mapping[str, LedgerEntry]) -> ResetStreak | None:
        """Always possible. A second reset with nothing counted in between changes nothing more."""
        del found
        record = state.streak.tail.get(state.view.today)
        return None if record and record.reset and not record.reset.counted_since else self

    def apply(self, streak: Streak, entry: LedgerEntry, policy: Policy) -> Streak:
        """Marks where the reset stands among the day's activities."""
        del policy
        record = streak.tail.get(entry.today, NO_RECORD)
        first_seq, before = entry.seq, record.counted
        if record.reset:
            first_seq, before = record.reset.first_seq, record.reset.counted_before
        mark = ResetMark(at=entry.at, first_seq=first_seq, last_seq=entry.seq, counted_before=before, counted_since=0)
        return with_record(streak, entry.today, replace(record, reset=mark))

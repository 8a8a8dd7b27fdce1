"""Sets the streak to 0, so that activities recorded later, the same day too, start at 1; and takes that back.

It must not know HTTP or storage.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, ClassVar

from streak_core.domain.commands.base import BaseCommand, BaseContent
from streak_core.domain.day_records import last_reset_seq, with_record, with_reset, without_last_reset
from streak_core.domain.entries import EntryKind, LedgerEntry
from streak_core.domain.model import NO_RECORD, Streak
from streak_core.domain.refusals import NothingToTakeBack

if TYPE_CHECKING:
    from collections.abc import Mapping

    from streak_core.domain.entries import Found
    from streak_core.domain.rules import Rules
    from streak_core.domain.state import UserState


@dataclass(frozen=True, kw_only=True, slots=True)
class ResetStreak(BaseCommand, BaseContent):
    """Reset the streak."""

    name: ClassVar[str] = "reset"
    kind: ClassVar[EntryKind] = EntryKind.RESET

    def decide(self, state: UserState, found: Mapping[str, Found]) -> ResetStreak | None:
        """Always possible. A second reset with nothing counted in between changes nothing more."""
        del found
        record = state.streak.tail.get(state.view.today, NO_RECORD)
        return None if record.resets and not record.resets[-1].counted else self

    def apply(self, streak: Streak, entry: LedgerEntry, rules: Rules) -> Streak:
        """Marks where the reset stands among the day's activities."""
        del rules
        record = with_reset(streak.tail.get(entry.today, NO_RECORD), entry.seq, entry.at)
        return with_record(streak, entry.today, record)


@dataclass(frozen=True, kw_only=True, slots=True)
class ResetTakenBack(BaseContent):
    """The day of the last reset, which was never given."""

    kind: ClassVar[EntryKind] = EntryKind.UNRESET

    day: date

    def apply(self, streak: Streak, entry: LedgerEntry, rules: Rules) -> Streak:
        """The day's last reset is gone; what it parted is one again."""
        del entry, rules
        return with_record(streak, self.day, without_last_reset(streak.tail[self.day]))

    def day_of(self, entry: LedgerEntry) -> date:
        """The day of the reset."""
        del entry
        return self.day


@dataclass(frozen=True, kw_only=True, slots=True)
class TakeResetBack(BaseCommand):
    """Take the last reset back."""

    name: ClassVar[str] = "take_reset_back"
    kind: ClassVar[EntryKind] = EntryKind.UNRESET

    def decide(self, state: UserState, found: Mapping[str, Found]) -> ResetTakenBack:
        """The reset given last, which may itself follow one that was taken back. Raises `NothingToTakeBack`."""
        del found
        days_max, tail = state.policy.activities.undo_days_max, state.streak.tail
        # What a user brought along parted is no reset that anybody gave.
        given = {day: seq for day in tail if (seq := last_reset_seq(tail[day]))}
        day = max(given, key=lambda day: given[day], default=None)
        if day is None or (state.view.today - day).days > days_max:
            raise NothingToTakeBack(days=days_max)
        return ResetTakenBack(day=day)

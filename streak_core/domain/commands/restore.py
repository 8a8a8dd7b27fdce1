"""Restores what a user lost: a missed day, or days of the streak that lie too far back to be told apart.

It must not know HTTP or storage, or who may restore.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, ClassVar, Final

from streak_core.domain.commands.base import BaseCommand, BaseContent, Sent, check_reason
from streak_core.domain.commands.excuse import check_helps
from streak_core.domain.commands.grant_freezes import check_room
from streak_core.domain.commands.repair import with_repair
from streak_core.domain.day_records import with_grant
from streak_core.domain.entries import EntryKind, LedgerEntry
from streak_core.domain.errors import FieldError, Malformed
from streak_core.domain.grants import Grant, GrantOf
from streak_core.domain.model import Verdict
from streak_core.domain.refusals import NothingToRestore
from streak_core.domain.settings import Repair

if TYPE_CHECKING:
    from collections.abc import Mapping

    from streak_core.domain.entries import Found
    from streak_core.domain.model import Streak
    from streak_core.domain.rules import Rules
    from streak_core.domain.state import UserState

LENGTH_MAX: Final = 10_000


@dataclass(frozen=True, kw_only=True, slots=True)
class DayRestored(BaseContent):
    """The missed day."""

    kind: ClassVar[EntryKind] = EntryKind.RESTORE

    day: date

    def apply(self, streak: Streak, entry: LedgerEntry, rules: Rules) -> Streak:
        """The day becomes `repaired`, unless something better fits it."""
        del rules
        return with_repair(streak, Repair(day=self.day, at=entry.at, by_operator=True))

    def day_of(self, entry: LedgerEntry) -> date:
        """The day itself."""
        del entry
        return self.day


@dataclass(frozen=True, kw_only=True, slots=True)
class StreakLengthened(BaseContent):
    """How many days the streak that is running has more, and when it began, where that was said."""

    kind: ClassVar[EntryKind] = EntryKind.LENGTHEN
    tells_milestones: ClassVar[bool] = False

    length: int
    started_on: date | None = None

    def apply(self, streak: Streak, entry: LedgerEntry, rules: Rules) -> Streak:
        """They belong to the streak of today."""
        del rules
        days = Grant(seq=entry.seq, at=entry.at, of=GrantOf.DAYS, amount=self.length, started_on=self.started_on)
        return with_grant(streak, entry.today, days)


@dataclass(frozen=True, kw_only=True, slots=True)
class Restore(BaseCommand):
    """Restore a missed day, or so many days of the streak that is running."""

    name: ClassVar[str] = "restore"
    kind: ClassVar[EntryKind] = EntryKind.RESTORE

    day: date | None = None
    length: int | None = None
    started_on: date | None = None
    reason: str

    def check(self, rules: Rules) -> None:
        """Raises `Malformed`, `ReasonRequired`."""
        del rules
        if (self.day is None) == (self.length is None):
            raise Malformed(FieldError("day", "must be said, or else length; not both"))
        if self.length is not None and not 1 <= self.length <= LENGTH_MAX:
            raise Malformed(FieldError("length", f"must be from 1 to {LENGTH_MAX}"))
        if self.started_on is not None and self.length is None:
            raise Malformed(FieldError("started_on", "goes with length alone"))
        check_reason(self.reason)

    def request(self) -> Sent:
        """All that was said."""
        sent = {
            "day": self.day.isoformat() if self.day else None,
            "length": self.length,
            "started_on": self.started_on.isoformat() if self.started_on else None,
            "reason": self.reason,
        }
        return {name: value for name, value in sent.items() if value is not None}

    def decide(self, state: UserState, found: Mapping[str, Found]) -> DayRestored | StreakLengthened:
        """Raises `Malformed`, `NothingToRestore`, `CostsTheStreak`, `TooManyGrants`."""
        del found
        if self.length is not None:
            return self._lengthened(state, self.length)
        judged = state.view.on(self.day) if self.day else None
        if judged is None or judged.verdict is not Verdict.MISSED:
            raise NothingToRestore
        restored = Repair(day=judged.day, at=state.view.now, by_operator=True)
        check_helps(state, with_repair(state.streak, restored))
        return DayRestored(day=judged.day)

    def _lengthened(self, state: UserState, length: int) -> StreakLengthened:
        began = state.view.streak_started_on
        if began is None or not state.view.current_streak:
            raise NothingToRestore
        # One day of a streak is one day of the calendar.
        if self.started_on is not None and (began - self.started_on).days < length:
            message = f"must be at least {length} days before {began}, when the streak that is running began"
            raise Malformed(FieldError("started_on", message))
        check_room(state)
        return StreakLengthened(length=length, started_on=self.started_on)

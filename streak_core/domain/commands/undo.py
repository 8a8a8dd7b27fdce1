"""Undoes an activity, and redoes it: everything is as if it had never been recorded, or never been undone.

It must not know HTTP or storage.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, ClassVar, Final

from streak_core.domain.commands.base import BaseCommand, BaseContent, Sent
from streak_core.domain.commands.record import ActivityRecorded, has_bonus, with_activity
from streak_core.domain.consistency import bonus_was_active
from streak_core.domain.day_records import counting, forgoing, with_record
from streak_core.domain.entries import EntryKind, LedgerEntry, named_entry_id, undo_entry_id
from streak_core.domain.errors import UserIncomplete
from streak_core.domain.first_zone import always_in, day_of
from streak_core.domain.habit import without_day
from streak_core.domain.model import NO_RECORD, Activity, Numbered, Streak
from streak_core.domain.refusals import ActivityNotFound, TooManyActivities, UndoTooLate
from streak_core.domain.zone_statements import with_latest_day_kept

if TYPE_CHECKING:
    from collections.abc import Mapping

    from streak_core.domain.entries import Found
    from streak_core.domain.rules import Rules
    from streak_core.domain.state import UserState

# So many undone activities are remembered: more than are offered, since some of them are redone.
_REMEMBERED: Final = 10


@dataclass(frozen=True, kw_only=True, slots=True)
class ActivityUndone(BaseContent):
    """The activity that is undone, on the day where it lay, and the number of the entry that recorded it."""

    kind: ClassVar[EntryKind] = EntryKind.UNDO

    activity: Activity
    of_seq: int
    # As form 1 did: an undo that leaves no activity leaves the zone now in force as if it had always been there.
    forgets_zones: bool = False

    @property
    def marks(self) -> tuple[str, bool]:
        """The activity's entry is marked as undone."""
        return named_entry_id(self.activity.activity_id), True

    def apply(self, streak: Streak, entry: LedgerEntry, rules: Rules) -> Streak:
        """The activity is no part of its day any more; where it had no bonus, none is to be had by doing it anew."""
        del entry
        record, joined = streak.tail.get(self.activity.day, NO_RECORD), streak.settings.challenges
        record = counting(record, self.activity, -1, self.of_seq, joined)
        forgoes = not has_bonus(self.activity) and bonus_was_active(streak, rules, self.activity.day)
        record = forgoing(record, self.activity, 1) if forgoes else record
        left = without_day(with_record(streak, self.activity.day, record, more=-1), self.activity.day)
        if self.activity.counted:
            remembered = (*left.undone, Numbered(activity=self.activity, seq=self.of_seq, forgoes=forgoes))
            left = replace(left, undone=remembered[-_REMEMBERED:])
        if self.forgets_zones and not left.activities:
            return always_in(left, left.settings.zones[-1].time_zone, rules.day_starts)
        return left

    def day_of(self, entry: LedgerEntry) -> date:
        """The day of the activity."""
        del entry
        return self.activity.day


@dataclass(frozen=True, kw_only=True, slots=True)
class ActivityRedone(BaseContent):
    """The activity that is back, on the day where it lay, and the number of the entry that recorded it."""

    kind: ClassVar[EntryKind] = EntryKind.REDO

    activity: Activity
    of_seq: int

    @property
    def marks(self) -> tuple[str, bool]:
        """The activity's entry is no longer marked as undone."""
        return named_entry_id(self.activity.activity_id), False

    def apply(self, streak: Streak, entry: LedgerEntry, rules: Rules) -> Streak:
        """The activity is part of its day again, at its old place in it; today is not before that day."""
        back = with_activity(streak, self.activity, self.of_seq, rules)
        if any(one.seq == self.of_seq and one.forgoes for one in back.undone):
            day = self.activity.day
            back = with_record(back, day, forgoing(back.tail[day], self.activity, -1))
        back = replace(back, undone=tuple(one for one in back.undone if one.seq != self.of_seq))
        if self.activity.day <= entry.today:
            return back
        return with_latest_day_kept(back, entry.at, rules.day_starts)

    def day_of(self, entry: LedgerEntry) -> date:
        """The day of the activity."""
        del entry
        return self.activity.day


@dataclass(frozen=True, kw_only=True, slots=True)
class UndoActivity(BaseCommand):
    """Undo an activity. It needs no key: undoing twice is undoing once."""

    name: ClassVar[str] = "undo"
    kind: ClassVar[EntryKind] = EntryKind.UNDO

    activity_id: str

    def request(self) -> Sent:
        """The activity's id."""
        return {"activity_id": self.activity_id}

    def reads(self) -> tuple[str, ...]:
        """The activity, and whether form 1 knows it as undone."""
        return named_entry_id(self.activity_id), undo_entry_id(self.activity_id)

    def decide(self, state: UserState, found: Mapping[str, Found]) -> ActivityUndone | None:
        """Takes the activity away. Raises `ActivityNotFound`, `UndoTooLate`.

        Raises `UserIncomplete` where its day has none: the ledger is another streak's then.
        """
        recorded, undone = _recorded(found, self.activity_id)
        if undone:
            return None
        activity = _movable(state, recorded)
        if state.streak.tail.get(activity.day, NO_RECORD).activity_count < 1:
            raise UserIncomplete
        return ActivityUndone(activity=activity, of_seq=recorded.seq)


@dataclass(frozen=True, kw_only=True, slots=True)
class RedoActivity(BaseCommand):
    """Bring an undone activity back. It needs no key: redoing twice is redoing once."""

    name: ClassVar[str] = "redo"
    kind: ClassVar[EntryKind] = EntryKind.REDO

    activity_id: str

    def request(self) -> Sent:
        """The activity's id."""
        return {"activity_id": self.activity_id}

    def reads(self) -> tuple[str, ...]:
        """The activity, and whether form 1 knows it as undone."""
        return named_entry_id(self.activity_id), undo_entry_id(self.activity_id)

    def decide(self, state: UserState, found: Mapping[str, Found]) -> ActivityRedone | None:
        """Brings the activity back. Raises `ActivityNotFound`, `UndoTooLate`, `TooManyActivities`."""
        recorded, undone = _recorded(found, self.activity_id)
        if not undone:
            return None
        return redone(state, recorded)


def redone(state: UserState, recorded: Numbered) -> ActivityRedone:
    """What redoing leads to. Raises `UndoTooLate`, `TooManyActivities`."""
    activity, most = _movable(state, recorded), state.policy.limits.activities_per_day_max
    if state.streak.tail.get(activity.day, NO_RECORD).activity_count >= most:
        raise TooManyActivities(most=most)
    return ActivityRedone(activity=activity, of_seq=recorded.seq)


def _recorded(found: Mapping[str, Found], activity_id: str) -> tuple[Numbered, bool]:
    """The activity as it was recorded, and whether it is undone. Raises `ActivityNotFound`."""
    one = found.get(named_entry_id(activity_id))
    if one is None or not isinstance(one.entry.content, ActivityRecorded):
        raise ActivityNotFound
    return Numbered(activity=one.entry.content.activity, seq=one.entry.seq), one.undone


def _movable(state: UserState, recorded: Numbered) -> Activity:
    """The activity on the day where it lies now. Raises `UndoTooLate`."""
    days_max = state.policy.activities.undo_days_max
    day = day_of(state.streak, recorded, state.rules.day_starts)
    # What lies before the checkpoint is decided for good, also where a policy has just become more patient.
    if (state.view.today - day).days > days_max or day < state.streak.checkpoint.next_day:
        raise UndoTooLate(days=days_max)
    return replace(recorded.activity, day=day)

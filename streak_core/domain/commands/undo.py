"""Undoes an activity: everything is as if it had never been recorded.

It must not know HTTP or storage.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, ClassVar

from streak_core.domain.commands.base import BaseCommand, BaseContent, Sent
from streak_core.domain.commands.record import ActivityRecorded, counting
from streak_core.domain.entries import EntryKind, LedgerEntry, activity_entry_id, undo_entry_id
from streak_core.domain.errors import ActivityNotFound, UndoTooLate
from streak_core.domain.model import NO_RECORD, Activity, Streak
from streak_core.domain.settings_history import always_in, with_record

if TYPE_CHECKING:
    from collections.abc import Mapping

    from streak_core.domain.policy import Policy
    from streak_core.domain.state import UserState


@dataclass(frozen=True, kw_only=True, slots=True)
class ActivityUndone(BaseContent):
    """The activity that is undone, and the number of the entry that recorded it."""

    kind: ClassVar[EntryKind] = EntryKind.UNDO

    activity: Activity
    of_seq: int

    def apply(self, streak: Streak, entry: LedgerEntry, policy: Policy) -> Streak:
        """The activity is no part of its day any more."""
        del entry
        record = streak.tail.get(self.activity.day, NO_RECORD)
        reset = record.reset
        if reset and self.activity.counted:
            reset = replace(
                reset,
                counted_before=reset.counted_before - (self.of_seq < reset.first_seq),
                counted_since=reset.counted_since - (self.of_seq > reset.last_seq),
            )
        changed = counting(record, self.activity, -1, reset)
        left = replace(with_record(streak, self.activity.day, changed), activities=streak.activities - 1)
        if left.activities:
            return left
        # As if it had never been recorded: then the zone now in force would always have been there.
        return always_in(left, left.settings.zones[-1].time_zone, policy)

    def own_entry_id(self) -> str:
        """An activity is undone once."""
        return undo_entry_id(self.activity.activity_id)

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
        """The activity, and whether it is undone."""
        return activity_entry_id(self.activity_id), undo_entry_id(self.activity_id)

    def entry_id(self, key: str | None) -> str | None:
        """Whether it is undone is decided, not looked up."""
        del key
        return None

    def decide(self, state: UserState, found: Mapping[str, LedgerEntry]) -> ActivityUndone | None:
        """Takes the activity away. Raises `ActivityNotFound`, `UndoTooLate`."""
        recorded, undone = (found.get(entry_id) for entry_id in self.reads())
        if recorded is None or not isinstance(recorded.content, ActivityRecorded):
            raise ActivityNotFound
        if undone:
            return None
        activity, days_max = recorded.content.activity, state.policy.activities.undo_days_max
        # What lies before the checkpoint is decided for good, also where a policy has just become more patient.
        if (state.view.today - activity.day).days > days_max or activity.day < state.streak.checkpoint.next_day:
            raise UndoTooLate(days=days_max)
        return ActivityUndone(activity=activity, of_seq=recorded.seq)

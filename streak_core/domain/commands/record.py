"""Records an activity, on time or late.

It must not know HTTP or storage.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, ClassVar

from streak_core.domain.commands.base import BaseCommand, BaseContent, Sent
from streak_core.domain.consistency import bonus_is_active
from streak_core.domain.days import utc
from streak_core.domain.entries import CHECK_IN_PREFIX, EntryKind, LedgerEntry, activity_entry_id
from streak_core.domain.errors import OccurredInTheFuture, OccurredTooLongAgo, TooManyActivities
from streak_core.domain.model import NO_RECORD, Activity, DayRecord, ResetMark, Streak
from streak_core.domain.settings_history import with_record
from streak_core.domain.xp import base_xp_of, with_bonus

if TYPE_CHECKING:
    from collections.abc import Mapping

    from streak_core.domain.policy import Policy
    from streak_core.domain.state import UserState


@dataclass(frozen=True, kw_only=True, slots=True)
class ActivityRecorded(BaseContent):
    """An activity, with the XP that it was awarded; `sent` is its content as sent."""

    kind: ClassVar[EntryKind] = EntryKind.ACTIVITY

    activity: Activity
    sent: Mapping[str, object]

    def apply(self, streak: Streak, entry: LedgerEntry, policy: Policy) -> Streak:
        """The activity is part of its day."""
        del entry, policy
        record = streak.tail.get(self.activity.day, NO_RECORD)
        reset = record.reset
        if reset and self.activity.counted:
            reset = replace(reset, counted_since=reset.counted_since + 1)
        changed = counting(record, self.activity, 1, reset)
        return replace(with_record(streak, self.activity.day, changed), activities=streak.activities + 1)

    def own_entry_id(self) -> str:
        """The id that the client gave."""
        return activity_entry_id(self.activity.activity_id)

    def day_of(self, entry: LedgerEntry) -> date:
        """The day on which it occurred."""
        del entry
        return self.activity.day


@dataclass(frozen=True, kw_only=True, slots=True)
class RecordActivity(BaseCommand):
    """Record an activity. `occurred_at` None is now."""

    name: ClassVar[str] = "record"
    kind: ClassVar[EntryKind] = EntryKind.ACTIVITY

    activity_id: str
    activity_type: str
    metadata: Mapping[str, object]
    occurred_at: datetime | None = None

    def check(self, policy: Policy) -> None:
        """Raises `Malformed` for a type or metadata that the policy does not know."""
        base_xp_of(policy, self.activity_type, self.metadata)

    def request(self) -> Sent:
        """As sent, the instant in UTC."""
        content: Sent = {"activity_type": self.activity_type, "metadata": dict(self.metadata)}
        if self.occurred_at is not None:
            content["occurred_at"] = utc(self.occurred_at).isoformat()
        return content

    def entry_id(self, key: str | None) -> str:
        """The id is its name; a key is one and the same."""
        del key
        return activity_entry_id(self.activity_id)

    def decide(self, state: UserState, found: Mapping[str, LedgerEntry]) -> ActivityRecorded:
        """The activity on the day it occurred, with the XP that its week gives.

        Raises `Malformed`, `OccurredInTheFuture`, `OccurredTooLongAgo` and `TooManyActivities`.
        """
        del found
        policy, view = state.policy, state.view
        worth = base_xp_of(policy, self.activity_type, self.metadata)
        occurred_at = self._moment(state)
        day = view.timeline.label(occurred_at)
        # What lies before the checkpoint is decided for good, also where a policy has just become more patient.
        if (view.today - day).days > policy.activities.late_days_max or day < state.streak.checkpoint.next_day:
            raise OccurredTooLongAgo(days=policy.activities.late_days_max)
        if state.streak.tail.get(day, NO_RECORD).activity_count >= policy.limits.activities_per_day_max:
            raise TooManyActivities(most=policy.limits.activities_per_day_max)
        is_multiplied = bonus_is_active(state.streak, policy, day)
        activity = Activity(
            activity_id=self.activity_id,
            activity_type=self.activity_type,
            category=worth.category,
            day=day,
            counted=worth.counts,
            base_xp=worth.base_xp,
            xp=with_bonus(worth.base_xp, policy.consistency.multiplier) if is_multiplied else worth.base_xp,
            occurred_at=occurred_at,
        )
        return ActivityRecorded(activity=activity, sent=self.request())

    def _moment(self, state: UserState) -> datetime:
        now, minutes_max = state.view.now, state.policy.activities.future_minutes_max
        occurred_at = utc(self.occurred_at or now)
        if occurred_at - now > timedelta(minutes=minutes_max):
            raise OccurredInTheFuture(minutes=minutes_max)
        return min(occurred_at, now)


def counting(record: DayRecord, activity: Activity, sign: int, reset: ResetMark | None) -> DayRecord:
    """The day's record with an activity more (1) or less (-1), and what it then says of a reset."""
    categories = dict(record.categories)
    if activity.counted and activity.category:
        categories[activity.category] = categories.get(activity.category, 0) + sign
    is_check_in = activity.activity_id.startswith(CHECK_IN_PREFIX)
    return DayRecord(
        activity_count=record.activity_count + sign,
        counted=record.counted + sign * activity.counted,
        xp=record.xp + sign * activity.xp,
        categories={name: count for name, count in categories.items() if count},
        reset=reset,
        check_ins=record.check_ins + (is_check_in and sign > 0),
        check_ins_undone=record.check_ins_undone + (is_check_in and sign < 0),
    )

"""Records an activity, on time or late, wherever it was.

It must not know HTTP or storage.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, ClassVar

from streak_core.domain.commands.base import BaseCommand, BaseContent, Sent
from streak_core.domain.consistency import is_multiplied, with_week_marked
from streak_core.domain.day_records import counting, forgoing, with_record
from streak_core.domain.days import ZoneLine, rfc3339, utc, zone_day
from streak_core.domain.entries import EntryKind, LedgerEntry, named_entry_id
from streak_core.domain.habit import with_day_kept
from streak_core.domain.model import NO_RECORD, Activity, Streak
from streak_core.domain.refusals import OccurredInTheFuture, OccurredTooLongAgo, TooManyActivities, TooManyZoneChanges
from streak_core.domain.xp import base_xp_of, check_known, with_bonus
from streak_core.domain.zone_statements import ZoneSaid, statement, with_zone_said
from streak_core.domain.zones import zone

if TYPE_CHECKING:
    from collections.abc import Mapping

    from streak_core.domain.entries import Found
    from streak_core.domain.rules import Rules
    from streak_core.domain.state import UserState


@dataclass(frozen=True, kw_only=True, slots=True)
class ActivityRecorded(BaseContent):
    """An activity, with the XP that it was awarded and what it said of the zone; `sent` is its content as sent."""

    kind: ClassVar[EntryKind] = EntryKind.ACTIVITY

    activity: Activity
    sent: Mapping[str, object]
    zone: ZoneSaid | None = None

    @property
    def occurred_at(self) -> datetime:
        """When it occurred (UTC)."""
        return self.activity.occurred_at

    def apply(self, streak: Streak, entry: LedgerEntry, rules: Rules) -> Streak:
        """The activity is part of its day."""
        before = with_zone_said(streak, self.zone, entry.at, entry.seq, rules) if self.zone else streak
        after = with_activity(before, self.activity, entry.seq, rules)
        known = record = after.tail[self.activity.day]
        if not has_bonus(self.activity):
            # It stands where others of its day and type stood that were undone.
            record = forgoing(record, self.activity, -1)
        if self.activity.is_check_in:
            record = record._replace(check_ins_ever=record.check_ins_ever + 1)
        return after if record is known else with_record(after, self.activity.day, record)

    def own_entry_id(self) -> str:
        """The id that the client gave."""
        return named_entry_id(self.activity.activity_id)

    def day_of(self, entry: LedgerEntry) -> date:
        """The day on which it occurred."""
        del entry
        return self.activity.day


def has_bonus(activity: Activity) -> bool:
    """Whether it was awarded more than its base XP."""
    return activity.xp > activity.base_xp


def with_activity(streak: Streak, activity: Activity, seq: int, rules: Rules) -> Streak:
    """The streak with an activity more, which ledger entry `seq` recorded."""
    record = counting(streak.tail.get(activity.day, NO_RECORD), activity, 1, seq, streak.settings.challenges)
    after = with_record(streak, activity.day, record, more=1)
    return with_day_kept(streak, with_week_marked(streak, after, activity, rules), activity, rules)


@dataclass(frozen=True, kw_only=True, slots=True)
class RecordActivity(BaseCommand):
    """Record an activity. `occurred_at` None is now; `time_zone` is where it was, None where that is not said."""

    name: ClassVar[str] = "record"
    kind: ClassVar[EntryKind] = EntryKind.ACTIVITY

    activity_id: str
    activity_type: str
    metadata: Mapping[str, object]
    occurred_at: datetime | None = None
    time_zone: str | None = None
    is_check_in: bool = False

    def check(self, rules: Rules) -> None:
        """Raises `Malformed` for a zone that is not known, and for a type or metadata that no policy knows."""
        check_known(rules, self.activity_type, self.metadata)
        if self.time_zone is not None:
            zone(self.time_zone)

    def request(self) -> Sent:
        """As sent, the instant in UTC."""
        content: Sent = {"activity_type": self.activity_type, "metadata": dict(self.metadata)}
        if self.occurred_at is not None:
            content["occurred_at"] = utc(self.occurred_at).isoformat()
        if self.time_zone is not None:
            content["time_zone"] = self.time_zone
        return content

    def entry_id(self, key: str | None) -> str:
        """The id is its name; a key is one and the same."""
        del key
        return named_entry_id(self.activity_id)

    def names(self, key: str | None) -> tuple[str, ...]:
        """The id alone, in every form."""
        return (self.entry_id(key),)

    def decide(self, state: UserState, found: Mapping[str, Found]) -> ActivityRecorded:
        """The activity on the day it occurred, with the XP that its week gives.

        Raises `Malformed`, `OccurredInTheFuture`, `OccurredTooLongAgo`, `TooManyActivities`.
        """
        del found
        placed = placed_at(state, self._moment(state), self.time_zone)
        # By the policy of its day, whatever today's knows.
        policy = state.rules.on(placed.day)
        worth = base_xp_of(policy, self.activity_type, self.metadata)
        _check_window(state, placed)
        record, most = placed.streak.tail.get(placed.day, NO_RECORD), state.policy.limits.activities_per_day_max
        if record.activity_count >= most:
            raise TooManyActivities(most=most)
        # In the place of one that was undone and had no bonus it has none either.
        in_place = self.activity_type in record.bonus_forgone
        active = not in_place and is_multiplied(placed.streak, state.rules, placed.day, placed.occurred_at)
        activity = Activity(
            activity_id=self.activity_id,
            activity_type=self.activity_type,
            category=worth.category,
            day=placed.day,
            counted=worth.counts,
            base_xp=worth.base_xp,
            xp=with_bonus(worth.base_xp, policy.consistency.multiplier) if active else worth.base_xp,
            occurred_at=placed.occurred_at,
            is_check_in=self.is_check_in,
        )
        return ActivityRecorded(activity=activity, sent=self.request(), zone=placed.said)

    def _moment(self, state: UserState) -> datetime:
        now, minutes_max = state.view.now, state.policy.activities.future_minutes_max
        occurred_at = utc(self.occurred_at or now)
        if occurred_at - now > timedelta(minutes=minutes_max):
            raise OccurredInTheFuture(minutes=minutes_max, now=rfc3339(now))
        return min(occurred_at, now)


@dataclass(frozen=True, kw_only=True, slots=True)
class Placed:
    """Where an activity comes to lie: its day, what it says of the zone, and the streak and today after that."""

    occurred_at: datetime
    day: date
    today: date
    streak: Streak
    said: ZoneSaid | None


def placed_at(state: UserState, occurred_at: datetime, time_zone: str | None) -> Placed:
    """The day of an activity of that moment, in the zone that it says or else on the user's own line."""
    streak, view, starts = state.streak, state.view, state.rules.day_starts
    if time_zone is None:
        day = view.today if occurred_at == view.now else view.zone_line.label(occurred_at)
        return Placed(occurred_at=occurred_at, day=day, today=view.today, streak=streak, said=None)
    said, today = None, view.today
    # Where the zone changed too often the activity has its day all the same, and says nothing.
    with suppress(TooManyZoneChanges):
        said = statement(state, time_zone, occurred_at, by_activity=True)
        streak = with_zone_said(streak, said, view.now, streak.seq + 1, state.rules)
        today = ZoneLine(streak.settings.zones, starts).label(view.now)
    day = min(zone_day(time_zone, occurred_at, starts), today)
    return Placed(occurred_at=occurred_at, day=day, today=today, streak=streak, said=said)


def _check_window(state: UserState, placed: Placed) -> None:
    days_max = state.rules.on(placed.today).activities.late_days_max
    # What lies before the checkpoint is decided for good, also where a policy has just become more patient.
    if (placed.today - placed.day).days > days_max or placed.day < placed.streak.checkpoint.next_day:
        raise OccurredTooLongAgo(days=days_max)

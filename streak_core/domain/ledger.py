"""Applies accepted commands to a streak: the edits of the tail and settings, and the moving of the checkpoint.

It must not refuse anything (decisions do) or judge a day (replay does). Applying a whole ledger rebuilds the user.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from streak_core.domain import settings_history
from streak_core.domain.days import ALWAYS_UTC, Timeline, week_start
from streak_core.domain.model import (
    NO_RECORD,
    Activity,
    Checkpoint,
    DayJudged,
    DayRecord,
    EntryKind,
    LedgerEntry,
    ResetMark,
    Settings,
    Streak,
)
from streak_core.domain.rate_limit import taken
from streak_core.domain.replay import seal
from streak_core.domain.settings_history import with_record

if TYPE_CHECKING:
    from collections.abc import Iterable

    from streak_core.domain.policy import Policy

CHECK_IN_PREFIX = "check-in."


def fresh(now: datetime, policy: Policy) -> Streak:
    """The streak of a user of whom nothing is known."""
    today = Timeline(ALWAYS_UTC, policy.days.day_start_hour).label(now)
    return Streak(
        seq=0,
        created_at=now,
        updated_at=now,
        activities=0,
        checkpoint=Checkpoint(next_day=tail_start(today, policy), freezes=policy.freezes.at_start),
        tail={},
        settings=Settings(),
    )


def tail_start(today: date, policy: Policy) -> date:
    """The Monday that the tail reaches back to: the week of the latest activity that may still change is whole."""
    return week_start(today - timedelta(days=policy.days_back_max))


def rebuild(entries: Iterable[LedgerEntry], policy: Policy) -> Streak | None:
    """The state that a ledger, ordered by `seq`, leads to from nothing; None for an empty one."""
    streak: Streak | None = None
    for entry in entries:
        before = streak or fresh(entry.at, policy)
        streak, _ = advance(edit(before, entry, policy), policy)
    return streak


def edit(streak: Streak, entry: LedgerEntry, policy: Policy) -> Streak:
    """The streak with the command applied, before the checkpoint moves."""
    match entry.kind:
        case EntryKind.ACTIVITY if entry.activity is not None:
            edited = _with_activity(streak, entry.activity)
        case EntryKind.UNDO if entry.activity is not None and entry.of_seq is not None:
            edited = _without_activity(streak, entry.activity, entry.of_seq, policy)
        case EntryKind.RESET:
            edited = with_record(streak, entry.today, _reset(_record(streak, entry.today), entry))
        case _:
            edited = settings_history.chosen(streak, entry, policy)
    return replace(edited, seq=entry.seq, updated_at=entry.at, pace=taken(streak.pace, entry.at, policy.limits))


def advance(streak: Streak, policy: Policy) -> tuple[Streak, tuple[DayJudged, ...]]:
    """The streak with its checkpoint moved as far as nothing can change any more, and the days decided by that."""
    timeline = Timeline(streak.settings.zones, policy.days.day_start_hour)
    next_day = tail_start(timeline.label(streak.updated_at), policy)
    days: list[DayJudged] = []
    if not streak.activities:
        # Nothing was decided yet: the tail simply begins where today says, also when another zone moved today back.
        checkpoint = replace(streak.checkpoint, next_day=next_day)
    elif next_day <= streak.checkpoint.next_day:
        return streak, ()
    else:
        checkpoint, days = seal(streak, policy, next_day)
    tail = {day: record for day, record in streak.tail.items() if day >= next_day}
    trimmed = settings_history.trimmed(streak.settings, timeline, next_day)
    return replace(streak, checkpoint=checkpoint, tail=tail, settings=trimmed), tuple(days)


def _record(streak: Streak, day: date) -> DayRecord:
    return streak.tail.get(day, NO_RECORD)


def _with_activity(streak: Streak, activity: Activity) -> Streak:
    record = _record(streak, activity.day)
    reset = record.reset
    if reset and activity.counted:
        reset = replace(reset, counted_since=reset.counted_since + 1)
    changed = replace(_counting(record, activity, 1), reset=reset)
    return replace(with_record(streak, activity.day, changed), activities=streak.activities + 1)


def _without_activity(streak: Streak, activity: Activity, seq: int, policy: Policy) -> Streak:
    record = _record(streak, activity.day)
    reset = record.reset
    if reset and activity.counted:
        before, since = int(seq < reset.first_seq), int(seq > reset.last_seq)
        reset = replace(reset, counted_before=reset.counted_before - before, counted_since=reset.counted_since - since)
    changed = replace(_counting(record, activity, -1), reset=reset)
    left = replace(with_record(streak, activity.day, changed), activities=streak.activities - 1)
    if left.activities:
        return left
    # As if it had never been recorded: then the zone now in force would always have been there.
    return settings_history.always_in(left, left.settings.zones[-1].time_zone, policy)


def _counting(record: DayRecord, activity: Activity, sign: int) -> DayRecord:
    categories = dict(record.categories)
    if activity.counted and activity.category:
        categories[activity.category] = categories.get(activity.category, 0) + sign
    is_check_in = activity.activity_id.startswith(CHECK_IN_PREFIX)
    return replace(
        record,
        activity_count=record.activity_count + sign,
        counted=record.counted + sign * activity.counted,
        xp=record.xp + sign * activity.xp,
        categories={name: count for name, count in categories.items() if count},
        check_ins=record.check_ins + (is_check_in and sign > 0),
        check_ins_undone=record.check_ins_undone + (is_check_in and sign < 0),
    )


def _reset(record: DayRecord, entry: LedgerEntry) -> DayRecord:
    first_seq, before = entry.seq, record.counted
    if record.reset:
        first_seq, before = record.reset.first_seq, record.reset.counted_before
    mark = ResetMark(at=entry.at, first_seq=first_seq, last_seq=entry.seq, counted_before=before, counted_since=0)
    return replace(record, reset=mark)

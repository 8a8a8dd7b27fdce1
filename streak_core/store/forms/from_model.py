"""The model as the newest stored form. Must not know documents; nothing is left out, which a test holds.

Written field by field: it is on the way of every command.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, assert_never

from streak_core.domain.commands import (
    ActivityRecorded,
    ActivityUndone,
    ChangeSettings,
    PauseStreak,
    PlanFreeze,
    RepairStreak,
    ResetStreak,
    ResumeStreak,
    UnplanFreeze,
)
from streak_core.store.forms import v1

if TYPE_CHECKING:
    from streak_core.domain.calendar import CalendarDay
    from streak_core.domain.commands import Content
    from streak_core.domain.entries import LedgerEntry
    from streak_core.domain.events import Event
    from streak_core.domain.model import Activity, Checkpoint, DayRecord, ResetMark, Settings, Streak


def stored_streak(streak: Streak) -> v1.Streak:
    """The whole state of a user."""
    rate = streak.rate
    return v1.Streak(
        seq=streak.seq,
        created_at=streak.created_at,
        updated_at=streak.updated_at,
        activities=streak.activities,
        checkpoint=_checkpoint(streak.checkpoint),
        tail={day: _day_record(record) for day, record in streak.tail.items()},
        settings=_settings(streak.settings),
        pace=v1.Pace(window=rate.window, accepted=rate.accepted, accepted_before=rate.accepted_before),
    )


def _checkpoint(one: Checkpoint) -> v1.Checkpoint:
    return v1.Checkpoint(
        next_day=one.next_day,
        length=one.current_streak,
        run_started_on=one.streak_started_on,
        longest=one.longest_streak,
        freezes=one.freezes,
        xp_total=one.xp_total,
        first_counted_day=one.first_counted_day,
        last_active_date=one.last_active_date,
        last_grace=one.last_grace,
        week_was_consistent=one.week_was_consistent,
    )


def _day_record(record: DayRecord) -> v1.DayRecord:
    return v1.DayRecord(
        activity_count=record.activity_count,
        counted=record.counted,
        xp=record.xp,
        categories=record.categories,
        reset=_reset(record.reset) if record.reset else None,
        check_ins=record.check_ins,
        check_ins_undone=record.check_ins_undone,
    )


def _reset(mark: ResetMark) -> v1.ResetMark:
    return v1.ResetMark(
        at=mark.at,
        first_seq=mark.first_seq,
        last_seq=mark.last_seq,
        counted_before=mark.counted_before,
        counted_since=mark.counted_since,
    )


def _settings(settings: Settings) -> v1.Settings:
    return v1.Settings(
        zones=tuple(
            v1.ZoneSpan(from_instant=one.from_instant, time_zone=one.time_zone, floor=one.floor)
            for one in settings.zones
        ),
        auto_freeze=tuple(v1.AutoFreeze(from_day=one.from_day, on=one.on, at=one.at) for one in settings.auto_freeze),
        rest_weekdays=tuple(
            v1.RestWeekdays(from_day=one.from_day, weekdays=tuple(sorted(one.weekdays)), at=one.at)
            for one in settings.rest_weekdays
        ),
        pauses=tuple(v1.Pause(from_day=one.from_day, until_day=one.until_day) for one in settings.pauses),
        planned_freezes=tuple(sorted(settings.planned_freezes)),
        repairs=settings.repairs,
    )


def stored_entry(entry: LedgerEntry) -> v1.Entry:
    """An entry of the ledger."""
    content = entry.content
    return v1.Entry(
        entry_id=entry.entry_id,
        kind=entry.kind.value,
        seq=entry.seq,
        at=entry.at,
        today=entry.today,
        time_zone=entry.time_zone,
        sent=_sent(content),
        activity=_activity(content.activity) if isinstance(content, ActivityRecorded | ActivityUndone) else None,
        of_seq=content.of_seq if isinstance(content, ActivityUndone) else None,
    )


def _sent(content: Content) -> dict[str, Any]:
    match content:
        case ActivityRecorded():
            return dict(content.sent)
        case ActivityUndone():
            return {"activity_id": content.activity.activity_id}
        case PlanFreeze() | UnplanFreeze() | PauseStreak() | ChangeSettings():
            return content.request()
        case ResetStreak() | RepairStreak() | ResumeStreak():
            return {}
        case _:  # pragma: no cover - the type checker knows that there is no other
            assert_never(content)


def _activity(one: Activity) -> v1.Activity:
    return v1.Activity(
        activity_id=one.activity_id,
        activity_type=one.activity_type,
        category=one.category,
        day=one.day,
        counted=one.counted,
        base_xp=one.base_xp,
        xp=one.xp,
        occurred_at=one.occurred_at,
    )


def stored_event(event: Event) -> v1.Event:
    """An event."""
    return v1.Event(event_id=event.event_id, kind=event.kind.value, day=event.day, at=event.at, details=event.details)


def stored_calendar_day(row: CalendarDay) -> v1.CalendarDay:
    """A decided day."""
    return v1.CalendarDay(
        day=row.day,
        verdict=row.verdict.value,
        activity_count=row.activity_count,
        xp=row.xp,
        categories=row.categories,
    )

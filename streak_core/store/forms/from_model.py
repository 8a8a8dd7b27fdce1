"""The model as JSON of the newest stored form. Must not know documents; nothing is left out, which a test holds.

Written by hand, field by field: it is on the way of every command. What has its default is not written.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, assert_never

from pydantic import TypeAdapter

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
from streak_core.domain.days import ALWAYS_UTC, rfc3339

if TYPE_CHECKING:
    from collections.abc import Mapping

    from streak_core.domain.calendar import CalendarDay
    from streak_core.domain.commands import Content
    from streak_core.domain.days import ZoneSpan
    from streak_core.domain.entries import LedgerEntry
    from streak_core.domain.events import Event
    from streak_core.domain.model import Activity, Checkpoint, DayRecord, RateUsage, ResetMark, Settings, Streak

Json = dict[str, Any]

# It writes a text in a fifth of the time that `json` takes.
_TEXT: Final = TypeAdapter(Json)


def streak_text(streak: Streak) -> str:
    """The whole state of a user."""
    state: Json = {
        "seq": streak.seq,
        "created_at": rfc3339(streak.created_at),
        "updated_at": rfc3339(streak.updated_at),
        "activities": streak.activities,
        "checkpoint": _checkpoint(streak.checkpoint),
        "tail": {day: _day_record(record) for day, record in streak.tail.items()},
        "settings": _settings(streak.settings),
    }
    pace = _pace(streak.rate)
    return text_of({**state, "pace": pace} if pace else state)


def text_of(value: Mapping[str, Any]) -> str:
    """As JSON, a day as in RFC 3339."""
    return _TEXT.dump_json(dict(value)).decode()


def _some(fields: Json) -> Json:
    """Those that have not their default, which is nothing: 0, None, False, or none of them."""
    return {name: value for name, value in fields.items() if value}


def _checkpoint(one: Checkpoint) -> Json:
    fields = {
        "length": one.current_streak,
        "run_started_on": one.streak_started_on,
        "longest": one.longest_streak,
        "freezes": one.freezes,
        "xp_total": one.xp_total,
        "first_counted_day": one.first_counted_day,
        "last_active_date": one.last_active_date,
        "last_grace": one.last_grace,
        "week_was_consistent": one.week_was_consistent,
    }
    return {"next_day": one.next_day, **_some(fields)}


def _day_record(record: DayRecord) -> Json:
    fields = {
        "activity_count": record.activity_count,
        "counted": record.counted,
        "xp": record.xp,
        "categories": record.categories,
        "reset": _reset(record.reset) if record.reset else None,
        "check_ins": record.check_ins,
        "check_ins_undone": record.check_ins_undone,
    }
    return _some(fields)


def _reset(mark: ResetMark) -> Json:
    return {
        "at": rfc3339(mark.at),
        "first_seq": mark.first_seq,
        "last_seq": mark.last_seq,
        "counted_before": mark.counted_before,
        "counted_since": mark.counted_since,
    }


def _settings(settings: Settings) -> Json:
    fields = {
        "zones": [_zone_span(one) for one in settings.zones] if settings.zones != ALWAYS_UTC else None,
        "auto_freeze": [
            {"from_day": one.from_day, "on": one.on, "at": rfc3339(one.at)} for one in settings.auto_freeze
        ],
        "rest_weekdays": [
            {"from_day": one.from_day, "weekdays": sorted(one.weekdays), "at": rfc3339(one.at)}
            for one in settings.rest_weekdays
        ],
        "pauses": [{"from_day": one.from_day, "until_day": one.until_day} for one in settings.pauses],
        "planned_freezes": sorted(settings.planned_freezes),
        "repairs": settings.repairs,
    }
    return _some(fields)


def _zone_span(one: ZoneSpan) -> Json:
    begun = rfc3339(one.from_instant) if one.from_instant else None
    return {"from_instant": begun, "time_zone": one.time_zone, "floor": one.floor}


def _pace(rate: RateUsage) -> Json:
    return _some({"window": rate.window, "accepted": rate.accepted, "accepted_before": rate.accepted_before})


def entry_text(entry: LedgerEntry) -> str:
    """An entry of the ledger."""
    content = entry.content
    fields = {
        "entry_id": entry.entry_id,
        "kind": entry.kind.value,
        "seq": entry.seq,
        "at": rfc3339(entry.at),
        "today": entry.today,
        "time_zone": entry.time_zone,
        "sent": sent_of(content),
        "activity": _activity(content.activity) if isinstance(content, ActivityRecorded | ActivityUndone) else None,
        "of_seq": content.of_seq if isinstance(content, ActivityUndone) else None,
    }
    return text_of(fields)


def sent_of(content: Content) -> Json:
    """What was sent, as the ledger keeps it."""
    match content:
        case ActivityRecorded():
            return dict(content.sent)
        case ActivityUndone():
            return {"activity_id": content.activity.activity_id}
        case ChangeSettings():
            return {**content.request(), **_some({"replaces": list(content.replaces)})}
        case PlanFreeze() | UnplanFreeze() | PauseStreak():
            return content.request()
        case ResetStreak() | RepairStreak() | ResumeStreak():
            return {}
        case _:  # pragma: no cover - the type checker knows that there is no other
            assert_never(content)


def _activity(one: Activity) -> Json:
    return {
        "activity_id": one.activity_id,
        "activity_type": one.activity_type,
        "category": one.category,
        "day": one.day,
        "counted": one.counted,
        "base_xp": one.base_xp,
        "xp": one.xp,
        "occurred_at": rfc3339(one.occurred_at),
    }


def event_fields(event: Event) -> Json:
    """An event, to be stored as fields: clients listen to them."""
    return {
        "event_id": event.event_id,
        "kind": event.kind.value,
        "day": event.day.isoformat(),
        "at": event.at,
        "details": dict(event.details),
    }


def calendar_day_text(row: CalendarDay) -> str:
    """A decided day."""
    fields = {
        "day": row.day,
        "verdict": row.verdict.value,
        "activity_count": row.activity_count,
        "xp": row.xp,
        "categories": row.categories,
    }
    return text_of(fields)

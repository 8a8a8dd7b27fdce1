"""The model as JSON of the newest stored form. Must not know documents; nothing is left out, which a test holds.

Written by hand, field by field: it is on the way of every command. What has its default is not written.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final, assert_never

from pydantic import TypeAdapter

from streak_core.domain.commands import (
    ActivityRecorded,
    ActivityRedone,
    ActivityUndone,
    DayRepaired,
    DayRestored,
    DaysExcused,
    FreezesGranted,
    NothingChanged,
    PauseEnded,
    PauseStreak,
    PlanFreeze,
    ResetStreak,
    ResetTakenBack,
    SettingsChanged,
    StreakLengthened,
    UnplanFreeze,
    UserBlocked,
    UserOpened,
    UserUnblocked,
    XpGranted,
)
from streak_core.domain.days import ALWAYS_UTC, rfc3339

if TYPE_CHECKING:
    from collections.abc import Mapping

    from streak_core.domain.calendar import CalendarDay
    from streak_core.domain.commands import Content
    from streak_core.domain.days import ZoneSpan
    from streak_core.domain.entries import LedgerEntry
    from streak_core.domain.events import Event
    from streak_core.domain.grants import Grant
    from streak_core.domain.imported import Numbers
    from streak_core.domain.model import (
        Activity,
        Checkpoint,
        DayRecord,
        FirstZone,
        RateUsage,
        Repair,
        ResetMark,
        Settings,
        Streak,
    )
    from streak_core.domain.replay import View
    from streak_core.domain.zone_statements import ZoneSaid

Json = dict[str, Any]
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND: Final = timedelta(microseconds=1)

# It writes a text in a fifth of the time that `json` takes.
_TEXT: Final = TypeAdapter(Json)
_ROWS: Final = TypeAdapter(list[Json])


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
    further = {
        "pace": _pace(streak.rate),
        "consistent_since": {one: rfc3339(since) for one, since in streak.consistent_since.items()},
        "told": [_some({"day": one.day, "length": one.length, "started_on": one.started_on}) for one in streak.told],
        "undone": [
            {"activity": _activity(one.activity), "seq": one.seq, **_some({"forgoes": one.forgoes})}
            for one in streak.undone
        ],
        "amnesties": streak.amnesties,
        "block": {"until": _instant(streak.block.until)} if streak.block else None,
    }
    return text_of({**state, **_some(further)})


def text_of(value: Mapping[str, Any]) -> str:
    """As JSON, a day as in RFC 3339."""
    return _TEXT.dump_json(dict(value)).decode()


def _some(fields: Json) -> Json:
    """Those that have not their default, which is nothing: 0, None, False, or none of them."""
    return {name: value for name, value in fields.items() if value}


def _instant(instant: datetime | None) -> str | None:
    return rfc3339(instant) if instant else None


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
        "week_consistent_since": _instant(one.week_consistent_since),
        "last_repaired": one.last_repaired,
        "active_days": one.active_days,
        "told_length": one.told_length,
        "consistent_weeks": one.consistent_weeks,
        "consistent_weeks_longest": one.consistent_weeks_longest,
    }
    return {"next_day": one.next_day, **_some(fields)}


def _day_record(record: DayRecord) -> Json:
    # As `_some` would, for what there are dozens of.
    some: Json = {}
    if record.activity_count:
        some["activity_count"] = record.activity_count
    if record.xp:
        some["xp"] = record.xp
    if record.categories:
        some["categories"] = record.categories
    if record.resets:
        some["resets"] = [_reset(mark) for mark in record.resets]
    if record.check_ins_ever:
        some["check_ins_ever"] = record.check_ins_ever
    if record.check_ins:
        some["check_ins"] = [{"activity_id": mark.activity_id, "seq": mark.seq} for mark in record.check_ins]
    if record.bonus_forgone or record.imported or record.grants:
        some |= _rarely(record)
    # Nearly always all of them counted.
    if record.counted != record.activity_count:
        some["counted"] = record.counted
    return some


def _rarely(record: DayRecord) -> Json:
    return _some(
        {
            "bonus_forgone": record.bonus_forgone,
            "imported": record.imported.value if record.imported else None,
            "grants": [_grant(one) for one in record.grants],
        }
    )


def _grant(one: Grant) -> Json:
    fields = {"seq": one.seq, "at": rfc3339(one.at), "of": one.of.value, "amount": one.amount}
    return {**fields, **_some({"started_on": one.started_on})}


def _reset(mark: ResetMark) -> Json:
    return {"seq": mark.seq, "at": rfc3339(mark.at), "counted": mark.counted}


def _settings(settings: Settings) -> Json:
    fields = {
        "zones": [_zone_span(one) for one in settings.zones] if settings.zones != ALWAYS_UTC else None,
        "zone_known": settings.zone_known,
        "cut_short": sorted(settings.cut_short),
        "spared": sorted(settings.spared),
        "first_zone": _first_zone(settings.first_zone) if settings.first_zone else None,
        "auto_freeze": [
            {"from_day": one.from_day, "on": one.on, "at": rfc3339(one.at)} for one in settings.auto_freeze
        ],
        "rest_weekdays": [
            {"from_day": one.from_day, "weekdays": sorted(one.weekdays), "at": rfc3339(one.at)}
            for one in settings.rest_weekdays
        ],
        "pauses": [
            {"pause_id": one.pause_id, "from_day": one.from_day, "until_day": one.until_day} for one in settings.pauses
        ],
        "pauses_gone": settings.pauses_gone,
        "planned_freezes": sorted(settings.planned_freezes),
        "repairs": [_repair(one) for one in settings.repairs],
        "excused": [{"from_day": one.from_day, "until_day": one.until_day} for one in settings.excused],
    }
    return _some(fields)


def _repair(one: Repair) -> Json:
    return {"day": one.day, "at": _instant(one.at), **_some({"by_operator": one.by_operator})}


def _zone_span(one: ZoneSpan) -> Json:
    further = {
        "said": [(instant - _EPOCH) // _MICROSECOND for instant in one.said],
        "first_said": _instant(one.first_said),
        "used": one.used,
    }
    begun = _instant(one.from_instant)
    return {"from_instant": begun, "time_zone": one.time_zone, "floor": one.floor, **_some(further)}


def _first_zone(one: FirstZone) -> Json:
    return {"time_zone": one.time_zone, "seq": one.seq, "first_day": one.first_day}


def _pace(rate: RateUsage) -> Json:
    counted = {"accepted": rate.accepted, "accepted_before": rate.accepted_before}
    return _some({"since": _instant(rate.since), "seconds": rate.seconds, **counted})


def entry_text(entry: LedgerEntry) -> str:
    """An entry of the ledger."""
    fields = {
        "entry_id": entry.entry_id,
        "kind": entry.kind.value,
        "seq": entry.seq,
        "at": rfc3339(entry.at),
        "today": entry.today,
        "time_zone": entry.time_zone,
    }
    actor = {"actor": {"kind": entry.actor.kind.value, "id": entry.actor.id}} if entry.actor else {}
    known = _some({"amnesties": entry.amnesties})
    return text_of({**fields, **actor, **known, **content_fields(entry.content)})


def content_fields(content: Content) -> Json:  # noqa: C901, PLR0911, PLR0912 - one for each kind
    """What an entry says of its command."""
    match content:
        case ActivityRecorded():
            zone = {"zone": _zone_said(content.zone)} if content.zone else {}
            return {"activity": _activity(content.activity), "sent": dict(content.sent), **zone}
        case ActivityUndone():
            forgets = _some({"forgets_zones": content.forgets_zones})
            return {"activity": _activity(content.activity), "of_seq": content.of_seq, **forgets}
        case ActivityRedone():
            return {"activity": _activity(content.activity), "of_seq": content.of_seq}
        case PlanFreeze() | UnplanFreeze() | DayRepaired() | ResetTakenBack() | DayRestored():
            return {"day": content.day}
        case PauseStreak() | DaysExcused():
            return {"from_day": content.from_day, "until_day": content.until_day}
        case PauseEnded():
            return {"pause_id": content.pause_id, "last_day": content.last_day}
        case SettingsChanged():
            return _settings_changed(content)
        case NothingChanged():
            zone = {"zone": _zone_said(content.zone)} if content.zone else {}
            return {"command": content.command, "repeats": content.repeats, **zone}
        case FreezesGranted():
            return {"count": content.count, **_some({"over_cap": content.over_cap})}
        case StreakLengthened():
            return {"length": content.length, **_some({"started_on": content.started_on})}
        case XpGranted():
            return {"amount": content.amount}
        case UserBlocked():
            return {"until": _instant(content.until)}
        case ResetStreak() | UserUnblocked():
            return {}
        case UserOpened():
            zone = {"zone": _zone_said(content.zone)}
            return {**zone, "numbers": _numbers(content.numbers), "reason": content.reason}
        case _:  # pragma: no cover - the type checker knows that there is no other
            assert_never(content)


def _numbers(one: Numbers) -> Json:
    return {
        "current_streak": one.current_streak,
        "longest_streak": one.longest_streak,
        "last_active_date": one.last_active_date,
        "freezes": one.freezes,
        "xp_total": one.xp_total,
        "active_days": None if one.active_days is None else list(one.active_days),
    }


def _settings_changed(content: SettingsChanged) -> Json:
    fields = {
        "zone": _zone_said(content.zone) if content.zone else None,
        "auto_freeze": content.auto_freeze,
        "rest_weekdays": None if content.rest_weekdays is None else list(content.rest_weekdays),
        "replaces": list(content.replaces) or None,
    }
    # Turned off, and none at all, are choices, too.
    return {name: value for name, value in fields.items() if value is not None}


def _zone_said(one: ZoneSaid) -> Json:
    fields = {
        "time_zone": one.time_zone,
        "since": rfc3339(one.since),
        "effect": one.effect.value,
        "by_activity": one.by_activity,
        "used": one.used,
    }
    if one.tail is None:
        return fields
    return {**fields, "tail": {day: _day_record(record) for day, record in one.tail.items()}}


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
        **_some({"is_check_in": one.is_check_in}),
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


def timeline_text(view: View) -> str:
    """How the streak will stand, for clients that listen to the document."""
    return _ROWS.dump_json(view.timeline.rows).decode()

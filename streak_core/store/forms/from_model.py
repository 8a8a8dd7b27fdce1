"""The model as JSON of the newest stored form. Must not know documents; nothing is left out, which a test holds.

Written by hand, field by field: it is on the way of every command. What has its default is not written.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

from pydantic import TypeAdapter

from streak_core.domain.days import ALWAYS_UTC, rfc3339
from streak_core.domain.notices import NO_CHOICES

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from streak_core.domain.boards import Seat, Standing
    from streak_core.domain.calendar import CalendarDay
    from streak_core.domain.days import ZoneSpan
    from streak_core.domain.events import Event
    from streak_core.domain.grants import Grant
    from streak_core.domain.joined import Terms
    from streak_core.domain.model import Activity, Checkpoint, DayRecord, RateUsage, ResetMark, Streak
    from streak_core.domain.notices import NoticeChoices
    from streak_core.domain.replay import View
    from streak_core.domain.settings import FirstZone, Repair, Settings

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
        "tail": {day: day_record_fields(record) for day, record in streak.tail.items()},
        "settings": _settings(streak.settings),
    }
    further = {
        "pace": _pace(streak.rate),
        "consistent_since": {one: rfc3339(since) for one, since in streak.consistent_since.items()},
        "told": [{"day": one.day, "length": one.length, **some({"started_on": one.started_on})} for one in streak.told],
        "undone": [
            {"activity": activity_fields(one.activity), "seq": one.seq, **some({"forgoes": one.forgoes})}
            for one in streak.undone
        ],
        "amnesties": streak.amnesties,
        "block": {"until": instant_text(streak.block.until)} if streak.block else None,
        "habit": list(streak.habit.items()),
        "earned": {name: rfc3339(since) for name, since in streak.earned.items()},
        "seat": _seat(streak.seat) if streak.seat else None,
    }
    return text_of({**state, **some(further)})


def text_of(value: Mapping[str, Any]) -> str:
    """As JSON, a day as in RFC 3339."""
    return _TEXT.dump_json(dict(value)).decode()


def some(fields: Json) -> Json:
    """Those that have not their default, which is nothing: 0, None, False, or none of them."""
    return {name: value for name, value in fields.items() if value}


def instant_text(instant: datetime | None) -> str | None:
    """As RFC 3339, in UTC."""
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
        "week_consistent_since": instant_text(one.week_consistent_since),
        "last_repaired": one.last_repaired,
        "active_days": one.active_days,
        "told_length": one.told_length,
        "consistent_weeks": one.consistent_weeks,
        "consistent_weeks_longest": one.consistent_weeks_longest,
        "challenges": one.challenges,
        "rewarded": one.rewarded,
        "boards": standings_fields(one.boards),
    }
    return {"next_day": one.next_day, **some(fields)}


def standings_fields(standings: Mapping[str, Standing]) -> Json:
    """What days count, by the labels of periods."""
    return {label: some({"xp": one.xp, "streak": one.streak}) for label, one in standings.items()}


def _seat(one: Seat) -> Json:
    return some({"name": one.name, "group": one.group, "hidden": one.is_hidden, "since": one.since})


def day_record_fields(record: DayRecord) -> Json:
    """What is kept of a day of the tail."""
    # As `some` would, for what there are dozens of.
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
    if record.bonus_forgone or record.imported or record.grants or record.challenges:
        some |= _rarely(record)
    # Nearly always all of them counted.
    if record.counted != record.activity_count:
        some["counted"] = record.counted
    return some


def _rarely(record: DayRecord) -> Json:
    return some(
        {
            "bonus_forgone": record.bonus_forgone,
            "imported": record.imported.value if record.imported else None,
            "grants": [_grant(one) for one in record.grants],
            "challenges": record.challenges,
        }
    )


def _grant(one: Grant) -> Json:
    fields = {"seq": one.seq, "at": rfc3339(one.at), "of": one.of.value, "amount": one.amount}
    return {**fields, **some({"started_on": one.started_on})}


def _reset(mark: ResetMark) -> Json:
    return {"seq": mark.seq, "at": rfc3339(mark.at), "counted": mark.counted}


def _settings(settings: Settings) -> Json:
    fields: Json = {
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
        "challenges": [{"seq": one.seq, "terms": terms_fields(one.terms)} for one in settings.challenges],
    }
    if settings.notices is not None:
        fields["notices"] = notices_fields(settings.notices)
    return some(fields)


def terms_fields(one: Terms) -> Json:
    """What a challenge asks for and gives."""
    further = {
        "categories": one.categories,
        "activity_types": one.activity_types,
        "xp": one.xp,
        "freezes": one.freezes,
    }
    fields = {"name": one.name, "from_day": one.from_day, "until_day": one.until_day, "target": one.target}
    return {**fields, **some(further)}


def notices_fields(one: NoticeChoices) -> Json:
    """What the user wishes to be told of, as far as it is not what holds for everybody."""
    fields: Json = {"channels": [[kind, *sorted(of)] for kind, of in one.channels.items()]}
    if one.quiet != NO_CHOICES.quiet:
        fields["quiet"] = [one.quiet.from_minute, one.quiet.until_minute] if one.quiet else []
    if one.remind_at_minute is not None:
        fields["minute"] = one.remind_at_minute
    if one.language != NO_CHOICES.language:
        fields["language"] = one.language
    return fields


def _repair(one: Repair) -> Json:
    return {"day": one.day, "at": instant_text(one.at), **some({"by_operator": one.by_operator})}


def _zone_span(one: ZoneSpan) -> Json:
    further = {
        "said": [(instant - _EPOCH) // _MICROSECOND for instant in one.said],
        "first_said": instant_text(one.first_said),
        "used": one.used,
    }
    begun = instant_text(one.from_instant)
    return {"from_instant": begun, "time_zone": one.time_zone, "floor": one.floor, **some(further)}


def _first_zone(one: FirstZone) -> Json:
    return {"time_zone": one.time_zone, "seq": one.seq, "first_day": one.first_day}


def _pace(rate: RateUsage) -> Json:
    counted = {"accepted": rate.accepted, "accepted_before": rate.accepted_before}
    return some({"since": instant_text(rate.since), "seconds": rate.seconds, **counted})


def activity_fields(one: Activity) -> Json:
    """What is kept of an activity, in the state and in its entries."""
    return {
        "activity_id": one.activity_id,
        "activity_type": one.activity_type,
        "category": one.category,
        "day": one.day,
        "counted": one.counted,
        "base_xp": one.base_xp,
        "xp": one.xp,
        "occurred_at": rfc3339(one.occurred_at),
        **some({"is_check_in": one.is_check_in}),
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


def events_text(events: Iterable[Event]) -> str:
    """Events that wait for something, as one text."""
    return _ROWS.dump_json([{**event_fields(one), "at": rfc3339(one.at)} for one in events]).decode()


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

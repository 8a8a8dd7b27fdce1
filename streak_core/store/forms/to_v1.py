"""The model as form 1, for the release that still writes it. Must not know documents.

What form 1 has no place for raises. What only counts, or is worked out of the rest again, is left out, as the program
before left it out; `old_form` asks whether the answers stay what they are.
"""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final, assert_never

from streak_core.domain.commands import (
    ActivityRecorded,
    ActivityRedone,
    ActivityUndone,
    ChallengeJoined,
    ChallengeLeft,
    DayRepaired,
    DayRestored,
    DaysExcused,
    FreezesGranted,
    LeaderboardHidden,
    LeaderboardJoined,
    LeaderboardLeft,
    LeaderboardShown,
    NothingChanged,
    NoticesChosen,
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
from streak_core.domain.entries import check_in_id

if TYPE_CHECKING:
    from collections.abc import Mapping

    from streak_core.domain.commands import Content
    from streak_core.domain.days import ZoneSpan
    from streak_core.domain.entries import LedgerEntry
    from streak_core.domain.model import Activity, Checkpoint, DayRecord, RateUsage, ResetMark, Streak
    from streak_core.domain.settings import Settings

Json = dict[str, Any]
_FOR_A_USER: Final = "what is done for a user"
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


class NoPlaceError(ValueError):
    """Form 1 has no place for it; the message says for what."""


def streak_text(streak: Streak) -> str:
    """The whole state of a user. Raises `NoPlaceError`."""
    state: Json = {
        "seq": streak.seq,
        "created_at": rfc3339(streak.created_at),
        "updated_at": rfc3339(streak.updated_at),
        "activities": streak.activities,
        "checkpoint": _checkpoint(streak.checkpoint),
        "tail": _some({day.isoformat(): _day_record(day, record) for day, record in streak.tail.items()}),
        "settings": _settings(streak.settings, streak.checkpoint),
    }
    return _text({**state, **_some({"pace": _pace(streak.rate)})})


def _text(value: Mapping[str, Any]) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _some(fields: Json) -> Json:
    """Those that have not their default, which is nothing: 0, None, False, or none of them."""
    return {name: value for name, value in fields.items() if value}


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _instant(instant: datetime | None) -> str | None:
    return rfc3339(instant) if instant else None


def _checkpoint(one: Checkpoint) -> Json:
    fields = {
        "length": one.current_streak,
        "run_started_on": _iso(one.streak_started_on),
        "longest": one.longest_streak,
        "freezes": one.freezes,
        "xp_total": one.xp_total,
        "first_counted_day": _iso(one.first_counted_day),
        "last_active_date": _iso(one.last_active_date),
        "last_grace": _iso(one.last_grace),
        "week_was_consistent": one.week_was_consistent,
    }
    return {"next_day": one.next_day.isoformat(), **_some(fields)}


def _day_record(day: date, record: DayRecord) -> Json:
    is_live = any(mark.activity_id == check_in_id(day, record.check_ins_ever) for mark in record.check_ins)
    fields = {
        "activity_count": record.activity_count,
        "counted": record.counted,
        "xp": record.xp,
        "categories": record.categories,
        "reset": _resets(record.resets, record.counted) if record.resets else None,
        "check_ins": record.check_ins_ever,
        "check_ins_undone": record.check_ins_ever - is_live,
    }
    return _some(fields)


def _resets(marks: tuple[ResetMark, ...], counted: int) -> Json:
    return {
        "at": rfc3339(marks[-1].at),
        "first_seq": marks[0].seq,
        "last_seq": marks[-1].seq,
        "counted_before": counted - sum(mark.counted for mark in marks),
        "counted_since": marks[-1].counted,
    }


def _settings(settings: Settings, checkpoint: Checkpoint) -> Json:
    repairs = [repair.day for repair in settings.repairs]
    # Form 1 keeps the last repair as long as another one has to wait for it.
    before = [checkpoint.last_repaired] if checkpoint.last_repaired and checkpoint.last_repaired not in repairs else []
    fields = {
        "zones": [_zone_span(one) for one in settings.zones] if settings.zones != ALWAYS_UTC else None,
        "auto_freeze": [
            {"from_day": one.from_day.isoformat(), "on": one.on, "at": rfc3339(one.at)} for one in settings.auto_freeze
        ],
        "rest_weekdays": [
            {"from_day": one.from_day.isoformat(), "weekdays": sorted(one.weekdays), "at": rfc3339(one.at)}
            for one in settings.rest_weekdays
        ],
        "pauses": [
            {"from_day": one.from_day.isoformat(), "until_day": one.until_day.isoformat()} for one in settings.pauses
        ],
        "planned_freezes": [day.isoformat() for day in sorted(settings.planned_freezes)],
        "repairs": [day.isoformat() for day in (*before, *repairs)],
    }
    return _some(fields)


def _zone_span(one: ZoneSpan) -> Json:
    return {"from_instant": _instant(one.from_instant), "time_zone": one.time_zone, "floor": _iso(one.floor)}


def _pace(rate: RateUsage) -> Json:
    number = (rate.since - _EPOCH) // timedelta(seconds=rate.seconds) if rate.since else 0
    return _some({"window": number, "accepted": rate.accepted, "accepted_before": rate.accepted_before})


def entry_text(entry: LedgerEntry) -> str:
    """An entry of the ledger. Raises `NoPlaceError`."""
    if entry.actor is not None:
        raise NoPlaceError(_FOR_A_USER)
    content = entry.content
    fields = {
        "entry_id": entry.entry_id,
        "kind": entry.kind.value,
        "seq": entry.seq,
        "at": rfc3339(entry.at),
        "today": entry.today.isoformat(),
        "time_zone": entry.time_zone,
        "sent": _sent(content),
        "activity": _activity(content.activity) if isinstance(content, ActivityRecorded | ActivityUndone) else None,
        "of_seq": content.of_seq if isinstance(content, ActivityUndone) else None,
    }
    return _text(fields)


def _sent(content: Content) -> Json:
    """What was sent, as form 1 keeps it."""
    match content:
        case ActivityRecorded():
            # What it says of the zone has no place; where that says nothing new, nothing is lost.
            return dict(content.sent)
        case ActivityUndone():
            return {"activity_id": content.activity.activity_id}
        case PlanFreeze() | UnplanFreeze():
            return {"date": content.day.isoformat()}
        case PauseStreak():
            return {"from": content.from_day.isoformat(), "until": content.until_day.isoformat()}
        case SettingsChanged():
            return _settings_changed(content)
        case ResetStreak() | DayRepaired() | PauseEnded():
            return {}
        case ActivityRedone() | ResetTakenBack() | NothingChanged() | UserOpened() | NoticesChosen():
            raise NoPlaceError(content.kind.value)
        case FreezesGranted() | DaysExcused() | DayRestored() | StreakLengthened() | XpGranted():
            raise NoPlaceError(content.kind.value)
        case (UserBlocked() | UserUnblocked() | ChallengeJoined() | ChallengeLeft()) | (
            LeaderboardJoined() | LeaderboardLeft() | LeaderboardHidden() | LeaderboardShown()
        ):
            raise NoPlaceError(content.kind.value)
        case _:  # pragma: no cover - the type checker knows that there is no other
            assert_never(content)


def _settings_changed(content: SettingsChanged) -> Json:
    fields = {
        "time_zone": content.zone.time_zone if content.zone else None,
        "auto_freeze": content.auto_freeze,
        "rest_weekdays": None if content.rest_weekdays is None else list(content.rest_weekdays),
        "replaces": list(content.replaces) or None,
    }
    # Turned off, and none at all, are choices, too.
    return {name: value for name, value in fields.items() if value is not None}


def _activity(one: Activity) -> Json:
    return {
        "activity_id": one.activity_id,
        "activity_type": one.activity_type,
        "category": one.category,
        "day": one.day.isoformat(),
        "counted": one.counted,
        "base_xp": one.base_xp,
        "xp": one.xp,
        "occurred_at": rfc3339(one.occurred_at),
    }

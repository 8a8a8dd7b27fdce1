"""Entries of the ledger as JSON of the newest stored form. Must not know documents; a test holds that all is told."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, assert_never

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
from streak_core.domain.days import rfc3339
from streak_core.store.forms.from_model import (
    activity_fields,
    day_record_fields,
    instant_text,
    notices_fields,
    some,
    standings_fields,
    terms_fields,
    text_of,
)

if TYPE_CHECKING:
    from streak_core.domain.commands import Content
    from streak_core.domain.entries import LedgerEntry
    from streak_core.domain.imported import Numbers
    from streak_core.domain.zone_statements import ZoneSaid

Json = dict[str, Any]


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
    known = some({"amnesties": entry.amnesties})
    return text_of({**fields, **actor, **known, **content_fields(entry.content)})


def content_fields(content: Content) -> Json:  # noqa: C901, PLR0911, PLR0912 - one for each kind
    """What an entry says of its command."""
    match content:
        case ActivityRecorded():
            fields = {"activity": activity_fields(content.activity), "sent": dict(content.sent)}
            return {**fields, **_zone_fields(content.zone)}
        case ActivityUndone():
            forgets = some({"forgets_zones": content.forgets_zones})
            return {"activity": activity_fields(content.activity), "of_seq": content.of_seq, **forgets}
        case ActivityRedone():
            return {"activity": activity_fields(content.activity), "of_seq": content.of_seq}
        case PlanFreeze() | UnplanFreeze() | DayRepaired() | ResetTakenBack() | DayRestored():
            return {"day": content.day}
        case PauseStreak() | DaysExcused():
            return {"from_day": content.from_day, "until_day": content.until_day}
        case PauseEnded():
            return {"pause_id": content.pause_id, "last_day": content.last_day}
        case SettingsChanged():
            return _settings_changed(content)
        case NoticesChosen():
            return {"choices": notices_fields(content.choices)}
        case ChallengeJoined():
            return {"terms": terms_fields(content.terms)}
        case ChallengeLeft():
            return {"of_seq": content.of_seq}
        case LeaderboardJoined():
            return _leaderboard_joined(content)
        case NothingChanged():
            return {"command": content.command, "repeats": content.repeats, **_zone_fields(content.zone)}
        case FreezesGranted() | StreakLengthened() | XpGranted() | UserBlocked():
            return _given(content)
        case ResetStreak() | UserUnblocked() | LeaderboardLeft() | LeaderboardHidden() | LeaderboardShown():
            return {}
        case UserOpened():
            known = {"numbers": _numbers(content.numbers), "reason": content.reason}
            return {**_zone_fields(content.zone), **known}
        case _:  # pragma: no cover - the type checker knows that there is no other
            assert_never(content)


def _given(content: FreezesGranted | StreakLengthened | XpGranted | UserBlocked) -> Json:
    match content:
        case FreezesGranted():
            return {"count": content.count, **some({"over_cap": content.over_cap})}
        case StreakLengthened():
            return {"length": content.length, **some({"started_on": content.started_on})}
        case XpGranted():
            return {"amount": content.amount}
        case UserBlocked():
            return {"until": instant_text(content.until)}
        case _:  # pragma: no cover - the type checker knows that there is no other
            assert_never(content)


def _leaderboard_joined(content: LeaderboardJoined) -> Json:
    before = standings_fields(content.before)
    further = {"group": content.group, "is_new": content.is_new, "before": before, "since": content.since}
    return {"board_name": content.board_name, **some(further)}


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


def _zone_fields(one: ZoneSaid | None) -> Json:
    """What was said of the zone, where something was."""
    return {"zone": _zone_said(one)} if one else {}


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
    return {**fields, "tail": {day: day_record_fields(record) for day, record in one.tail.items()}}

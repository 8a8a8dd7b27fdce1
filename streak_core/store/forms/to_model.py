"""Form 2 as the model. Must not know documents; what no command could have written is a `ValueError`.

Where a shape has the names of the model's type, it is handed over whole; else field by field.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Final, assert_never, cast

from streak_core.domain.actor import Actor, ActorKind
from streak_core.domain.calendar import CalendarDay
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
from streak_core.domain.days import ALWAYS_UTC, ZoneSpan
from streak_core.domain.entries import LedgerEntry
from streak_core.domain.events import Event, EventKind
from streak_core.domain.grants import Block, Excused, Grant, GrantOf
from streak_core.domain.imported import Numbers
from streak_core.domain.model import (
    NO_RECORD,
    Activity,
    AutoFreeze,
    CheckInMark,
    Checkpoint,
    DayRecord,
    FirstZone,
    Numbered,
    Pause,
    RateUsage,
    Repair,
    ResetMark,
    RestWeekdays,
    Settings,
    Streak,
    ToldMilestones,
    Verdict,
)
from streak_core.domain.zone_statements import ZoneEffect, ZoneSaid
from streak_core.store.forms.kinds import known

if TYPE_CHECKING:
    from streak_core.domain.commands import Content
    from streak_core.store.forms import v2, v2_entries

# No user that this program wrote has more stretches, or days that lie further back.
_ZONES_MAX: Final = 1_000
# The tail of the first instant that is taken, in 1970, begins in the year before.
_YEAR_MIN: Final = 1969
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


def streak_of(stored: v2.Streak) -> Streak:
    """The whole state of a user. Raises `ValueError` for what would be gone through for minutes."""
    if stored["checkpoint"]["next_day"].year < _YEAR_MIN or len(stored["settings"].get("zones", ())) > _ZONES_MAX:
        raise _wrong("state")
    return Streak(
        seq=stored["seq"],
        created_at=stored["created_at"],
        updated_at=stored["updated_at"],
        activities=stored["activities"],
        checkpoint=_checkpoint(stored["checkpoint"]),
        tail={day: _day_record(record) for day, record in stored["tail"].items()},
        settings=_settings(stored["settings"]),
        rate=_rate(stored.get("pace"), stored["updated_at"]),
        consistent_since=stored.get("consistent_since", {}),
        told=tuple(ToldMilestones(**one) for one in stored.get("told", ())),
        undone=tuple(
            Numbered(activity=Activity(**one["activity"]), seq=one["seq"], forgoes=one.get("forgoes", False))
            for one in stored.get("undone", ())
        ),
        amnesties=stored.get("amnesties", 0),
        block=Block(**stored["block"]) if "block" in stored else None,
    )


def _checkpoint(stored: v2.Checkpoint) -> Checkpoint:
    return Checkpoint(
        next_day=stored["next_day"],
        current_streak=stored.get("length", 0),
        streak_started_on=stored.get("run_started_on"),
        longest_streak=stored.get("longest", 0),
        freezes=stored.get("freezes", 0),
        xp_total=stored.get("xp_total", 0),
        first_counted_day=stored.get("first_counted_day"),
        last_active_date=stored.get("last_active_date"),
        last_grace=stored.get("last_grace"),
        week_was_consistent=stored.get("week_was_consistent", False),
        week_consistent_since=stored.get("week_consistent_since"),
        last_repaired=stored.get("last_repaired"),
        active_days=stored.get("active_days", 0),
        told_length=stored.get("told_length", 0),
        consistent_weeks=stored.get("consistent_weeks", 0),
        consistent_weeks_longest=stored.get("consistent_weeks_longest", 0),
    )


def _rate(stored: v2.Pace | v2.NumberedPace | None, updated_at: datetime) -> RateUsage:
    if stored is None:
        return RateUsage()
    since, seconds = _window(stored, updated_at)
    if since is None or not seconds:
        return RateUsage()
    counted, before = stored.get("accepted", 0), stored.get("accepted_before", 0)
    return RateUsage(since=since, seconds=seconds, accepted=counted, accepted_before=before)


def _window(stored: v2.Pace | v2.NumberedPace, updated_at: datetime) -> tuple[datetime | None, int]:
    """When it began and how long it is, which follows from its number since 1970: the last command lies in it."""
    number = cast("v2.NumberedPace", stored).get("window", 0)
    if number <= 0:
        begun = cast("v2.Pace", stored)
        return begun.get("since"), begun.get("seconds", 0)
    seconds = (updated_at - _EPOCH) // timedelta(seconds=number)
    return _EPOCH + timedelta(seconds=number * seconds), seconds


def _day_record(stored: v2.DayRecord) -> DayRecord:
    activity_count, imported = stored.get("activity_count", 0), stored.get("imported")
    return DayRecord(
        activity_count,
        stored.get("counted", activity_count),
        stored.get("xp", 0),
        stored.get("categories", NO_RECORD.categories),
        resets=tuple(ResetMark(**mark) for mark in stored["resets"]) if "resets" in stored else (),
        check_ins=tuple(CheckInMark(**mark) for mark in stored["check_ins"]) if "check_ins" in stored else (),
        check_ins_ever=stored.get("check_ins_ever", 0),
        bonus_forgone=stored.get("bonus_forgone", NO_RECORD.bonus_forgone),
        imported=known(Verdict, imported) if imported else None,
        grants=tuple(_grant(one) for one in stored["grants"]) if "grants" in stored else (),
    )


def _grant(stored: v2.Grant) -> Grant:
    return Grant(
        seq=stored["seq"],
        at=stored["at"],
        of=known(GrantOf, stored["of"]),
        amount=stored["amount"],
        started_on=stored.get("started_on"),
    )


def _settings(stored: v2.Settings) -> Settings:
    first = stored.get("first_zone")
    return Settings(
        zones=tuple(_zone_span(one) for one in stored["zones"]) if "zones" in stored else ALWAYS_UTC,
        zone_known=stored.get("zone_known", False),
        cut_short=frozenset(stored.get("cut_short", ())),
        spared=frozenset(stored.get("spared", ())),
        first_zone=FirstZone(**first) if first else None,
        auto_freeze=tuple(AutoFreeze(**one) for one in stored.get("auto_freeze", ())),
        rest_weekdays=tuple(
            RestWeekdays(from_day=one["from_day"], weekdays=frozenset(one["weekdays"]), at=one["at"])
            for one in stored.get("rest_weekdays", ())
        ),
        pauses=tuple(Pause(**one) for one in stored.get("pauses", ())),
        pauses_gone=tuple(stored.get("pauses_gone", ())),
        planned_freezes=frozenset(stored.get("planned_freezes", ())),
        repairs=tuple(Repair(**one) for one in stored.get("repairs", ())),
        excused=tuple(Excused(**one) for one in stored.get("excused", ())),
    )


def _zone_span(stored: v2.ZoneSpan) -> ZoneSpan:
    return ZoneSpan(
        from_instant=stored["from_instant"],
        time_zone=stored["time_zone"],
        floor=stored["floor"],
        said=tuple(_EPOCH + timedelta(microseconds=one) for one in stored.get("said", ())),
        first_said=stored.get("first_said"),
        used=stored.get("used", False),
    )


def entry_of(stored: v2_entries.Entry) -> LedgerEntry:
    """An entry of the ledger. Raises `ValueError` for an actor of a kind that is not known."""
    actor = stored.get("actor")
    return LedgerEntry(
        entry_id=stored["entry_id"],
        seq=stored["seq"],
        at=stored["at"],
        today=stored["today"],
        time_zone=stored["time_zone"],
        content=_content(stored),
        actor=Actor(kind=known(ActorKind, actor["kind"]), id=actor["id"]) if actor else None,
        amnesties=stored.get("amnesties", 0),
    )


def _content(stored: v2_entries.Entry) -> Content:  # noqa: C901, PLR0911, PLR0912 - one line for each kind
    if stored["kind"] == "activity":
        zone = _zone_said_if_any(stored.get("zone"))
        return ActivityRecorded(activity=Activity(**stored["activity"]), sent=stored["sent"], zone=zone)
    if stored["kind"] == "undo":
        activity, forgets = Activity(**stored["activity"]), stored.get("forgets_zones", False)
        return ActivityUndone(activity=activity, of_seq=stored["of_seq"], forgets_zones=forgets)
    if stored["kind"] == "redo":
        return ActivityRedone(activity=Activity(**stored["activity"]), of_seq=stored["of_seq"])
    if stored["kind"] == "reset":
        return ResetStreak()
    if stored["kind"] == "unreset":
        return ResetTakenBack(day=stored["day"])
    if stored["kind"] == "freeze":
        return PlanFreeze(day=stored["day"])
    if stored["kind"] == "unfreeze":
        return UnplanFreeze(day=stored["day"])
    if stored["kind"] == "repair":
        return DayRepaired(day=stored["day"])
    if stored["kind"] == "pause":
        return PauseStreak(from_day=stored["from_day"], until_day=stored["until_day"])
    if stored["kind"] == "resume":
        return PauseEnded(pause_id=stored["pause_id"], last_day=stored["last_day"])
    if stored["kind"] == "settings":
        return _settings_changed(stored)
    if stored["kind"] == "grant":
        return FreezesGranted(count=stored["count"], over_cap=stored.get("over_cap", False))
    if stored["kind"] == "excuse":
        return DaysExcused(from_day=stored["from_day"], until_day=stored["until_day"])
    if stored["kind"] == "restore":
        return DayRestored(day=stored["day"])
    if stored["kind"] == "lengthen":
        return StreakLengthened(length=stored["length"], started_on=stored.get("started_on"))
    if stored["kind"] == "xp":
        return XpGranted(amount=stored["amount"])
    if stored["kind"] == "block":
        return UserBlocked(until=stored["until"])
    if stored["kind"] == "unblock":
        return UserUnblocked()
    if stored["kind"] == "note":
        zone = _zone_said_if_any(stored.get("zone"))
        return NothingChanged(command=stored["command"], repeats=stored["repeats"], zone=zone)
    if stored["kind"] == "open":
        return UserOpened(zone=_zone_said(stored["zone"]), numbers=_numbers(stored["numbers"]), reason=stored["reason"])
    assert_never(stored)  # pragma: no cover - the type checker knows that there is no other


def _numbers(stored: v2_entries.Numbers) -> Numbers:
    days = stored["active_days"]
    return Numbers(
        current_streak=stored["current_streak"],
        longest_streak=stored["longest_streak"],
        last_active_date=stored["last_active_date"],
        freezes=stored["freezes"],
        xp_total=stored["xp_total"],
        active_days=None if days is None else tuple(days),
    )


def _settings_changed(stored: v2_entries.SettingsEntry) -> SettingsChanged:
    weekdays = stored.get("rest_weekdays")
    return SettingsChanged(
        zone=_zone_said_if_any(stored.get("zone")),
        auto_freeze=stored.get("auto_freeze"),
        rest_weekdays=None if weekdays is None else tuple(weekdays),
        replaces=tuple(stored.get("replaces", ())),
    )


def _zone_said_if_any(stored: v2_entries.ZoneSaid | None) -> ZoneSaid | None:
    return None if stored is None else _zone_said(stored)


def _zone_said(stored: v2_entries.ZoneSaid) -> ZoneSaid:
    tail = stored.get("tail")
    return ZoneSaid(
        time_zone=stored["time_zone"],
        since=stored["since"],
        effect=known(ZoneEffect, stored["effect"]),
        by_activity=stored["by_activity"],
        used=stored["used"],
        tail=None if tail is None else {day: _day_record(record) for day, record in tail.items()},
    )


def _wrong(*place: str) -> ValueError:
    message = f"{'.'.join(place)} is not what it should be"
    return ValueError(message)


def event_of(stored: v2.Event) -> Event:
    """An event. Raises `ValueError` for a kind that is not known."""
    return Event(
        event_id=stored["event_id"],
        kind=known(EventKind, stored["kind"]),
        day=stored["day"],
        at=stored["at"],
        details=stored.get("details", {}),
    )


def calendar_day_of(stored: v2.CalendarDay) -> CalendarDay:
    """A decided day. Raises `ValueError` for a verdict that is not known."""
    return CalendarDay(
        day=stored["day"],
        verdict=known(Verdict, stored["verdict"]),
        activity_count=stored.get("activity_count", 0),
        xp=stored.get("xp", 0),
        categories=tuple(stored.get("categories", ())),
    )

"""Form 2 as the model. Must not know documents; what no command could have written is a `ValueError`.

Where a shape has the names of the model's type, it is handed over whole; else field by field.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Final, cast

from streak_core.domain.boards import Seat, Standing
from streak_core.domain.calendar import CalendarDay
from streak_core.domain.days import ALWAYS_UTC, ZoneSpan
from streak_core.domain.events import Event, EventKind
from streak_core.domain.grants import Block, Excused, Grant, GrantOf
from streak_core.domain.joined import Joined, Terms
from streak_core.domain.model import (
    NO_RECORD,
    Activity,
    CheckInMark,
    Checkpoint,
    DayRecord,
    Numbered,
    RateUsage,
    ResetMark,
    Streak,
    ToldMilestones,
    Verdict,
)
from streak_core.domain.notices import NO_CHOICES, Channel, NoticeChoices, NoticeKind, QuietHours
from streak_core.domain.settings import AutoFreeze, FirstZone, Pause, Repair, RestWeekdays, Settings
from streak_core.store.forms.kinds import known

if TYPE_CHECKING:
    from collections.abc import Mapping

    from streak_core.store.forms import v2, v2_boards, v2_challenges

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
        tail={day: day_record_of(record) for day, record in stored["tail"].items()},
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
        habit=dict(stored.get("habit", ())),
        earned=stored.get("earned", {}),
        seat=_seat(stored["seat"]) if "seat" in stored else None,
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
        challenges=stored.get("challenges", {}),
        rewarded=stored.get("rewarded", {}),
        boards=standings_of(stored.get("boards", {})),
    )


def standings_of(stored: Mapping[str, v2_boards.Standing]) -> dict[str, Standing]:
    """What days count, by the labels of periods."""
    return {label: Standing(**one) for label, one in stored.items()}


def _seat(stored: v2_boards.Seat) -> Seat:
    is_hidden, since = stored.get("hidden", False), stored.get("since")
    return Seat(name=stored.get("name"), group=stored.get("group"), is_hidden=is_hidden, since=since)


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


def day_record_of(stored: v2.DayRecord) -> DayRecord:
    """A day of the tail. Raises `ValueError` for what no command could have written."""
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
        challenges=stored.get("challenges", NO_RECORD.challenges),
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
        notices=notices_of(stored["notices"]) if "notices" in stored else None,
        challenges=tuple(Joined(seq=one["seq"], terms=terms_of(one["terms"])) for one in stored.get("challenges", ())),
    )


def terms_of(stored: v2_challenges.Terms) -> Terms:
    """What a challenge asks for and gives."""
    return Terms(
        name=stored["name"],
        from_day=stored["from_day"],
        until_day=stored["until_day"],
        categories=tuple(stored.get("categories", ())),
        activity_types=tuple(stored.get("activity_types", ())),
        target=stored["target"],
        xp=stored.get("xp", 0),
        freezes=stored.get("freezes", 0),
    )


def notices_of(stored: v2.Notices) -> NoticeChoices:
    """What the user wishes to be told of. Raises `ValueError` for a kind, a channel or quiet hours that can't be."""
    quiet = stored.get("quiet")
    if quiet and len(quiet) != len(("from", "until")):
        raise _wrong("quiet")
    return NoticeChoices(
        channels={
            known(NoticeKind, kind): frozenset(known(Channel, name) for name in names)
            for kind, *names in stored.get("channels", ())
        },
        quiet=NO_CHOICES.quiet
        if quiet is None
        else QuietHours(from_minute=quiet[0], until_minute=quiet[1])
        if quiet
        else None,
        remind_at_minute=stored.get("minute"),
        language=stored.get("language", NO_CHOICES.language),
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

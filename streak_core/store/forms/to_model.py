"""Stored forms as the model. Must not know documents; what no command could have written is a `ValueError`.

Where a shape has the names of the model's type, it is handed over whole; else field by field.
"""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Final, TypeVar, assert_never

from streak_core.domain.calendar import CalendarDay
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
from streak_core.domain.days import ALWAYS_UTC, ZoneSpan
from streak_core.domain.entries import EntryKind, LedgerEntry
from streak_core.domain.events import Event, EventKind
from streak_core.domain.model import (
    Activity,
    AutoFreeze,
    Checkpoint,
    DayRecord,
    Pause,
    RateUsage,
    ResetMark,
    RestWeekdays,
    Settings,
    Streak,
    Verdict,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from streak_core.domain.commands import Content
    from streak_core.store.forms import v1


class UnknownKindError(ValueError):
    """A kind of thing that this program has no name for: a later one has."""


Kind = TypeVar("Kind", bound=StrEnum)
# No user that this program wrote has more stretches, or days that lie further back.
_ZONES_MAX: Final = 1_000
# The tail of the first instant that is taken, in 1970, begins in the year before.
_YEAR_MIN: Final = 1969


def _known(kinds: type[Kind], name: str) -> Kind:
    if name not in {kind.value for kind in kinds}:
        message = f"an unknown {kinds.__name__}"
        raise UnknownKindError(message)
    return kinds(name)


def streak_of(stored: v1.Streak) -> Streak:
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
        rate=RateUsage(**stored.get("pace", {})),
    )


def _checkpoint(stored: v1.Checkpoint) -> Checkpoint:
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
    )


def _day_record(stored: v1.DayRecord) -> DayRecord:
    reset = stored.get("reset")
    return DayRecord(
        activity_count=stored.get("activity_count", 0),
        counted=stored.get("counted", 0),
        xp=stored.get("xp", 0),
        categories=stored.get("categories", {}),
        reset=ResetMark(**reset) if reset else None,
        check_ins=stored.get("check_ins", 0),
        check_ins_undone=stored.get("check_ins_undone", 0),
    )


def _settings(stored: v1.Settings) -> Settings:
    return Settings(
        zones=tuple(ZoneSpan(**one) for one in stored["zones"]) if "zones" in stored else ALWAYS_UTC,
        auto_freeze=tuple(AutoFreeze(**one) for one in stored.get("auto_freeze", ())),
        rest_weekdays=tuple(
            RestWeekdays(from_day=one["from_day"], weekdays=frozenset(one["weekdays"]), at=one["at"])
            for one in stored.get("rest_weekdays", ())
        ),
        pauses=tuple(Pause(**one) for one in stored.get("pauses", ())),
        planned_freezes=frozenset(stored.get("planned_freezes", ())),
        repairs=tuple(stored.get("repairs", ())),
    )


def entry_of(stored: v1.Entry) -> LedgerEntry:
    """An entry of the ledger. Raises `ValueError` for a kind or a content that no command has."""
    return LedgerEntry(
        entry_id=stored["entry_id"],
        seq=stored["seq"],
        at=stored["at"],
        today=stored["today"],
        time_zone=stored["time_zone"],
        content=_content(_known(EntryKind, stored["kind"]), stored),
    )


def _content(kind: EntryKind, stored: v1.Entry) -> Content:
    sent = _Sent(stored["sent"])
    content: Content
    match kind:
        case EntryKind.ACTIVITY:
            return ActivityRecorded(activity=_activity(stored.get("activity")), sent=stored["sent"])
        case EntryKind.UNDO:
            sent.text("activity_id")
            content = ActivityUndone(activity=_activity(stored.get("activity")), of_seq=_whole(stored.get("of_seq")))
        case EntryKind.RESET:
            content = ResetStreak()
        case EntryKind.FREEZE:
            content = PlanFreeze(day=sent.day("date"))
        case EntryKind.UNFREEZE:
            content = UnplanFreeze(day=sent.day("date"))
        case EntryKind.REPAIR:
            content = RepairStreak()
        case EntryKind.PAUSE:
            content = PauseStreak(from_day=sent.day("from"), until_day=sent.day("until"))
        case EntryKind.RESUME:
            content = ResumeStreak()
        case EntryKind.SETTINGS:
            content = _change(sent)
        case _:  # pragma: no cover - the type checker knows that there is no other
            assert_never(kind)
    sent.check()
    return content


def _change(sent: _Sent) -> ChangeSettings:
    time_zone, auto_freeze = sent.take("time_zone"), sent.take("auto_freeze")
    if not isinstance(time_zone, str | None):
        raise _wrong("sent", "time_zone")
    if not isinstance(auto_freeze, bool | None):
        raise _wrong("sent", "auto_freeze")
    return ChangeSettings(
        time_zone=time_zone,
        auto_freeze=auto_freeze,
        rest_weekdays=sent.texts("rest_weekdays"),
        replaces=sent.texts("replaces") or (),
    )


class _Sent:
    """Takes what was sent apart, field by field; what is left over was sent by no command that is known."""

    def __init__(self, sent: Mapping[str, Any]) -> None:
        self._left = dict(sent)

    def take(self, name: str) -> object:
        return self._left.pop(name, None)

    def text(self, name: str) -> str:
        value = self.take(name)
        if not isinstance(value, str):
            raise _wrong("sent", name)
        return value

    def texts(self, name: str) -> tuple[str, ...] | None:
        value = self.take(name)
        if not isinstance(value, list | None) or not all(isinstance(one, str) for one in value or ()):
            raise _wrong("sent", name)
        return None if value is None else tuple(value)

    def day(self, name: str) -> date:
        return date.fromisoformat(self.text(name))

    def check(self) -> None:
        for name in self._left:
            raise _wrong("sent", name)


def _activity(stored: v1.Activity | None) -> Activity:
    if stored is None:
        raise _wrong("activity")
    return Activity(**stored)


def _whole(number: int | None) -> int:
    if number is None:
        raise _wrong("of_seq")
    return number


def _wrong(*place: str) -> ValueError:
    message = f"{'.'.join(place)} is not what it should be"
    return ValueError(message)


def event_of(stored: v1.Event) -> Event:
    """An event. Raises `ValueError` for a kind that is not known."""
    return Event(
        event_id=stored["event_id"],
        kind=_known(EventKind, stored["kind"]),
        day=stored["day"],
        at=stored["at"],
        details=stored.get("details", {}),
    )


def calendar_day_of(stored: v1.CalendarDay) -> CalendarDay:
    """A decided day. Raises `ValueError` for a verdict that is not known."""
    return CalendarDay(
        day=stored["day"],
        verdict=_known(Verdict, stored["verdict"]),
        activity_count=stored.get("activity_count", 0),
        xp=stored.get("xp", 0),
        categories=tuple(stored.get("categories", ())),
    )

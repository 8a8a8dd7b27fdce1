"""Stored form 1: the types of every document, exactly as they are written. Once deployed, they change no more.

It must not know what any of it means. Names are those of the form, also where the model has a better one today.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, ClassVar, Final

from pydantic import ConfigDict, TypeAdapter

VERSION: Final = 1


class _Closed:
    """A stored thing: a field that it does not have is refused."""

    __slots__ = ()
    __pydantic_config__: ClassVar[ConfigDict] = ConfigDict(extra="forbid")


@dataclass(frozen=True, kw_only=True, slots=True)
class ZoneSpan(_Closed):
    """A stretch in one zone."""

    from_instant: datetime | None
    time_zone: str
    floor: date | None


_ALWAYS_UTC: Final = (ZoneSpan(from_instant=None, time_zone="UTC", floor=None),)


@dataclass(frozen=True, kw_only=True, slots=True)
class ResetMark(_Closed):
    """The resets of a day."""

    at: datetime
    first_seq: int
    last_seq: int
    counted_before: int
    counted_since: int


@dataclass(frozen=True, kw_only=True, slots=True)
class DayRecord(_Closed):
    """A day of the tail."""

    activity_count: int = 0
    counted: int = 0
    xp: int = 0
    categories: Mapping[str, int] = field(default_factory=dict)
    reset: ResetMark | None = None
    check_ins: int = 0
    check_ins_undone: int = 0


@dataclass(frozen=True, kw_only=True, slots=True)
class Checkpoint(_Closed):
    """What is decided for good."""

    next_day: date
    length: int = 0
    run_started_on: date | None = None
    longest: int = 0
    freezes: int = 0
    xp_total: int = 0
    first_counted_day: date | None = None
    last_active_date: date | None = None
    last_grace: date | None = None
    week_was_consistent: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Pause(_Closed):
    """A pause."""

    from_day: date
    until_day: date


@dataclass(frozen=True, kw_only=True, slots=True)
class AutoFreeze(_Closed):
    """A choice about automatic freezes."""

    from_day: date
    on: bool
    at: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class RestWeekdays(_Closed):
    """A choice of rest weekdays; Monday is 0."""

    from_day: date
    weekdays: tuple[int, ...]
    at: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class Settings(_Closed):
    """What the user chose."""

    zones: tuple[ZoneSpan, ...] = _ALWAYS_UTC
    auto_freeze: tuple[AutoFreeze, ...] = ()
    rest_weekdays: tuple[RestWeekdays, ...] = ()
    pauses: tuple[Pause, ...] = ()
    planned_freezes: tuple[date, ...] = ()
    repairs: tuple[date, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Pace(_Closed):
    """How many commands were accepted in a window, and in the one before it."""

    window: int = 0
    accepted: int = 0
    accepted_before: int = 0


@dataclass(frozen=True, kw_only=True, slots=True)
class Streak(_Closed):
    """The text `state` of a streak document."""

    seq: int
    created_at: datetime
    updated_at: datetime
    activities: int
    checkpoint: Checkpoint
    tail: Mapping[date, DayRecord]
    settings: Settings
    pace: Pace = field(default_factory=Pace)


@dataclass(frozen=True, kw_only=True, slots=True)
class Activity(_Closed):
    """An activity in an entry."""

    activity_id: str
    activity_type: str
    category: str | None
    day: date
    counted: bool
    base_xp: int
    xp: int
    occurred_at: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class Entry(_Closed):
    """The text `entry` of a ledger document."""

    entry_id: str
    kind: str
    seq: int
    at: datetime
    today: date
    time_zone: str
    sent: Mapping[str, Any]
    activity: Activity | None = None
    of_seq: int | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Event(_Closed):
    """The fields of an event document."""

    event_id: str
    kind: str
    day: date
    at: datetime
    details: Mapping[str, int | str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True, slots=True)
class CalendarDay(_Closed):
    """One text in `days` of a month document."""

    day: date
    verdict: str
    activity_count: int = 0
    xp: int = 0
    categories: tuple[str, ...] = ()


STREAK: Final = TypeAdapter(Streak)
ENTRY: Final = TypeAdapter(Entry)
EVENT: Final = TypeAdapter(Event)
CALENDAR_DAY: Final = TypeAdapter(CalendarDay)

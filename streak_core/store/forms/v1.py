"""Stored form 1: the shapes of every document, exactly as they are written. Once deployed, they change no more.

They must not know what any of it means. Names are those of the form, also where the model has a better one today; what
may be left out is not there where it has its default, which is the model's business (`to_model`).
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, Final, NotRequired

from pydantic import ConfigDict, TypeAdapter, with_config
from typing_extensions import TypedDict

VERSION: Final = 1

# A field that a shape does not have is refused, and so is what has another type than it was written with.
_closed = with_config(ConfigDict(extra="forbid", strict=True))
# Stored as fields and not as a text: Firestore has no dates, so that a day is text there.
_closed_fields = with_config(ConfigDict(extra="forbid"))


@_closed
class ZoneSpan(TypedDict):
    """A stretch in one zone."""

    from_instant: datetime | None
    time_zone: str
    floor: date | None


@_closed
class ResetMark(TypedDict):
    """The resets of a day."""

    at: datetime
    first_seq: int
    last_seq: int
    counted_before: int
    counted_since: int


@_closed
class DayRecord(TypedDict):
    """A day of the tail."""

    activity_count: NotRequired[int]
    counted: NotRequired[int]
    xp: NotRequired[int]
    categories: NotRequired[dict[str, int]]
    reset: NotRequired[ResetMark | None]
    check_ins: NotRequired[int]
    check_ins_undone: NotRequired[int]


@_closed
class Checkpoint(TypedDict):
    """What is decided for good."""

    next_day: date
    length: NotRequired[int]
    run_started_on: NotRequired[date | None]
    longest: NotRequired[int]
    freezes: NotRequired[int]
    xp_total: NotRequired[int]
    first_counted_day: NotRequired[date | None]
    last_active_date: NotRequired[date | None]
    last_grace: NotRequired[date | None]
    week_was_consistent: NotRequired[bool]


@_closed
class Pause(TypedDict):
    """A pause."""

    from_day: date
    until_day: date


@_closed
class AutoFreeze(TypedDict):
    """A choice about automatic freezes."""

    from_day: date
    on: bool
    at: datetime


@_closed
class RestWeekdays(TypedDict):
    """A choice of rest weekdays; Monday is 0."""

    from_day: date
    weekdays: list[int]
    at: datetime


@_closed
class Settings(TypedDict):
    """What the user chose."""

    zones: NotRequired[list[ZoneSpan]]
    auto_freeze: NotRequired[list[AutoFreeze]]
    rest_weekdays: NotRequired[list[RestWeekdays]]
    pauses: NotRequired[list[Pause]]
    planned_freezes: NotRequired[list[date]]
    repairs: NotRequired[list[date]]


@_closed
class Pace(TypedDict):
    """How many commands were accepted in a window, and in the one before it."""

    window: NotRequired[int]
    accepted: NotRequired[int]
    accepted_before: NotRequired[int]


@_closed
class Streak(TypedDict):
    """The text `state` of a streak document."""

    seq: int
    created_at: datetime
    updated_at: datetime
    activities: int
    checkpoint: Checkpoint
    tail: dict[date, DayRecord]
    settings: Settings
    pace: NotRequired[Pace]


@_closed
class Activity(TypedDict):
    """An activity in an entry."""

    activity_id: str
    activity_type: str
    category: str | None
    day: date
    counted: bool
    base_xp: int
    xp: int
    occurred_at: datetime


@_closed
class Entry(TypedDict):
    """The text `entry` of a ledger document."""

    entry_id: str
    kind: str
    seq: int
    at: datetime
    today: date
    time_zone: str
    sent: dict[str, Any]
    activity: NotRequired[Activity | None]
    of_seq: NotRequired[int | None]


@_closed_fields
class Event(TypedDict):
    """The fields of an event document."""

    event_id: str
    kind: str
    day: date
    at: datetime
    details: NotRequired[dict[str, int | str]]


@_closed
class CalendarDay(TypedDict):
    """One text in `days` of a month document."""

    day: date
    verdict: str
    activity_count: NotRequired[int]
    xp: NotRequired[int]
    categories: NotRequired[list[str]]


STREAK: Final = TypeAdapter(Streak)
ENTRY: Final = TypeAdapter(Entry)
EVENT: Final = TypeAdapter(Event)
CALENDAR_DAY: Final = TypeAdapter(CalendarDay)

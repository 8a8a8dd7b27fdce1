"""Stored form 2: the shapes of every document, exactly as they are written. Once deployed, they change no more.

They must not know what any of it means. Names are those of the form, also where the model has a better one today; what
may be left out is not there where it has its default, which is the model's business (`to_model`).
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Final, NotRequired

from pydantic import TypeAdapter
from typing_extensions import TypedDict

from streak_core.store.forms.closed import closed, closed_fields
from streak_core.store.forms.v2_boards import Seat, Standing
from streak_core.store.forms.v2_challenges import Joined

VERSION: Final = 2


@closed
class ZoneSpan(TypedDict):
    """A stretch in one zone."""

    from_instant: datetime | None
    time_zone: str
    floor: date | None
    # Microseconds since 1970.
    said: NotRequired[list[int]]
    first_said: NotRequired[datetime | None]
    used: NotRequired[bool]


@closed
class ResetMark(TypedDict):
    """A reset of a day."""

    seq: int
    at: datetime
    counted: NotRequired[int]


@closed
class CheckInMark(TypedDict):
    """A check-in of a day through the once-a-day command."""

    activity_id: str
    seq: int


@closed
class Grant(TypedDict):
    """What an operator gave on a day."""

    seq: int
    at: datetime
    of: str
    amount: int
    started_on: NotRequired[date | None]


@closed
class DayRecord(TypedDict):
    """A day of the tail."""

    activity_count: NotRequired[int]
    # As many as there are, where it is absent.
    counted: NotRequired[int]
    xp: NotRequired[int]
    categories: NotRequired[dict[str, int]]
    resets: NotRequired[list[ResetMark]]
    check_ins: NotRequired[list[CheckInMark]]
    check_ins_ever: NotRequired[int]
    bonus_forgone: NotRequired[dict[str, int]]
    grants: NotRequired[list[Grant]]
    imported: NotRequired[str | None]
    challenges: NotRequired[dict[str, int]]


@closed
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
    week_consistent_since: NotRequired[datetime | None]
    last_repaired: NotRequired[date | None]
    active_days: NotRequired[int]
    told_length: NotRequired[int]
    consistent_weeks: NotRequired[int]
    consistent_weeks_longest: NotRequired[int]
    challenges: NotRequired[dict[str, int]]
    rewarded: NotRequired[dict[str, date]]
    boards: NotRequired[dict[str, Standing]]


@closed
class Pause(TypedDict):
    """A pause."""

    pause_id: str
    from_day: date
    until_day: date


@closed
class AutoFreeze(TypedDict):
    """A choice about automatic freezes."""

    from_day: date
    on: bool
    at: datetime


@closed
class RestWeekdays(TypedDict):
    """A choice of rest weekdays; Monday is 0."""

    from_day: date
    weekdays: list[int]
    at: datetime


@closed
class Repair(TypedDict):
    """A repaired day."""

    day: date
    at: datetime | None
    by_operator: NotRequired[bool]


@closed
class Excused(TypedDict):
    """Days that an operator excused."""

    from_day: date
    until_day: date


@closed
class Block(TypedDict):
    """Until when the user is blocked."""

    until: datetime | None


@closed
class FirstZone(TypedDict):
    """The first zone, said after something was recorded."""

    time_zone: str
    seq: int
    first_day: date


@closed
class Notices(TypedDict):
    """What the user wishes to be told of."""

    # Each kind, followed by its channels.
    channels: NotRequired[list[list[str]]]
    # The first minute and the one after the last; none of both where no hour is quiet.
    quiet: NotRequired[list[int]]
    minute: NotRequired[int]
    language: NotRequired[str]


@closed
class Settings(TypedDict):
    """What the user chose."""

    zones: NotRequired[list[ZoneSpan]]
    zone_known: NotRequired[bool]
    cut_short: NotRequired[list[date]]
    spared: NotRequired[list[date]]
    first_zone: NotRequired[FirstZone | None]
    auto_freeze: NotRequired[list[AutoFreeze]]
    rest_weekdays: NotRequired[list[RestWeekdays]]
    pauses: NotRequired[list[Pause]]
    pauses_gone: NotRequired[list[str]]
    planned_freezes: NotRequired[list[date]]
    repairs: NotRequired[list[Repair]]
    excused: NotRequired[list[Excused]]
    notices: NotRequired[Notices]
    challenges: NotRequired[list[Joined]]


@closed
class Pace(TypedDict):
    """How many commands were accepted in a window, and in the one before it."""

    # When it began, and how long it is.
    since: NotRequired[datetime]
    seconds: NotRequired[int]
    accepted: NotRequired[int]
    accepted_before: NotRequired[int]


@closed
class NumberedPace(TypedDict):
    """The same as form 1 has it: windows are numbered since 1970, and are as long as the policy says."""

    window: NotRequired[int]
    accepted: NotRequired[int]
    accepted_before: NotRequired[int]


@closed
class Activity(TypedDict):
    """An activity."""

    activity_id: str
    activity_type: str
    category: str | None
    day: date
    counted: bool
    base_xp: int
    xp: int
    occurred_at: datetime
    is_check_in: NotRequired[bool]


@closed
class Numbered(TypedDict):
    """An activity that was undone, and the entry that recorded it."""

    activity: Activity
    seq: int
    forgoes: NotRequired[bool]


@closed
class ToldMilestones(TypedDict):
    """Up to which length milestones were told on a day."""

    day: date
    length: int
    started_on: NotRequired[date]


@closed
class Streak(TypedDict):
    """The text `state` of a streak document."""

    seq: int
    created_at: datetime
    updated_at: datetime
    activities: int
    checkpoint: Checkpoint
    tail: dict[date, DayRecord]
    settings: Settings
    pace: NotRequired[Pace | NumberedPace]
    consistent_since: NotRequired[dict[date, datetime]]
    told: NotRequired[list[ToldMilestones]]
    undone: NotRequired[list[Numbered]]
    amnesties: NotRequired[int]
    block: NotRequired[Block]
    habit: NotRequired[list[tuple[date, int]]]
    earned: NotRequired[dict[str, datetime]]
    seat: NotRequired[Seat]


@closed_fields
class Event(TypedDict):
    """The fields of an event document."""

    event_id: str
    kind: str
    day: date
    at: datetime
    details: NotRequired[dict[str, int | str]]


@closed
class CalendarDay(TypedDict):
    """One text in `days` of a month document."""

    day: date
    verdict: str
    activity_count: NotRequired[int]
    xp: NotRequired[int]
    categories: NotRequired[list[str]]


STREAK: Final = TypeAdapter(Streak)
EVENT: Final = TypeAdapter(Event)
EVENTS: Final = TypeAdapter(list[Event])
CALENDAR_DAY: Final = TypeAdapter(CalendarDay)

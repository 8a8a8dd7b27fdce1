"""What a user chose, and what was said and granted beside it, with as much of its history as the tail needs.

It must not know what it does to a day (excuses and walk do), nor how it changes (commands do).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from streak_core.domain.days import ALWAYS_UTC, ZoneSpan
from streak_core.domain.grants import Excused
from streak_core.domain.joined import Joined
from streak_core.domain.notices import NoticeChoices


@dataclass(frozen=True, kw_only=True, slots=True)
class Pause:
    """Days excused on the user's own wish; both ends belong to it."""

    pause_id: str
    from_day: date
    until_day: date

    def covers(self, day: date) -> bool:
        """Whether `day` is one of them."""
        return self.from_day <= day <= self.until_day


@dataclass(frozen=True, kw_only=True, slots=True)
class AutoFreeze:
    """Whether freezes are spent without being planned, from a day on."""

    from_day: date
    on: bool
    # The moment it was chosen (UTC).
    at: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class RestWeekdays:
    """Weekdays (Monday is 0) that need no activity, from a day on."""

    from_day: date
    weekdays: frozenset[int]
    # The moment it was chosen (UTC).
    at: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class Repair:
    """A day that was repaired; `at` (UTC) is the moment of it, None where that was not kept."""

    day: date
    at: datetime | None
    # Whether an operator restored it.
    by_operator: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class FirstZone:
    """The zone that was said when none was known, and so held from the beginning.

    Activities recorded before number `seq`, for `first_day` and later days, have the label that they have there.
    """

    time_zone: str
    seq: int
    # The first day of the tail then.
    first_day: date


@dataclass(frozen=True, kw_only=True, slots=True)
class Settings:
    """What the user chose, with as much of its history as the tail needs."""

    zones: tuple[ZoneSpan, ...] = ALWAYS_UTC
    # Whether any zone was ever said; until then the user is in UTC.
    zone_known: bool = False
    # Days before today that what was said late of a zone took from the user: the old today, which has its grace once in
    # a while, and others, which no calendar showed, or which the first zone left without their activity.
    cut_short: frozenset[date] = frozenset()
    spared: frozenset[date] = frozenset()
    # None where nothing had been recorded when the first zone was said.
    first_zone: FirstZone | None = None
    # Ordered by from_day; before the first one freezes are automatic.
    auto_freeze: tuple[AutoFreeze, ...] = ()
    # Ordered by from_day; before the first one no weekday is free.
    rest_weekdays: tuple[RestWeekdays, ...] = ()
    pauses: tuple[Pause, ...] = ()
    # The ids of the last pauses that the user took away before they had begun.
    pauses_gone: tuple[str, ...] = ()
    planned_freezes: frozenset[date] = frozenset()
    # Ordered by the day.
    repairs: tuple[Repair, ...] = ()
    # What operators excused: ordered, no two share a day or touch.
    excused: tuple[Excused, ...] = ()
    # None where nothing was chosen that is not the default.
    notices: NoticeChoices | None = None
    # The challenges of which some day may still change, in the order of joining.
    challenges: tuple[Joined, ...] = ()

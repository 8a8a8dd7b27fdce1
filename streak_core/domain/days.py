"""Streak days, streak weeks and a user's own line of labels through all zones lived in (semantics 1).

It must not know activities, freezes or verdicts: it answers which label an instant has, and which instants a label has.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, Final

from streak_core.domain.errors import NaiveDatetimeError
from streak_core.domain.zones import UTC_NAME, stored_zone

if TYPE_CHECKING:
    from collections.abc import Iterator
    from zoneinfo import ZoneInfo

ONE_DAY: Final = timedelta(days=1)
ONE_WEEK: Final = timedelta(days=7)
# No zone's label of an instant lies further from its date in UTC.
ZONES_APART_MAX: Final = timedelta(days=2)
_ONE_SECOND: Final = timedelta(seconds=1)


def utc(instant: datetime) -> datetime:
    """The instant in UTC. Raises `NaiveDatetimeError` for a datetime without a zone."""
    if instant.tzinfo is None:
        message = "an instant without a time zone was handed in"
        raise NaiveDatetimeError(message)
    return instant.astimezone(UTC)


def rfc3339(instant: datetime) -> str:
    """The instant in UTC with a Z."""
    return _text(instant.astimezone(UTC))


# An answer says now five times over, and when the next days begin, which is the same for everybody in a zone.
@lru_cache(maxsize=4_096)
def _text(instant: datetime) -> str:
    return instant.isoformat().replace("+00:00", "Z")


def week_start(day: date) -> date:
    """The Monday of the streak week that `day` is in."""
    return day - timedelta(days=day.weekday())


def days_from(first: date, last: date) -> Iterator[date]:
    """Every label from `first` to `last`, both included; none when `last` is earlier."""
    for ordinal in range(first.toordinal(), last.toordinal() + 1):
        yield date.fromordinal(ordinal)


@dataclass(frozen=True)
class DayStarts:
    """At which hour a streak day begins, by its label: each entry holds from its label on, the first one always did.

    Where the hour changes, the day before is longer or shorter by the difference.
    """

    hours: tuple[tuple[date, int], ...]

    def on(self, day: date) -> int:
        """The hour at which the day of that label begins."""
        since, hour = self.hours[-1]
        if day >= since:
            return hour
        return next(hour for since, hour in reversed(self.hours) if day >= since)

    @cached_property
    def days_cut_short(self) -> frozenset[date]:
        """Each day whose own last hours are taken away, as the next one begins at an earlier hour."""
        last_days = [since - ONE_DAY for since, _ in self.hours[1:]]
        return frozenset(day for day in last_days if self.on(day + ONE_DAY) < self.on(day))


@lru_cache(maxsize=16_384)
def zone_starts_at(time_zone: str, day: date, day_start_hour: int) -> datetime:
    """The first instant (UTC) in that zone whose label is `day` or later, whatever the clock does that day."""
    place = stored_zone(time_zone)
    wall = datetime(day.year, day.month, day.day, day_start_hour)  # noqa: DTZ001 - a wall clock reading, not an instant
    first = wall.replace(tzinfo=place, fold=0).astimezone(UTC)
    if first.astimezone(place).replace(tzinfo=None) == wall:
        return first
    return _first_instant_past_the_gap(place, wall)


def _first_instant_past_the_gap(place: ZoneInfo, wall: datetime) -> datetime:
    """The instant at which the clock jumped over `wall`, by bisection between the two offsets around the jump."""
    before = wall.replace(tzinfo=place, fold=1).astimezone(UTC)
    reached = wall.replace(tzinfo=place, fold=0).astimezone(UTC)
    while reached - before > _ONE_SECOND:
        middle = before + timedelta(seconds=(reached - before) // _ONE_SECOND // 2)
        if middle.astimezone(place).replace(tzinfo=None) >= wall:
            reached = middle
        else:
            before = middle
    return reached


@lru_cache(maxsize=16_384)
def zone_day_length(time_zone: str, day: date, day_start_hour: int) -> timedelta:
    """How long that label lasts there, up to the same hour of the next; nothing, where the zone never had it."""
    return zone_starts_at(time_zone, day + ONE_DAY, day_start_hour) - zone_starts_at(time_zone, day, day_start_hour)


def zone_day(time_zone: str, instant: datetime, starts: DayStarts) -> date:
    """The label of `instant` for somebody who always lived in that zone; it never goes backward."""
    wall = utc(instant).astimezone(stored_zone(time_zone)).replace(tzinfo=None)
    day = wall.date()
    if wall.hour < starts.on(day):
        day -= ONE_DAY
    while zone_starts_at(time_zone, day + ONE_DAY, starts.on(day + ONE_DAY)) <= instant:
        day += ONE_DAY
    return day


@dataclass(frozen=True, kw_only=True, slots=True)
class ZoneSpan:
    """A stretch of a user's life in one zone."""

    # The instant of the change to this zone (UTC); None for the zone that was always there.
    from_instant: datetime | None
    time_zone: str
    # The label just before the change: labels from then on are never less. None without a change.
    floor: date | None
    # When else this zone was said, later in the stretch, in order (UTC).
    said: tuple[datetime, ...] = ()
    # For the first stretch: the first instant that its zone was said for, before which it is only taken to hold.
    first_said: datetime | None = None
    # Whether a command came, or an activity occurred, since it began; then it is no slip that can be taken back.
    used: bool = False


ALWAYS_UTC: Final = (ZoneSpan(from_instant=None, time_zone=UTC_NAME, floor=None),)


@dataclass(frozen=True)
class ZoneLine:
    """A user's own labels: `label` never goes backward, and `starts_at` is its inverse."""

    spans: tuple[ZoneSpan, ...]
    day_starts: DayStarts
    # What was asked once: replay asks for the same days again and again.
    _starts: dict[date, datetime] = field(default_factory=dict, init=False, repr=False, compare=False)

    @property
    def time_zone(self) -> str:
        """The zone now in force."""
        return self.spans[-1].time_zone

    def span_at(self, instant: datetime) -> ZoneSpan:
        """The stretch that `instant` lies in; the first one kept for anything earlier."""
        for span in reversed(self.spans):
            if span.from_instant is None or span.from_instant <= instant:
                return span
        return self.spans[0]

    def label(self, instant: datetime) -> date:
        """The streak day of an instant; for one before the first stretch kept, a label not earlier than its own."""
        span = self.span_at(instant)
        if span.floor is None:
            return zone_day(span.time_zone, instant, self.day_starts)
        if span.from_instant is not None and instant < span.from_instant:
            return span.floor
        return max(span.floor, zone_day(span.time_zone, instant, self.day_starts))

    def starts_at(self, day: date) -> datetime:
        """The first instant (UTC) of the user's own life whose label is `day` or later."""
        known = self._starts.get(day)
        if known is None:
            known = self._starts[day] = self._first_instant(day)
        return known

    def _first_instant(self, day: date) -> datetime:
        hour = self.day_starts.on(day)
        if self._is_one_zone:
            return zone_starts_at(self.time_zone, day, hour)
        for span, following in zip(self.spans, (*self.spans[1:], None), strict=True):
            begun = zone_starts_at(span.time_zone, day, hour)
            if span.from_instant is not None:
                begun = (
                    span.from_instant if span.floor is not None and span.floor >= day else max(begun, span.from_instant)
                )
            if following is None or following.from_instant is None or begun < following.from_instant:
                return begun
        raise AssertionError  # pragma: no cover - the last stretch has no end

    def ends_at(self, day: date) -> datetime:
        """The first instant after `day`; equal to its start when the user never had that label."""
        return self.starts_at(day + ONE_DAY)

    @cached_property
    def days_cut_short(self) -> frozenset[date]:
        """Each "old today": the label in force when an eastward change of zone jumped to a later one."""
        return frozenset(
            span.floor
            for span in self.spans
            if span.floor is not None and span.from_instant is not None and self.label(span.from_instant) > span.floor
        )

    def is_skipped(self, day: date, shortest: timedelta) -> bool:
        """Whether the user never had that label, or the zone itself cut it to less than `shortest`."""
        # By the one hour of its beginning: what a change of the hour takes is not the zone's doing.
        hour = self.day_starts.on(day)
        if self._is_one_zone:
            length = zone_day_length(self.time_zone, day, hour)
            return not length or length < shortest
        begun = self.starts_at(day)
        if begun == self.ends_at(day):
            return True
        return zone_day_length(self.span_at(begun).time_zone, day, hour) < shortest

    @cached_property
    def _is_one_zone(self) -> bool:
        """Whether the user has always been in one zone, as most have: all of the line is told by that zone's days."""
        return len(self.spans) == 1 and self.spans[0].from_instant is None

    def since(self, day: date) -> ZoneLine:
        """Only the stretches that say something about `day` and later labels."""
        begun = self.starts_at(day)
        first = max(
            (number for number, span in enumerate(self.spans) if _begins_before(span, begun, day)),
            default=0,
        )
        spans = (_without_old_statements(self.spans[first], begun), *self.spans[first + 1 :])
        return ZoneLine(spans, self.day_starts)


def _begins_before(span: ZoneSpan, begun: datetime, day: date) -> bool:
    """Whether the stretch was there before `day` began, or its first instant began the day."""
    if span.from_instant is None or span.floor is None:
        return True
    return span.from_instant <= begun and span.floor < day


def _without_old_statements(span: ZoneSpan, begun: datetime) -> ZoneSpan:
    """The stretch without what can no longer be said to lie before something else."""
    if not span.said and span.first_said is None:
        return span
    first = span.first_said if span.first_said is not None and span.first_said >= begun else None
    return replace(span, said=tuple(instant for instant in span.said if instant >= begun), first_said=first)

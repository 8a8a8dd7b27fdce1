"""The zone line of a user: all that was said of zones, in the order of the instants it speaks of, cut into days.

It must not know activities, commands or verdicts.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from testing.reference.zones import DAY, UTC, Hours, hour_of, never_begins, starts_at, zone_day

ALWAYS = dt.datetime.min.replace(tzinfo=UTC)
NEVER = dt.datetime.max.replace(tzinfo=UTC)
NO_FLOOR = dt.date.min
PROVISIONAL = "UTC"
SHORTEST_DAY = dt.timedelta(hours=12)


@dataclass(frozen=True)
class Statement:
    """A zone that was said for an instant; `number` is that of the command that said it."""

    at: dt.datetime
    number: int
    zone: str


@dataclass(frozen=True)
class Mark:
    """From this instant on today is not before the day: an activity is recorded there."""

    at: dt.datetime
    day: dt.date


@dataclass(frozen=True)
class Stretch:
    """Instants with one zone in force; `floor` is the label that the zone before showed when it began."""

    zone: str
    since: dt.datetime
    end: dt.datetime
    floor: dt.date


class Line:
    """The user's own order of instants. Never changed: another statement makes another line."""

    def __init__(self, hours: Hours, statements: Iterable[Statement] = (), marks: Iterable[Mark] = ()) -> None:
        self.hours = hours
        said_last = {s.at: s for s in sorted(statements, key=lambda s: s.number)}
        self.statements = tuple(said_last[at] for at in sorted(said_last))
        self.marks = tuple(marks)
        self.stretches = self._cut()
        self._begins: dict[dt.date, dt.datetime] = {}

    def _cut(self) -> tuple[Stretch, ...]:
        runs = [(PROVISIONAL, ALWAYS)] if not self.known else [(self.statements[0].zone, ALWAYS)]
        runs += [
            (s.zone, s.at)
            for before, s in zip(self.statements, self.statements[1:], strict=False)
            if s.zone != before.zone
        ]
        ends = [since for _, since in runs[1:]] + [NEVER]
        stretches: list[Stretch] = []
        for (zone, since), end in zip(runs, ends, strict=True):
            floor = self._label_before(stretches[-1], since) if stretches else NO_FLOOR
            stretches.append(Stretch(zone, since, end, floor))
        return tuple(stretches)

    def _label_before(self, stretch: Stretch, t: dt.datetime) -> dt.date:
        """The label that the stretch showed until then: a mark of that very instant comes after it."""
        marked = [mark.day for mark in self.marks if mark.at < t]
        return max([stretch.floor, zone_day(stretch.zone, t, self.hours), *marked])

    def _label_in(self, stretch: Stretch, t: dt.datetime) -> dt.date:
        marked = [mark.day for mark in self.marks if mark.at <= t]
        return max([stretch.floor, zone_day(stretch.zone, t, self.hours), *marked])

    @property
    def known(self) -> bool:
        return bool(self.statements)

    @property
    def zone(self) -> str:
        return self.stretches[-1].zone

    def stretch_at(self, t: dt.datetime) -> Stretch:
        return next(s for s in reversed(self.stretches) if s.since <= t)

    def zone_at(self, t: dt.datetime) -> str:
        return self.stretch_at(t).zone

    def label(self, t: dt.datetime) -> dt.date:
        return self._label_in(self.stretch_at(t), t)

    def day_in(self, zone: str, t: dt.datetime) -> dt.date:
        """What the calendar shows there, whatever zone the user is in."""
        return zone_day(zone, t, self.hours)

    def starts_in(self, zone: str, day: dt.date) -> dt.datetime:
        """When the day begins there, whatever zone the user is in."""
        return starts_at(zone, day, hour_of(self.hours, day))

    def at_other_hours(self, hours: Hours) -> Line:
        return self if hours == self.hours else Line(hours, self.statements, self.marks)

    def marked(self, mark: Mark) -> Line:
        return Line(self.hours, self.statements, (*self.marks, mark))

    def begins(self, day: dt.date) -> dt.datetime:
        """The first instant labelled with the day or a later one."""
        if day not in self._begins:
            self._begins[day] = self._search(day)
        return self._begins[day]

    def _search(self, day: dt.date) -> dt.datetime:
        for stretch in self.stretches:
            if day <= stretch.floor:
                return stretch.since
            reached = max(stretch.since, self.starts_in(stretch.zone, day))
            marks = [max(mark.at, stretch.since) for mark in self.marks if mark.day >= day and mark.at < stretch.end]
            reached = min([reached, *marks])
            if reached < stretch.end:
                return reached
        raise never_begins(day)

    def interval(self, day: dt.date) -> tuple[dt.datetime, dt.datetime]:
        return self.begins(day), self.begins(day + DAY)

    def without_instant(self, day: dt.date) -> bool:
        begin, end = self.interval(day)
        return begin == end

    def cut_short_by_its_zone(self, day: dt.date) -> bool:
        zone = self.zone_at(self.begins(day))
        return self.starts_in(zone, day + DAY) - self.starts_in(zone, day) < SHORTEST_DAY

    def cut_short_by_its_hours(self, day: dt.date) -> bool:
        return hour_of(self.hours, day + DAY) < hour_of(self.hours, day)

    def old_todays(self) -> set[dt.date]:
        """The days whose evening a change of zone took away, also where it is a mark that makes today jump there."""
        return {s.floor for s in self.stretches[1:] if self.label(s.since) > s.floor}

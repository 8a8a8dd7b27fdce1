"""What time does in the reference model: days, zones and flights."""

from __future__ import annotations

import datetime as dt
import functools
import zoneinfo
from dataclasses import dataclass

UTC = dt.UTC
DAY = dt.timedelta(days=1)
ALWAYS = dt.datetime.min.replace(tzinfo=UTC)
NEVER = dt.datetime.max.replace(tzinfo=UTC)
NO_FLOOR = dt.date.min

# No zone changes its offset twice within three days, so six hours can't hide two changes.
STEP = dt.timedelta(hours=6)
# No wall clock is further than this from UTC.
FAR = dt.timedelta(hours=24)


def never_begins(day: dt.date) -> AssertionError:
    return AssertionError(f"{day} never begins")


def offset_at(zone: str, t: dt.datetime) -> dt.timedelta:
    offset = t.astimezone(zoneinfo.ZoneInfo(zone)).utcoffset()
    assert offset is not None
    return offset


def change_between(zone: str, before: dt.datetime, after: dt.datetime) -> dt.datetime:
    """The second in which the offset of `before` gives way to that of `after`."""
    while after - before > dt.timedelta(seconds=1):
        middle = before + dt.timedelta(seconds=(after - before) // dt.timedelta(seconds=2))
        if offset_at(zone, middle) == offset_at(zone, before):
            before = middle
        else:
            after = middle
    return after


@functools.lru_cache(maxsize=200_000)
def starts_at(zone: str, day: dt.date, hour: int = 4) -> dt.datetime:
    """The first instant at which a wall clock in the zone reads `hour` o'clock of the day, or later."""
    goal = dt.datetime.combine(day, dt.time(hour), UTC)
    begin, end = goal - FAR, goal + FAR
    stretches = []
    t = begin
    while t < end:
        if offset_at(zone, t) != offset_at(zone, t + STEP):
            change = change_between(zone, t, t + STEP)
            stretches.append((begin, change, offset_at(zone, t)))
            begin = change
        t += STEP
    stretches.append((begin, end, offset_at(zone, end)))
    for first, last, offset in stretches:
        reached = max(first, goal - offset)
        if reached < last:
            return reached
    raise never_begins(day)


@functools.lru_cache(maxsize=200_000)
def zone_day(zone: str, t: dt.datetime, hour: int = 4) -> dt.date:
    """The largest day that has started in the zone (readings.md, 1)."""
    day = (t + offset_at(zone, t)).date() + 2 * DAY
    while starts_at(zone, day, hour) > t:
        day -= DAY
    return day


@dataclass(frozen=True)
class Stay:
    """A time in one zone; `floor` is the user's label when it began."""

    zone: str
    since: dt.datetime
    floor: dt.date


class Timeline:
    """The user's own order of instants, cut into days by the zones that were in force."""

    def __init__(self, zone: str, hour: int) -> None:
        self.hour = hour
        self.stays = [Stay(zone, ALWAYS, NO_FLOOR)]

    @property
    def zone(self) -> str:
        return self.stays[-1].zone

    def forget_all_but(self, zone: str) -> None:
        self.stays = [Stay(zone, ALWAYS, NO_FLOOR)]

    def move_to(self, zone: str, now: dt.datetime) -> None:
        self.stays.append(Stay(zone, now, self.label(now)))

    def stay_at(self, t: dt.datetime) -> Stay:
        return [stay for stay in self.stays if stay.since <= t][-1]

    def label(self, t: dt.datetime) -> dt.date:
        stay = self.stay_at(t)
        return max(stay.floor, zone_day(stay.zone, t, self.hour))

    def begins(self, day: dt.date) -> dt.datetime:
        """The first instant labelled with the day or a later one."""
        ends = [stay.since for stay in self.stays[1:]] + [NEVER]
        for stay, end in zip(self.stays, ends, strict=True):
            reached = stay.since if day <= stay.floor else max(stay.since, starts_at(stay.zone, day, self.hour))
            if reached < end:
                return reached
        raise never_begins(day)

    def interval(self, day: dt.date) -> tuple[dt.datetime, dt.datetime]:
        return self.begins(day), self.begins(day + DAY)

    def without_instant(self, day: dt.date) -> bool:
        begin, end = self.interval(day)
        return begin == end

    def cut_short_by_its_zone(self, day: dt.date) -> bool:
        zone = self.stay_at(self.begins(day)).zone
        length = starts_at(zone, day + DAY, self.hour) - starts_at(zone, day, self.hour)
        return length < dt.timedelta(hours=12)

    def old_todays(self) -> set[dt.date]:
        """The days whose evening a change of zone took away."""
        return {
            stay.floor
            for stay in self.stays[1:]
            if max(stay.floor, zone_day(stay.zone, stay.since, self.hour)) > stay.floor
        }

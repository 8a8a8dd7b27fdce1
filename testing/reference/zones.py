"""What one zone's calendar shows: when a day begins there, and which day an instant lies in.

It must not know any user.
"""

from __future__ import annotations

import datetime as dt
import functools
import zoneinfo

UTC = dt.UTC
DAY = dt.timedelta(days=1)

# No zone changes its offset twice within three days, so six hours can't hide two changes.
STRIDE = dt.timedelta(hours=6)
# No wall clock is further than this from UTC.
FAR = dt.timedelta(hours=24)
SECOND = dt.timedelta(seconds=1)

# The hours at which days begin, each with the first day that it is for.
Hours = tuple[tuple[dt.date, int], ...]


def never_begins(day: dt.date) -> AssertionError:
    return AssertionError(f"{day} never begins")


def monday_of(day: dt.date) -> dt.date:
    return day - day.weekday() * DAY


@functools.lru_cache(maxsize=1)
def zone_names() -> frozenset[str]:
    return frozenset(zoneinfo.available_timezones())


def offset_at(zone: str, t: dt.datetime) -> dt.timedelta:
    offset = t.astimezone(zoneinfo.ZoneInfo(zone)).utcoffset()
    assert offset is not None
    return offset


def change_between(zone: str, before: dt.datetime, after: dt.datetime) -> dt.datetime:
    """The second in which the offset of `before` gives way to that of `after`."""
    old = offset_at(zone, before)
    while after - before > SECOND:
        middle = before + SECOND * ((after - before) // (2 * SECOND))
        if offset_at(zone, middle) == old:
            before = middle
        else:
            after = middle
    return after


def offsets_between(
    zone: str, begin: dt.datetime, end: dt.datetime
) -> list[tuple[dt.datetime, dt.datetime, dt.timedelta]]:
    """The stretches of one offset, each as its first instant, its end and the offset."""
    found = []
    first = t = begin
    while t < end:
        if offset_at(zone, t) != offset_at(zone, t + STRIDE):
            change = change_between(zone, t, t + STRIDE)
            found.append((first, change, offset_at(zone, t)))
            first = change
        t += STRIDE
    found.append((first, end, offset_at(zone, end)))
    return found


@functools.lru_cache(maxsize=200_000)
def starts_at(zone: str, day: dt.date, hour: int) -> dt.datetime:
    """The first instant at which a wall clock in the zone reads `hour` o'clock of the day, or later."""
    goal = dt.datetime.combine(day, dt.time(hour), UTC)
    for first, end, offset in offsets_between(zone, goal - FAR, goal + FAR):
        reached = max(first, goal - offset)
        if reached < end:
            return reached
    raise never_begins(day)


def hour_of(hours: Hours, day: dt.date) -> int:
    """The hour at which the day begins."""
    return next(hour for since, hour in reversed(hours) if since <= day)


@functools.lru_cache(maxsize=200_000)
def zone_day(zone: str, t: dt.datetime, hours: Hours) -> dt.date:
    """The largest day that has started in the zone."""
    day = (t + offset_at(zone, t)).date() + 2 * DAY
    while starts_at(zone, day, hour_of(hours, day)) > t:
        day -= DAY
    return day

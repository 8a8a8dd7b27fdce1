"""A user who is brought along: what the numbers are refused for, and the days that they stand for.

It must not know verdicts.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from testing.reference.history import Brought, Content, History, Reset
from testing.reference.policy import CLOCK_SLACK, refuse
from testing.reference.reading import MALFORMED, Step, date, instant, said, zone
from testing.reference.recording import CHANGED, Outcome
from testing.reference.statements import say
from testing.reference.zone_line import Statement
from testing.reference.zones import DAY

FIRST = dt.date(1970, 1, 2)
MOST_DAYS = 3660
LONGEST = 36_600
MOST_XP = 10**12


@dataclass(frozen=True)
class Told:
    """What was sent."""

    zone: str
    as_of: dt.datetime | dt.date | None
    length: int
    longest: int
    last: dt.date | None
    freezes: int
    xp: int
    days: tuple[dt.date, ...] | None


def as_of(text: object) -> dt.datetime | dt.date:
    return instant(text) if isinstance(text, str) and "T" in text else date(text)


def days(sent: object) -> tuple[dt.date, ...]:
    if not isinstance(sent, list):
        refuse(MALFORMED)
    return tuple(sorted(date(text) for text in sent))


def number(step: Step, name: str, most: int) -> int:
    value: Any = step.get(name, 0)
    if not isinstance(value, int) or not 0 <= value <= most:
        refuse(MALFORMED)
    return value


def opened(step: Step) -> Content:
    told = Told(
        zone(step.get("time_zone")),
        said(step, "as_of", as_of),
        number(step, "current_streak", LONGEST),
        number(step, "longest_streak", LONGEST),
        said(step, "last_active_date", date),
        number(step, "freezes", 100),
        number(step, "xp_total", MOST_XP),
        said(step, "active_days", days),
    )
    if told.length > told.longest or contradicted_by_days(told):
        refuse(MALFORMED)
    return (told,)


def contradicted_by_days(told: Told) -> bool:
    if told.last is None:
        return bool(told.days) or told.length > 0
    if told.days is None:
        return told.last < FIRST or told.last - (max(told.length, 1) - 1) * DAY < FIRST
    if not told.days or len(told.days) > MOST_DAYS or len(set(told.days)) < len(told.days):
        return True
    if told.days[0] < FIRST or told.days[-1] != told.last or told.length > len(told.days):
        return True
    cut = len(told.days) - told.length
    return max(longest_row(told.days[:cut]), longest_row(told.days[cut:])) > told.longest


def longest_row(days: tuple[dt.date, ...]) -> int:
    """How many days follow one another, at most."""
    active = set(days)
    starts = [day for day in days if day - DAY not in active]
    return max((next(n for n in range(1, len(days) + 1) if day + n * DAY not in active) for day in starts), default=0)


def open_user(history: History, content: Content, now: dt.datetime, _key: str | None) -> Outcome:
    told: Told = content[0]
    if told.freezes > history.policies.on(history.line.day_in(told.zone, now)).freeze_cap:
        refuse(MALFORMED)
    at, day = held_at(history, told, now)
    if told.last is not None and told.last > day:
        refuse(MALFORMED)
    if history.last_accepted is not None:
        refuse("user_exists")
    say(history, Statement(min(at, now), history.numbers, told.zone), now, of_activity=False)
    active = told.days
    if active is None:
        active = () if told.last is None else tuple(told.last - n * DAY for n in reversed(range(max(told.length, 1))))
    run = active[len(active) - told.length :]
    history.brought = Brought(
        told.freezes,
        told.xp,
        told.longest,
        told.length,
        told.last,
        frozenset(active),
        frozenset(day for day in every_day(run) if day not in active),
    )
    before = active[: len(active) - told.length]
    if before and would_be_one(history, before[-1], run):
        history.resets.append(Reset(history.numbers, now, before[-1], parts_what_was_brought=True))
    return CHANGED


def held_at(history: History, told: Told, now: dt.datetime) -> tuple[dt.datetime, dt.date]:
    """The moment and the day there of which the numbers are."""
    today = history.line.day_in(told.zone, now)
    at, day = now, today
    if isinstance(told.as_of, dt.datetime):
        at, day = told.as_of, history.line.day_in(told.zone, min(told.as_of, now))
    elif told.as_of is not None:
        at, day = history.line.starts_in(told.zone, told.as_of), told.as_of
    if day < FIRST or day > today or at > now + CLOCK_SLACK:
        refuse(MALFORMED)
    return at, day


def every_day(run: tuple[dt.date, ...]) -> list[dt.date]:
    return [run[0] + n * DAY for n in range((run[-1] - run[0]).days + 1)] if run else []


def would_be_one(history: History, before: dt.date, run: tuple[dt.date, ...]) -> bool:
    """Whether no day lies between that could have ended what was before the run."""
    if not run:
        return True
    between = [before + n * DAY for n in range(1, (run[0] - before).days)]
    return all(history.line.without_instant(day) or history.line.cut_short_by_its_zone(day) for day in between)

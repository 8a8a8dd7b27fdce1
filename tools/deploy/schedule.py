"""Cron's five fields as Cloud Scheduler takes them: whether they are right, and what follows. Must not know of what.

Names of days and months, lists, ranges and steps are taken; App Engine's words ("every 1 hours") are not, since nothing
here can judge them. https://cloud.google.com/scheduler/docs/configuring/cron-job-schedules
"""

from __future__ import annotations

import re
from itertools import pairwise
from typing import Final

from tools.deploy.errors import WrongUse

DAY_MINUTES: Final = 24 * 60
# So many intervals without a run are one too many; conditions on log-based metrics look back 25 hours at most.
INTERVALS: Final = 3
MISSING_MINUTES_MAX: Final = 25 * 60
# A single run may take half of it.
MISSING_MINUTES_MIN: Final = 60
# How long the condition itself must hold, as maintenance_missing.yaml says.
RETEST_MINUTES: Final = 15
_MONTHS: Final = ("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC")
_DAYS: Final = ("SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT")
# Each field's name, its first and its last value, and the names of its values.
_FIELDS: Final = (
    ("minute", 0, 59, ()),
    ("hour", 0, 23, ()),
    ("day of the month", 1, 31, ()),
    ("month", 1, 12, _MONTHS),
    ("day of the week", 0, 6, _DAYS),
)
_DAYS_OF_MONTH_MAX: Final = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
# All, one, or a range; a step is of all or of a range.
_PART: Final = re.compile(r"(?:(\*)|(\w+)-(\w+))(?:/([1-9][0-9]?))?|(\w+)", re.ASCII)


def values_of(text: str) -> list[list[int]]:
    """The values of each field, in order. Raises `WrongUse`."""
    fields = text.split(" ")
    if len(fields) != len(_FIELDS):
        message = f"SCHEDULE={text} does not have cron's five fields, as in SCHEDULE='0 * * * *'"
        raise WrongUse(message)
    values = []
    for field, (name, first, last, names) in zip(fields, _FIELDS, strict=True):
        found = _values(field, first, last, names)
        if not found:
            also = f", or {names[0]} to {names[-1]}" if names else ""
            message = (
                f"SCHEDULE={text}: {field!r} is no {name}; it has {first} to {last}{also}, as in 1,5 or 1-5 or */5"
            )
            raise WrongUse(message)
        values.append(found)
    _, _, days, months, _ = values
    # A day of the week is enough, where one is named.
    if fields[4] == "*" and min(days) > max(_DAYS_OF_MONTH_MAX[month - 1] for month in months):
        message = f"SCHEDULE={text}: no month that it names has day {min(days)}; it would never run"
        raise WrongUse(message)
    return values


def longest_gap(text: str) -> int:
    """The most minutes between two runs of a schedule; a day where it leaves days out. Raises `WrongUse`."""
    minutes, hours, *_ = values_of(text)
    if text.split(" ")[2:] != ["*"] * 3:
        return DAY_MINUTES
    moments = [60 * hour + minute for hour in hours for minute in minutes]
    return max(later - earlier for earlier, later in pairwise([*moments, moments[0] + DAY_MINUTES]))


def missing_window(text: str) -> str:
    """How far back maintenance_missing looks for a run that ended well, in PromQL: 2h45m where it is hourly."""
    missing = min(max(INTERVALS * longest_gap(text), MISSING_MINUTES_MIN), MISSING_MINUTES_MAX)
    hours, minutes = divmod(missing - RETEST_MINUTES, 60)
    return "".join([f"{hours}h" if hours else "", f"{minutes}m" if minutes else ""])


def _values(field: str, first: int, last: int, names: tuple[str, ...]) -> list[int]:
    """What a field stands for, in order; nothing where it is wrong."""
    found: set[int] = set()
    for part in field.split(","):
        match = _PART.fullmatch(part)
        if match is None:
            return []
        everything, begin, end, step, alone = match.groups()
        ends = (first, last) if everything else [_value(one, first, names) for one in (alone or begin, alone or end)]
        if not first <= ends[0] <= ends[1] <= last or int(step or 1) > last:
            return []
        found.update(range(ends[0], ends[1] + 1, int(step or 1)))
    return sorted(found)


def _value(word: str, first: int, names: tuple[str, ...]) -> int:
    """A number, or a name in any case; below every range where it is neither."""
    if word.isdecimal():
        return int(word)
    return first + names.index(word.upper()) if word.upper() in names else -1

"""What the deployment knows that the files of monitoring leave open. Must not know which file asks for it."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from tools.deploy.settings import Settings

DAY_MINUTES: Final = 24 * 60
# So many intervals without a run are one too many; conditions on log-based metrics look back 25 hours at most.
INTERVALS: Final = 3
MISSING_MINUTES_MAX: Final = 25 * 60
# A single run may take half of it.
MISSING_MINUTES_MIN: Final = 60
# How long the condition itself must hold, as maintenance_missing.yaml says.
RETEST_MINUTES: Final = 15


def monitoring_variables(settings: Settings) -> dict[str, str]:
    """The variables of tools/monitoring/variables.py: those that were given, else what follows from the deployment."""
    host = settings.url("health").removeprefix("https://")
    known = {"HEALTH_HOST": host, "MAINTENANCE_WINDOW": missing_window(settings.schedule)}
    return known | dict(settings.monitoring)


def missing_window(schedule: str) -> str:
    """How far back maintenance_missing looks for a run that ended well, in PromQL: 2h45m where it is hourly."""
    missing = min(max(INTERVALS * longest_gap(schedule), MISSING_MINUTES_MIN), MISSING_MINUTES_MAX)
    hours, minutes = divmod(missing - RETEST_MINUTES, 60)
    return "".join([f"{hours}h" if hours else "", f"{minutes}m" if minutes else ""])


def longest_gap(schedule: str) -> int:
    """The most minutes between two runs of a schedule in cron's five fields; a day where it leaves days out."""
    minute, hour, *days = schedule.split()
    if any(day != "*" for day in days):
        return DAY_MINUTES
    moments = [60 * of_hour + of_minute for of_hour in _values(hour, 24) for of_minute in _values(minute, 60)]
    return max(later - earlier for earlier, later in pairwise([*moments, moments[0] + DAY_MINUTES]))


def _values(field: str, size: int) -> list[int]:
    """What a field of numbers stands for, as in *, */15, 8-18, 0,30; in order."""
    found: set[int] = set()
    for part in field.split(","):
        span, _, step = part.partition("/")
        first, dash, last = span.partition("-")
        begin, end = (0, size - 1) if span == "*" else (int(first), int(last if dash else first))
        found.update(range(begin, end + 1, int(step or 1)))
    return sorted(found)

"""One scenario of the drill as data, and what is usual in its days. Must not know any trouble."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import KW_ONLY, dataclass, replace
from typing import Final

from tools.monitoring.drill.platform import probes
from tools.monitoring.drill.recording import Lines, Recordings
from tools.monitoring.drill.series import Placement

HOUR: Final = 60
DAY: Final = 24 * HOUR
# The daily run is at 04:10; hourly ones are on the hour.
NIGHT: Final = 4 * HOUR + 10
# Cloud Scheduler tries six times: after two and a half minutes, five, and ten each.
TRIES: Final = (0, 3, 8, 18, 28, 38)
# The world is watched from midnight on; a run just then is what the run of the night before has left.
BEGIN: Final = 2
QUARTER: Final = 6 * HOUR
NOON: Final = 12 * HOUR
# What a policy that looks back an hour or two needs: the rest of a day only takes time.
SHORT: Final = 0.6
TROUBLE_MINUTES: Final = 30
REMIND_MINUTES: Final = 5
# How long an instance is kept after a call.
IDLE_MINUTES: Final = 10


@dataclass(frozen=True)
class Scenario:
    """Some days: what happens in them beside what is usual, from when on something is wrong, and whether it ends."""

    name: str
    placements: Sequence[Placement]
    _: KW_ONLY
    days: float = 1
    trouble_at: int = 0
    # Whether all is well again long before the end, so that nothing may fire at it.
    ends_well: bool = False
    # Whether the job is scheduled each hour, and the policies are deployed for that; else once a day.
    is_hourly: bool = False
    # What is usual: app clients send requests, and the uptime check is answered well.
    has_traffic: bool = True
    is_answering: bool = True
    # And the function `backup` is called each hour, and finds all well.
    is_backed_up: bool = True
    # And `reminders` every five minutes.
    is_reminding: bool = True

    @property
    def minutes(self) -> int:
        """How many there are."""
        return round(self.days * DAY)

    def whole(self, lines: Recordings) -> Scenario:
        """With what is usual."""
        usual = [during(lines.traffic, 0, self.minutes)] if self.has_traffic else []
        usual += [answering(self.minutes)] if self.is_answering else []
        usual += [backed_up(lines.backup_call, BEGIN, self.minutes)] if self.is_backed_up else []
        usual += [reminding(lines.reminded, BEGIN, self.minutes)] if self.is_reminding else []
        return replace(self, placements=[*usual, *self.placements])


def answering(until: float, *, begin: int = 0) -> Placement:
    """The uptime check is answered well."""
    return Placement(measurements=probes(passed=True), at=begin, every=1, until=round(until))


def during(lines: Lines, begin: int, end: float, *, every: int = 1, times: int = 1, revision: int = 1) -> Placement:
    """The same lines again and again."""
    return Placement(entries=lines, at=begin, every=every, until=round(end), times=times, revision=revision)


def backed_up(lines: Lines, begin: int, end: float) -> Placement:
    """The hourly calls of the function `backup`."""
    return during(lines, begin, end, every=HOUR)


def reminding(lines: Lines, begin: int, end: float) -> Placement:
    """The calls of the function `reminders`."""
    return during(lines, begin, end, every=REMIND_MINUTES)

"""A day of a schedule: the backlog that each run finds, what it leaves to the next, and what the day uses altogether.

It must not know prices or how the figures are shown.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from typing import Final

from tools.simulate.costs import BilledDay
from tools.simulate.plan import Assumptions, Run, plan_run
from tools.simulate.population import Deadline, Population, deadlines, users_due

ONE_DAY: Final = timedelta(days=1)
# Two equal days differ by so little, as part of a backlog, when only their rounding does.
_ROUNDING_PART: Final = 1e-4


class Verdict(StrEnum):
    """How a schedule copes: every run ends in time, or later ones make up for it, or it gets worse each day."""

    IN_TIME = "in time"
    CATCHES_UP = "catches up"
    FALLS_BEHIND = "falls behind"

    @property
    def rank(self) -> int:
        """0 for the best."""
        return list(Verdict).index(self)


@dataclass(frozen=True)
class Schedule:
    """Runs every `interval`, one of them at `at` (UTC)."""

    name: str
    interval: timedelta
    at: time

    def runs(self, day: date) -> tuple[datetime, ...]:
        """The moments of a day's runs (UTC)."""
        midnight = datetime.combine(day, time(), UTC)
        offset = (datetime.combine(day, self.at, UTC) - midnight) % self.interval
        return tuple(midnight + offset + number * self.interval for number in range(ONE_DAY // self.interval))


@dataclass(frozen=True, kw_only=True)
class PlannedRun:
    """A run, when it begins, and since when the first of its users has been due."""

    at: datetime
    run: Run
    oldest: datetime | None

    @property
    def oldest_overdue_seconds(self) -> float:
        """The longest that anybody has waited when the run ends."""
        return (self.at - self.oldest).total_seconds() + self.run.seconds if self.oldest else 0.0


@dataclass(frozen=True, kw_only=True)
class Day:
    """The runs of a day, after an equal day before it."""

    runs: tuple[PlannedRun, ...]
    # Users still due when it begins, because the runs of the day before left them.
    left_before: int

    @property
    def left_over(self) -> int:
        """Users still due after the last run."""
        return self.runs[-1].run.left

    @property
    def busiest(self) -> PlannedRun:
        """The run that takes longest."""
        return max(self.runs, key=lambda one: (one.run.seconds, one.run.backlog))

    @property
    def largest_backlog(self) -> int:
        """The most users that a run finds."""
        return max(one.run.backlog for one in self.runs)

    @property
    def oldest_overdue_seconds(self) -> float:
        """The longest that anybody waited, as far as it is known by the end of the day."""
        return max(one.oldest_overdue_seconds for one in self.runs)

    @property
    def verdict(self) -> Verdict:
        """How the schedule copes."""
        if all(one.run.left == 0 for one in self.runs):
            return Verdict.IN_TIME
        more = self.left_over - self.left_before
        return Verdict.FALLS_BEHIND if more > _ROUNDING_PART * self.largest_backlog else Verdict.CATCHES_UP

    def billed(self, memory_gib: float) -> BilledDay:
        """What is billed."""
        return BilledDay(
            reads=sum(one.run.load.reads for one in self.runs),
            writes=sum(one.run.load.writes for one in self.runs),
            instance_seconds=sum(one.run.instance_seconds for one in self.runs),
            memory_gib=memory_gib,
            requests=sum(one.run.requests for one in self.runs),
            # Each task is made once, and each call of it is a delivery.
            task_operations=sum(one.run.tasks + one.run.requests - 1 for one in self.runs if one.run.tasks),
        )


@dataclass(frozen=True)
class Calendar:
    """A date, and every end of a streak day that a run on it or on the day before can meet."""

    day: date
    deadlines: tuple[Deadline, ...]

    def due(self, users: int, due_share: float) -> dict[datetime, int]:
        """How many users become due at which instant of the date itself (UTC), in order."""
        midnight = datetime.combine(self.day, time(), UTC)
        found = tuple(one for one in self.deadlines if midnight <= one.at < midnight + ONE_DAY)
        return users_due(found, users, due_share)


def calendar(population: Population, day: date, day_start_hour: int) -> Calendar:
    """The ends of streak days around a date."""
    midnight = datetime.combine(day, time(), UTC)
    return Calendar(day, deadlines(population, midnight - 2 * ONE_DAY, midnight + ONE_DAY, day_start_hour))


def live_day(
    users: int, schedule: Schedule, around: Calendar, assumptions: Assumptions, *, fan_out: bool = False
) -> Day:
    """The day of that many users. What the day before it leaves over is there when it begins."""
    due = users_due(around.deadlines, users, assumptions.due_share)
    moments = (*schedule.runs(around.day - ONE_DAY), *schedule.runs(around.day))
    planned: list[PlannedRun] = []
    left, oldest = 0, None
    for at, (arrived, first) in zip(moments, _arrivals(due, moments, schedule.interval), strict=True):
        found = planned[-1].run.pace if planned else None
        seconds = schedule.interval.total_seconds()
        run = plan_run(left + arrived, seconds, assumptions, fan_out=fan_out, at=at, found=found)
        # Shards go one after another, so that those that are left hold users of every deadline.
        oldest = oldest if left else first
        planned.append(PlannedRun(at=at, run=run, oldest=oldest))
        left = run.left
    before = len(moments) // 2
    return Day(runs=tuple(planned[before:]), left_before=planned[before - 1].run.left)


def _arrivals(
    due: dict[datetime, int], moments: tuple[datetime, ...], interval: timedelta
) -> list[tuple[int, datetime | None]]:
    """For each run: how many became due since the one before it, and the earliest deadline among them."""
    instants = list(due)
    found: list[tuple[int, datetime | None]] = []
    for at in moments:
        window = instants[bisect_right(instants, at - interval) : bisect_right(instants, at)]
        waiting = [instant for instant in window if due[instant]]
        found.append((sum(due[instant] for instant in window), waiting[0] if waiting else None))
    return found

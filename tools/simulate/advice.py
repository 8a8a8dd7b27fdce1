"""What to choose, derived from planned days: the schedule, the number of shards, and the size to turn on fan-out at.

It must not know words: the page says it.
"""

from __future__ import annotations

import math
from bisect import bisect_left
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, time
from functools import cached_property
from typing import Final

from streak_core.maintenance.pacing import allowed_per_second
from streak_core.store.sharding import SHARDS
from tools.simulate.costs import Bill, Prices, bill
from tools.simulate.day import ONE_DAY, Calendar, Day, Schedule, Verdict, calendar, live_day
from tools.simulate.plan import INDEX_WRITES_PER_SECOND, Assumptions
from tools.simulate.population import Population

# Beyond any population; a size that still fits there has no limit worth naming.
USERS_MAX: Final = 10**11
# As sizes are shown: a day of each that is looked at is simulated, so that between them is not looked.
TWO_DIGIT_SIZES: Final = (
    *range(1, 10),
    *(digits * 10**more for more in range(10) for digits in range(10, 100)),
    USERS_MAX,
)
_SECONDS_PER_DAY: Final = 86_400
# Hourly runs are advised where they cost no more than this beyond daily ones: dollars a day, or a part of the cost.
HOURLY_EXTRA_DOLLARS_MAX: Final = 0.10
HOURLY_EXTRA_PART_MAX: Final = 0.05


@dataclass(frozen=True)
class Study:
    """All that the figures are made from."""

    population: Population
    day_start_hour: int
    date: date
    # When the daily run begins (UTC); hourly ones begin at its minute.
    at: time
    assumptions: Assumptions
    prices: Prices

    @cached_property
    def around(self) -> Calendar:
        """The ends of streak days around the date."""
        return calendar(self.population, self.date, self.day_start_hour)

    @property
    def daily(self) -> Schedule:
        """One run a day."""
        return Schedule("daily", ONE_DAY, self.at)

    @property
    def hourly(self) -> Schedule:
        """A run each hour."""
        return Schedule("hourly", ONE_DAY / 24, self.at)

    def day(self, users: int, schedule: Schedule, *, fan_out: bool = False) -> Day:
        """The day of that many users."""
        return live_day(users, schedule, self.around, self.assumptions, fan_out=fan_out)

    def bill(self, day: Day, location: str) -> Bill:
        """What the day costs."""
        return bill(day.billed(self.assumptions.memory_gib), self.prices, location)

    def with_headroom(self) -> Study:
        """The same on a day with more due users than usual."""
        return self.assuming(due_share=min(1.0, self.assumptions.due_share * self.assumptions.headroom))

    def assuming(self, **changes: float) -> Study:
        """The same with other assumptions."""
        return replace(self, assumptions=replace(self.assumptions, **changes))  # type: ignore[arg-type]


def largest(fits: Callable[[int], bool], sizes: Sequence[int] = range(1, USERS_MAX + 1)) -> int | None:
    """The largest of these numbers of users that fits; 0 when none does, None when all do.

    `fits` must not become true again above the first size for which it is false.
    """
    fitting = bisect_left(sizes, 1, key=lambda users: 0 if fits(users) else 1)
    if fitting == len(sizes):
        return None
    return sizes[fitting - 1] if fitting else 0


def limit_of(study: Study, schedule: Schedule, verdict: Verdict, *, fan_out: bool) -> int | None:
    """The largest number of users, of two digits, that the schedule copes with at least as well as `verdict` says."""
    return largest(
        lambda users: study.day(users, schedule, fan_out=fan_out).verdict.rank <= verdict.rank, TWO_DIGIT_SIZES
    )


@dataclass(frozen=True, kw_only=True)
class Advice:
    """What to choose for a number of users."""

    users: int
    schedule: Schedule
    fan_out: bool
    # As chosen, on a day with headroom.
    verdict: Verdict
    # What hourly runs cost beyond daily ones, a day, at the dearest prices.
    hourly_extra_dollars: float
    shards_needed: int


def advise(study: Study, users: int) -> Advice:
    """The schedule, whether to fan out, and the shards for so many users, on a day with headroom."""
    strained = study.with_headroom()
    once, extra = _hourly_extra(study, users)
    cheap = extra <= max(HOURLY_EXTRA_DOLLARS_MAX, HOURLY_EXTRA_PART_MAX * once)
    daily_copes = strained.day(users, study.daily).verdict is Verdict.IN_TIME
    schedule = study.daily if daily_copes and not cheap else study.hourly
    alone = strained.day(users, schedule).verdict
    fanned = strained.day(users, schedule, fan_out=True).verdict
    fan_out = fanned.rank < alone.rank
    return Advice(
        users=users,
        schedule=schedule,
        fan_out=fan_out,
        verdict=fanned if fan_out else alone,
        hourly_extra_dollars=extra,
        shards_needed=shards_needed(strained, users, schedule, fan_out=fan_out),
    )


def dearest(study: Study) -> str:
    """The kind of location with the highest prices."""
    return max(study.prices.firestore, key=lambda name: study.prices.firestore[name].writes_per_100_000)


def _hourly_extra(study: Study, users: int) -> tuple[float, float]:
    """Dollars of a daily schedule, and what an hourly one costs beyond; each fanned out only where it must be."""
    totals = []
    for schedule in (study.daily, study.hourly):
        alone = study.day(users, schedule)
        day = alone if alone.verdict is Verdict.IN_TIME else study.day(users, schedule, fan_out=True)
        totals.append(study.bill(day, dearest(study)).total)
    return totals[0], totals[1] - totals[0]


def index_writes_per_second(study: Study, users: int, schedule: Schedule, *, fan_out: bool) -> float:
    """How often the due index changes at the worst moment: by the job at its fastest, and by clients meanwhile."""
    of_job = max(
        planned.run.writes_per_second * planned.run.done / planned.run.load.writes
        for planned in study.day(users, schedule, fan_out=fan_out).runs
    )
    of_clients = users * study.assumptions.active_share / _SECONDS_PER_DAY * study.assumptions.peak_factor
    return of_job + of_clients


def shards_needed(study: Study, users: int, schedule: Schedule, *, fan_out: bool) -> int:
    """The smallest power of two that takes the writes of the due index."""
    shards = index_writes_per_second(study, users, schedule, fan_out=fan_out) / INDEX_WRITES_PER_SECOND
    return 1 << max(0, math.ceil(math.log2(shards))) if shards > 1 else 1


def shards_suffice_until(study: Study, schedule: Schedule) -> int | None:
    """The largest number of users that the job's own number of shards takes."""
    return largest(lambda users: shards_needed(study, users, schedule, fan_out=False) <= SHARDS)


def ramp_users_per_second(study: Study) -> float:
    """How fast the ramp lets a call be just before its deadline: an instance that is faster is never what limits it."""
    last = allowed_per_second(math.nextafter(study.assumptions.rules.deadline_seconds, 0.0))
    return last / study.assumptions.writes_per_due_user

"""One run of the job, planned with its own constants: what it reads and writes, how long that takes, and why.

It must not know time zones, schedules or prices.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Final, NamedTuple

from streak_core.config.maintenance import MaintenanceRules
from streak_core.maintenance.pacing import GROWTH_EVERY_SECONDS, allowed_per_second, left_pace, warm_per_second
from streak_core.store.paces import Pace
from streak_core.store.sharding import SHARDS

# What one shard of a sequential index takes (docs/scale.md, "What the figures rest on").
INDEX_WRITES_PER_SECOND: Final = 500.0
# The run's own document: one read and one write to claim it, one write to end it.
RUN_READS: Final = 1
RUN_WRITES: Final = 2
# A task reads its progress, writes that it is done and counts those that are; the last one reads the progress of all.
TASK_READS: Final = 3
TASK_WRITES: Final = 1
# An instance is billed while it starts.
START_SECONDS: Final = 2.0
# When a run begins of which nothing is known before.
SOME_DAY: Final = datetime(2026, 1, 1, tzinfo=UTC)


class Limit(StrEnum):
    """What holds a run back at its end."""

    RAMP = "500/50/5 ramp"
    INSTANCE = "instance"
    INDEX = "index"


@dataclass(frozen=True, kw_only=True)
class Assumptions:
    """Everything that is neither measured by the simulation nor a constant of the job."""

    # Of all users, those whose streak day ends without activity and who are not at 0 already.
    due_share: float = 0.03
    # The streak document and one event, `freeze_applied` or `streak_broken`.
    writes_per_due_user: int = 2
    # With a margin: `make bench` finds over 2,000 where the emulator takes its share of two cores.
    users_per_second_instance: float = 1500.0
    # Of the maintenance function, and the tasks that one of them takes at a time. Where all of them together take fewer
    # tasks than there are shards, the tasks come in waves.
    max_instances: int = SHARDS
    tasks_per_instance: int = 1
    memory_gib: float = 0.5
    # Clients write to the due index too: the first activity of a user's day moves the deadline.
    active_share: float = 0.4
    peak_factor: float = 3.0
    # Advice is given for a day with so many times the due users.
    headroom: float = 2.0
    # The job's own: threads, users a page and a commit, deadline of an invocation.
    rules: MaintenanceRules = field(default_factory=MaintenanceRules)


class Load(NamedTuple):
    """What settling some due users takes."""

    users: int = 0
    pages: int = 0
    commits: int = 0
    reads: int = 0
    writes: int = 0

    def times(self, count: int) -> Load:
        """So many of the same."""
        return Load(*(count * part for part in self))

    def plus(self, other: Load) -> Load:
        """Both together."""
        return Load(*(one + more for one, more in zip(self, other, strict=True)))


def shard_load(users: int, assumptions: Assumptions) -> Load:
    """The load of one shard: pages until one is not full, and each page cut into commits that carry the progress."""
    rules = assumptions.rules
    full_pages, rest = divmod(users, rules.page_users)
    commits = full_pages * math.ceil(rules.page_users / rules.batch_users) + math.ceil(rest / rules.batch_users)
    return Load(
        users=users,
        pages=full_pages + 1,
        commits=commits,
        # A query that finds nobody is billed as one read.
        reads=users + (rest == 0),
        writes=users * assumptions.writes_per_due_user + commits,
    )


def load_of(users: int, assumptions: Assumptions) -> Load:
    """The load of all shards, over which users are spread evenly."""
    each, one_more = divmod(users, SHARDS)
    rest = shard_load(each, assumptions).times(SHARDS - one_more)
    return shard_load(each + 1, assumptions).times(one_more).plus(rest) if one_more else rest


def seconds_for(operations: float, share: float = 1.0, per_second_max: float = math.inf, warm: float = 0.0) -> float:
    """How long so many operations take under the ramp (`share` of it, begun as `warm` as that) and a fixed limit."""
    elapsed = 0.0
    while True:
        rate = min(allowed_per_second(elapsed, share, warm), per_second_max)
        # The ramp grows without end, so that either it or the fixed limit ends the loop soon.
        if operations <= rate * GROWTH_EVERY_SECONDS or rate == per_second_max:
            return elapsed + operations / rate
        operations -= rate * GROWTH_EVERY_SECONDS
        elapsed += GROWTH_EVERY_SECONDS


def operations_within(seconds: float, share: float = 1.0, per_second_max: float = math.inf, warm: float = 0.0) -> float:
    """How many operations fit into so many seconds: the inverse of `seconds_for`."""
    steps, rest = divmod(seconds, GROWTH_EVERY_SECONDS)
    begins = [step * GROWTH_EVERY_SECONDS for step in range(int(steps) + 1)]
    *rates, last = [min(allowed_per_second(begin, share, warm), per_second_max) for begin in begins]
    return math.fsum(rates) * GROWTH_EVERY_SECONDS + last * rest


def written_late(seconds: float, share: float = 1.0, per_second_max: float = math.inf, warm: float = 0.0) -> float:
    """Operations a second in the last five minutes of so many seconds, with nothing before them."""
    steps, rest = divmod(seconds, GROWTH_EVERY_SECONDS)
    begin = steps * GROWTH_EVERY_SECONDS
    last = min(allowed_per_second(begin, share, warm), per_second_max)
    earlier = min(allowed_per_second(begin - GROWTH_EVERY_SECONDS, share, warm), per_second_max) if steps else 0.0
    return earlier + (last - earlier) * rest / GROWTH_EVERY_SECONDS


@dataclass(frozen=True, kw_only=True)
class Run:
    """A planned run over a backlog."""

    backlog: int
    # Settled in time; the others stay due.
    done: int
    load: Load
    # Until the last worker ends (wall time), and the billed time of all instances.
    seconds: float
    instance_seconds: float
    tasks: int
    # Calls of the function: one, or one for each attempt of each task and one to make the tasks.
    requests: int
    # When the run is fastest.
    writes_per_second: float
    allowed_per_second: float
    limit: Limit
    # What each worker leaves to that of the next run.
    pace: Pace | None

    @property
    def left(self) -> int:
        """Users for whom the time did not suffice."""
        return self.backlog - self.done


@dataclass(frozen=True, kw_only=True)
class _Worker:
    """What a run is made of: one that takes all shards, or a task a shard."""

    # Its part of the 500/50/5 budget.
    share: float
    users_per_second: float
    limit: Limit
    # How many there are, how many work at the same time, and the instances that all of them need.
    count: int
    together: int
    instances: int

    @property
    def waves(self) -> int:
        """How often the instances take tasks, one wave after another."""
        return math.ceil(self.count / self.together)


def _worker(assumptions: Assumptions, *, fan_out: bool) -> _Worker:
    at_once = assumptions.tasks_per_instance if fan_out else 1
    shards = 1 if fan_out else min(assumptions.rules.threads, SHARDS)
    instance, index = assumptions.users_per_second_instance / at_once, INDEX_WRITES_PER_SECOND * shards
    count = SHARDS if fan_out else 1
    return _Worker(
        share=1 / count,
        users_per_second=min(instance, index),
        limit=Limit.INSTANCE if instance <= index else Limit.INDEX,
        count=count,
        together=min(count, assumptions.max_instances * at_once),
        instances=math.ceil(count / at_once),
    )


def plan_run(
    backlog: int,
    interval_seconds: float,
    assumptions: Assumptions,
    *,
    fan_out: bool,
    at: datetime = SOME_DAY,
    found: Pace | None = None,
) -> Run:
    """One run over `backlog` due users; it ends before the next one is due, `interval_seconds` later.

    A call that reaches its deadline leaves the rest to the next run; a task that does is delivered again at once.
    `found` is what the run before `at` has left to each worker.
    """
    worker = _worker(assumptions, fan_out=fan_out)
    own = shard_load(math.ceil(backlog / SHARDS), assumptions) if fan_out else load_of(backlog, assumptions)
    fastest = worker.users_per_second * (own.writes / own.users if backlog else assumptions.writes_per_due_user)
    deadline = assumptions.rules.deadline_seconds
    time_limit = interval_seconds / worker.waves if fan_out else min(deadline, interval_seconds)
    calls_of_one = _Calls(worker.share, fastest, at, found)
    part = calls_of_one.write(own.writes, deadline, time_limit)
    seconds, ramp = calls_of_one.seconds, calls_of_one.allowed
    done = backlog if part == 1 else math.floor(backlog * part)
    calls = max(1, math.ceil(seconds / deadline)) * worker.count
    return Run(
        backlog=backlog,
        done=done,
        load=load_of(done, assumptions).plus(_bookkeeping(calls, fan_out=fan_out)),
        seconds=seconds * worker.waves,
        instance_seconds=(seconds + START_SECONDS) * worker.instances,
        tasks=worker.count if fan_out else 0,
        requests=calls + fan_out,
        writes_per_second=min(ramp, fastest) * worker.together if backlog else 0.0,
        allowed_per_second=ramp * worker.count,
        limit=Limit.RAMP if ramp < fastest else worker.limit,
        pace=calls_of_one.pace,
    )


@dataclass
class _Calls:
    """The calls of one worker, one at once after the other; each begins with what the one before has left."""

    share: float
    per_second_max: float
    at: datetime
    pace: Pace | None
    seconds: float = 0.0
    # Operations a second when the ramp was fastest.
    allowed: float = 0.0

    def write(self, operations: float, deadline: float, time_limit: float) -> float:
        """Writes until all is written or the time is up; answers the part that is written then."""
        left = operations
        while True:
            warm = warm_per_second(self.pace, self._now, self.share)
            needed, time_left = seconds_for(left, self.share, self.per_second_max, warm), time_limit - self.seconds
            took = min(needed, deadline, time_left)
            self._call(took, warm)
            if took == needed:
                return 1.0
            left -= operations_within(took, self.share, self.per_second_max, warm)
            if took == time_left:
                self.seconds = time_limit
                return 1.0 - left / operations

    def _call(self, seconds: float, warm: float) -> None:
        """One call of so many seconds, and what it leaves."""
        # The rate of a moment ago: at the very end of a step the next one has not been used.
        last = allowed_per_second(math.nextafter(seconds, 0.0), self.share, warm)
        self.allowed, self.seconds = max(self.allowed, last), self.seconds + seconds
        written = written_late(seconds, self.share, self.per_second_max, warm)
        own = Pace(written_per_second=written, until=self._now)
        self.pace = left_pace(self.pace, own, self._now, self.share)

    @property
    def _now(self) -> datetime:
        return self.at + timedelta(seconds=self.seconds)


def _bookkeeping(calls: int, *, fan_out: bool) -> Load:
    if not fan_out:
        return Load(reads=RUN_READS, writes=RUN_WRITES)
    return Load(reads=RUN_READS + TASK_READS * calls, writes=RUN_WRITES + TASK_WRITES * calls)

"""The figures as tables of text, for the terminal and the page alike.

It must not know how a table is drawn, nor advise anything.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, Final

from streak_core.store.sharding import SHARDS
from tools.simulate.advice import Study, index_writes_per_second, limit_of, shards_needed
from tools.simulate.costs import reading_everybody
from tools.simulate.day import Verdict
from tools.simulate.formatting import clock, dollars, duration, millions, number
from tools.simulate.plan import INDEX_WRITES_PER_SECOND

if TYPE_CHECKING:
    from tools.simulate.day import Day, Schedule

SPEEDS: Final = (250.0, 500.0, 1000.0, 1500.0, 3000.0)
# Instances, and tasks that one takes at a time.
SHAPES: Final = ((64, 1), (16, 1), (16, 4), (4, 16))
CLOCK_CHANGES: Final = (
    (date(2026, 3, 8), "North America forward"),
    (date(2026, 3, 29), "Europe forward"),
    (date(2026, 10, 25), "Europe back"),
    (date(2026, 11, 1), "North America back"),
)


@dataclass(frozen=True)
class Table:
    """A heading, what the columns are, and rows of text."""

    title: str
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def _schedules(study: Study) -> tuple[Schedule, Schedule]:
    return study.daily, study.hourly


def load_table(study: Study, sizes: tuple[int, ...]) -> Table:
    """What the job meets and how it fares, one call a run."""
    rows = []
    for users in sizes:
        due = study.around.due(users, study.assumptions.due_share)
        for schedule in _schedules(study):
            day = study.day(users, schedule)
            rows.append(
                (
                    *(millions(users), number(sum(due.values())), number(max(due.values())), schedule.name),
                    *(number(day.largest_backlog), duration(day.busiest.run.seconds), day.verdict.value),
                    *(duration(day.oldest_overdue_seconds), number(day.left_over)),
                )
            )
    header = (
        *("users", "due a day", "busiest minute", "schedule", "largest backlog", "longest run", "outcome"),
        *("longest wait", "left over"),
    )
    return Table("A day, one call a run", header, tuple(rows))


def rate_table(study: Study, sizes: tuple[int, ...]) -> Table:
    """Reads and writes a second when the longest run is fastest, against the limits."""
    at_once = min(study.assumptions.rules.threads, SHARDS)
    index = number(INDEX_WRITES_PER_SECOND * at_once)
    rows = []
    for users in sizes:
        for schedule in _schedules(study):
            run = study.day(users, schedule).busiest.run
            of_index = run.writes_per_second * run.done / run.load.writes
            rates = (run.reads_per_second, run.writes_per_second, run.allowed_per_second, of_index)
            progress = run.writes_per_second * run.load.commits / run.load.writes / at_once
            row = (millions(users), schedule.name, *map(number, rates), index, f"{progress:.2f}", run.limit.value)
            rows.append(row)
    header = (
        *("users", "schedule", "reads/s", "writes/s", "ramp allows", "index writes/s", "index allows"),
        *("writes/s of one progress", "held back by"),
    )
    return Table("Rates when the longest run is fastest", header, tuple(rows))


def fan_out_table(study: Study, sizes: tuple[int, ...]) -> Table:
    """The same days with a task a shard."""
    rows = []
    for users in sizes:
        for schedule in _schedules(study):
            day = study.day(users, schedule, fan_out=True)
            usage = day.usage(study.assumptions.memory_gib)
            rows.append(
                (
                    millions(users),
                    schedule.name,
                    number(sum(one.run.tasks for one in day.runs)),
                    number(usage.requests),
                    duration(day.busiest.run.seconds),
                    day.verdict.value,
                    duration(day.oldest_overdue_seconds),
                    number(usage.instance_seconds / 3600),
                )
            )
    header = ("users", "schedule", "tasks", "calls", "longest run", "outcome", "longest wait", "instance hours")
    return Table("The same day, fanned out", header, tuple(rows))


def cost_table(study: Study, sizes: tuple[int, ...], location: str) -> Table:
    """What the day costs in a kind of location, and what reading everybody once would cost."""
    rows = []
    for users in sizes:
        everybody = dollars(reading_everybody(users, study.prices, location))
        for schedule in _schedules(study):
            for fan_out in (False, True):
                day = study.day(users, schedule, fan_out=fan_out)
                bill = study.bill(day, location)
                parts = (bill.reads, bill.writes, bill.compute, bill.tasks + bill.scheduler, bill.total)
                name = f"{schedule.name}{', fanned out' if fan_out else ''}{_undone(day)}"
                rows.append((millions(users), name, *map(dollars, parts), everybody))
    header = ("users", "schedule", "reads", "writes", "compute", "tasks, scheduler", "a day", "reading everybody")
    return Table(f"Dollars a day, {location.replace('_', '-')}", header, tuple(rows))


def _undone(day: Day) -> str:
    return f", {day.verdict.value}" if day.verdict is Verdict.FALLS_BEHIND else ""


def speed_table(study: Study) -> Table:
    """Up to which size every run ends in time, by the speed of an instance."""
    rows = []
    for speed in sorted({*SPEEDS, study.assumptions.users_per_second_instance}):
        own = study.at_speed(speed)
        limits = [
            limit_of(own, schedule, Verdict.IN_TIME, fan_out=fan_out)
            for schedule in _schedules(study)
            for fan_out in (False, True)
        ]
        rows.append((number(speed), *(millions(limit, rounded=True) for limit in limits)))
    header = ("users/s of an instance", "daily", "daily, fanned out", "hourly", "hourly, fanned out")
    return Table("The most users for whom every run ends in time", header, tuple(rows))


def shape_table(study: Study, users: int) -> Table:
    """What the instances of a fanned-out run cost, by their number and by the tasks that each takes at a time."""
    rows = []
    for instances, tasks in SHAPES:
        shape = replace(study.assumptions, max_instances=instances, tasks_per_instance=tasks)
        own = replace(study, assumptions=shape)
        day = own.day(users, own.hourly, fan_out=True)
        compute = own.bill(day, next(iter(own.prices.firestore))).compute
        rows.append(
            (str(instances), str(tasks), duration(day.busiest.run.seconds), day.verdict.value, dollars(compute))
        )
    header = ("instances", "tasks at a time each", "longest run", "outcome", "compute a day")
    return Table(f"Hourly and fanned out, {millions(users)} users", header, tuple(rows))


def shard_table(study: Study, sizes: tuple[int, ...]) -> Table:
    """How many shards the due index needs."""
    rows = []
    for users in sizes:
        writes = index_writes_per_second(study, users, study.hourly, fan_out=False)
        needed = shards_needed(study, users, study.hourly, fan_out=False)
        rows.append((millions(users), number(writes), str(needed)))
    return Table(
        "Shards of the due index", ("users", "index writes/s at the worst moment", "shards needed"), tuple(rows)
    )


def date_table(study: Study, users: int) -> Table:
    """The same day on dates on which clocks change."""
    rows = []
    for day, what in ((study.date, "as above"), *CLOCK_CHANGES):
        own = replace(study, date=day)
        lived = own.day(users, own.hourly)
        busiest = lived.busiest
        due = sum(own.around.due(users, own.assumptions.due_share).values())
        rows.append(
            (
                f"{day}, {what}",
                number(due),
                clock(busiest.at),
                number(lived.largest_backlog),
                duration(busiest.run.seconds),
            )
        )
    header = ("date", "due that day (UTC)", "longest run at", "largest backlog", "longest run")
    return Table(f"Clock changes, hourly, {millions(users)} users", header, tuple(rows))


def backlog_table(study: Study, users: int) -> Table:
    """What each run of an hourly day finds."""
    day = study.day(users, study.hourly)
    rows = [
        (clock(one.at), number(one.run.backlog), duration(one.run.seconds), duration(one.oldest_overdue_seconds))
        for one in day.runs
    ]
    header = ("run at (UTC)", "backlog", "takes", "longest wait at its end")
    return Table(f"Each run of an hourly day, {millions(users)} users", header, tuple(rows))

"""What is printed and docs/scale.md holds: the advice, the figures behind it, and what those rest on.

It must not compute a figure of its own, nor say when it was written: the same figures make the same page.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any, Final

from streak_core.maintenance.pacing import GROWTH, GROWTH_EVERY_SECONDS, START_OPERATIONS_PER_SECOND
from streak_core.store.sharding import SHARDS
from tools.markdown import table
from tools.simulate.advice import Study, limit_of
from tools.simulate.advice_text import advice_lines
from tools.simulate.costs import reading_everybody
from tools.simulate.day import Day, Schedule, Verdict
from tools.simulate.formatting import clock, dollars, duration, millions, number
from tools.simulate.plan import INDEX_WRITES_PER_SECOND

SPEEDS: Final = (250.0, 500.0, 1000.0, 1500.0, 3000.0)
# Instances, and tasks that one takes at a time.
SHAPES: Final = ((64, 1), (16, 1), (16, 4), (4, 16))
_PAGE: Final = """\
# How far it goes

Written by `python -m tools.simulate --write docs`, from the constants and the pacing of the job itself. Nothing here
was measured on Google Cloud; what is assumed stands at the end, and `python -m tools.simulate --help` says how to
assume otherwise.

## What to choose

{advice}
## The day

{days}
*In time*: every run ends before its deadline, or, fanned out, before the next run. *Catches up*: some run leaves users
to later ones, and a quieter hour settles them. *Falls behind*: more are left each day. Days on which clocks
change differ little: try `--date 2026-03-29`.

{rates}
## How far each way goes

{speeds}
{shapes}
A task has 1/{shards} of the budget however many run: with fewer places than tasks, the waves add up.

## Costs

Prices of {prices_of} from `tools/simulate/data/prices.toml`: {note}.

{costs}
## What the figures rest on

- Users live where people live: {source}; {zones} zones, {covered:.1%} of the world, approximate and rounded
  (`tools/simulate/data/population_by_time_zone.toml`).
- The date is {date}, and the day before it was the same; a streak day ends at {day_start_hour:02d}:00 local time.
  Runs are at {at} UTC, hourly ones at that minute.
- {due_share:.1%} of all users become due in a day, in every zone alike (`--due-share`). Those whose streak is 0 never
  do. A due user costs a read and {writes_per_due_user} writes, the streak and one event.
- Pages of {page_users} users, commits of {batch_users}, {threads} threads and a deadline of {deadline} are the job's
  own. A commit writes the shard's progress too. Users are spread evenly over {shards} shards; conflicts, failures and
  lease renewals are left out.
- Advice is for a day with {headroom:g} times the due users, so that a bad day fits. The longest wait is from the end
  of somebody's streak day to the end of the run that settles it.
- Every call begins a cold ramp of {ramp_start} operations a second that grows by {ramp_growth:.0%} every
  {ramp_seconds} seconds, as the job paces itself: an hour is taken to be long enough to cool down, although clients
  keep the collection warm all day.
- A shard of the due index takes {index_writes} writes a second; a call writes as many of them at a time as it has
  threads. Clients move the deadlines of {active_share:.0%} of users each day, and in the worst moment {peak_factor:g}
  times as often as on average. A single document, such as a shard's progress, should not be written much more than
  once a second for long.
- An instance settles {speed} users a second; `make bench` finds over 2,000 on two cores that the emulator shares, and
  the rest is margin. It has one vCPU and {memory_gib:g} GiB and is paid for from its start.
- Fanned out, up to {max_instances} instances take tasks, {tasks_per_instance} at a time each (`--max-instances`,
  `--tasks-per-instance`). A task may take as long as a call, so the queue has to wait that long for it, and one that
  is not done is delivered again.
"""


def page(study: Study, sizes: tuple[int, ...]) -> str:
    """The whole page, in Markdown."""
    return _PAGE.format(
        advice="".join(f"- {line}\n" for line in advice_lines(study, sizes)),
        days=_days(study, sizes),
        rates=_rates(study, sizes),
        speeds=_speeds(study),
        shapes=_shapes(study, sizes[-1]),
        prices_of=study.prices.date,
        note=study.prices.note,
        costs=_costs(study, sizes),
        **_assumed(study),
    )


def _ways(study: Study, sizes: Iterable[int]) -> Iterator[tuple[int, str, Day]]:
    for users in sizes:
        for schedule in (study.daily, study.hourly):
            yield users, schedule.name, study.day(users, schedule)
            yield users, f"{schedule.name}, fanned out", study.day(users, schedule, fan_out=True)


def _days(study: Study, sizes: tuple[int, ...]) -> str:
    """What the job meets and how it fares."""
    rows = []
    for users, name, day in _ways(study, sizes):
        usage = day.usage(study.assumptions.memory_gib)
        due = sum(study.around.due(users, study.assumptions.due_share).values())
        took, waited = duration(day.busiest.run.seconds), duration(day.oldest_overdue_seconds)
        used = map(number, (day.left_over, usage.requests, usage.instance_seconds / 3600))
        found = map(number, (due, day.largest_backlog))
        rows.append((millions(users), name, *found, took, day.verdict.value, waited, *used))
    header = ("users", "schedule", "due a day", "largest run", "longest run", "outcome", "longest wait", "left over")
    return table((*header, "calls", "instance hours"), rows, "A day")


def _rates(study: Study, sizes: tuple[int, ...]) -> str:
    """Reads and writes a second when the longest run is fastest, against the limits."""
    at_once = min(study.assumptions.rules.threads, SHARDS)
    index = number(INDEX_WRITES_PER_SECOND * at_once)
    rows = []
    for users in sizes:
        for schedule in (study.daily, study.hourly):
            run = study.day(users, schedule).busiest.run
            of_index = run.writes_per_second * run.done / run.load.writes
            rates = map(number, (run.reads_per_second, run.writes_per_second, run.allowed_per_second, of_index))
            progress = run.writes_per_second * run.load.commits / run.load.writes / at_once
            rows.append((millions(users), schedule.name, *rates, index, f"{progress:.2f}", run.limit.value))
    header = ("users", "schedule", "reads/s", "writes/s", "ramp allows", "index writes/s", "index allows")
    return table((*header, "writes/s of one progress", "held back by"), rows, "When the longest run is fastest")


def _speeds(study: Study) -> str:
    """Up to which size every run ends in time, by the speed of an instance."""

    def row(speed: float) -> Iterator[str]:
        own = study.at_speed(speed)
        yield number(speed)
        for schedule in (own.daily, own.hourly):
            yield from (_most(own, schedule, fan_out=fan_out) for fan_out in (False, True))

    rows = map(row, sorted({*SPEEDS, study.assumptions.users_per_second_instance}))
    header = ("users/s of an instance", "daily", "daily, fanned out", "hourly", "hourly, fanned out")
    return table(header, rows, "The most users for whom every run ends in time")


def _most(study: Study, schedule: Schedule, *, fan_out: bool) -> str:
    return millions(limit_of(study, schedule, Verdict.IN_TIME, fan_out=fan_out), rounded=True)


def _shapes(study: Study, users: int) -> str:
    """What the instances of a fanned-out run cost, by their number and by the tasks that each takes at a time."""
    rows = []
    for instances, tasks in SHAPES:
        shape = replace(study.assumptions, max_instances=instances, tasks_per_instance=tasks)
        own = replace(study, assumptions=shape)
        day = own.day(users, own.hourly, fan_out=True)
        compute = dollars(own.bill(day, next(iter(own.prices.firestore))).compute)
        rows.append((instances, tasks, duration(day.busiest.run.seconds), day.verdict.value, compute))
    header = ("instances", "tasks at a time each", "longest run", "outcome", "compute a day")
    return table(header, rows, f"Hourly and fanned out, {millions(users)} users")


def _costs(study: Study, sizes: tuple[int, ...]) -> str:
    """What a day costs in each kind of location, and what reading everybody once would cost there."""
    first, *others = study.prices.firestore
    rows = []
    for users, name, day in _ways(study, sizes):
        bill = study.bill(day, first)
        parts = (bill.reads, bill.writes, bill.compute, bill.tasks + bill.scheduler, bill.total)
        elsewhere = (study.bill(day, location).total for location in others)
        everybody = reading_everybody(users, study.prices, first)
        undone = f", {day.verdict.value}" if day.verdict is Verdict.FALLS_BEHIND else ""
        rows.append((millions(users), name + undone, *map(dollars, (*parts, *elsewhere, everybody))))
    header = ("users", "schedule", "reads", "writes", "compute", "tasks, scheduler", "a day")
    names = (*(location.replace("_", "-") for location in others), "reading everybody")
    return table((*header, *names), rows, f"Dollars a day, {first.replace('_', '-')}")


def _assumed(study: Study) -> dict[str, Any]:
    own, people, rules = study.assumptions, study.population, study.assumptions.rules
    return {
        **vars(study),
        **vars(own),
        **vars(people),
        **vars(rules),
        "at": clock(study.at),
        "zones": len(people.millions),
        "covered": people.covered,
        "deadline": duration(rules.deadline_seconds),
        "shards": SHARDS,
        "ramp_start": number(START_OPERATIONS_PER_SECOND),
        "ramp_growth": GROWTH - 1,
        "ramp_seconds": number(GROWTH_EVERY_SECONDS),
        "index_writes": number(INDEX_WRITES_PER_SECOND),
        "speed": number(own.users_per_second_instance),
    }

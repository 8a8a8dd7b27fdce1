"""The page docs/scale.md: the advice, then the figures that it rests on, then what they rest on.

It must not compute a figure of its own, nor say when it was written: the same figures make the same page.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from streak_core.maintenance.pacing import GROWTH, GROWTH_EVERY_SECONDS, START_OPERATIONS_PER_SECOND
from streak_core.store.sharding import SHARDS
from tools.bench.tables import (
    backlog_table,
    cost_table,
    date_table,
    fan_out_table,
    load_table,
    rate_table,
    shape_table,
    shard_table,
    speed_table,
)
from tools.simulate.advice_words import advice_lines
from tools.simulate.formatting import clock, duration, number
from tools.simulate.plan import INDEX_WRITES_PER_SECOND

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tools.bench.tables import Table
    from tools.simulate.advice import Study

PLOTS: Final = {
    "due.svg": "Users who become due, by minute of the day (UTC), and the backlog of both schedules",
    "size.svg": "The longest run of a day by number of users, against the deadline of a call",
    "ramp.svg": "How many users a call settles in its time, under the ramp and by the speed of an instance",
}
_INTRODUCTION: Final = """\
Written by `python -m tools.simulate --write docs`, from the constants and the pacing of the job itself. Nothing here
was measured on Google Cloud; what is assumed stands at the end, and `python -m tools.simulate --help` says how to
assume otherwise.
"""
_OUTCOMES: Final = """\
*In time*: every run ends before its deadline, or, fanned out, before the next run. *Catches up*: some run leaves users
to later ones, and a quieter hour settles them. *Falls behind*: more are left each day.
"""


def page(study: Study, sizes: tuple[int, ...]) -> str:
    """The whole page, in Markdown."""
    biggest = sizes[-1]
    return "\n".join(
        [
            "# How far it goes\n",
            _INTRODUCTION,
            "## What to choose\n",
            _bullets(advice_lines(study, sizes)),
            "## The day\n",
            _picture("due.svg"),
            _markdown(load_table(study, sizes)),
            _OUTCOMES,
            _picture("size.svg"),
            _markdown(rate_table(study, sizes)),
            _markdown(backlog_table(study, biggest)),
            _markdown(date_table(study, biggest)),
            "## Fan-out\n",
            _markdown(fan_out_table(study, sizes)),
            _markdown(speed_table(study)),
            _picture("ramp.svg"),
            _markdown(shape_table(study, biggest)),
            f"A task has 1/{SHARDS} of the budget however many run: with fewer places than tasks, the waves add up.\n",
            "## Shards\n",
            _markdown(shard_table(study, sizes)),
            "## Costs\n",
            f"Prices of {study.prices.date} from `tools/simulate/data/prices.toml`: {study.prices.note}.\n",
            *(_markdown(cost_table(study, sizes, location)) for location in study.prices.firestore),
            "## What the figures rest on\n",
            _bullets((*_of_users(study), *_of_limits(study))).rstrip("\n"),
            "",
        ]
    )


def _of_users(study: Study) -> tuple[str, ...]:
    own, people = study.assumptions, study.population
    where = (
        f"Users live where people live: {people.source}; {len(people.millions)} zones, {people.covered:.1%} of the "
        f"world, approximate and rounded (`tools/simulate/data/population_by_time_zone.toml`)."
    )
    when = (
        f"The date is {study.date}, and the day before it was the same; a streak day ends at "
        f"{study.day_start_hour:02d}:00 local time. Runs are at {clock(study.at)} UTC, hourly ones at that minute."
    )
    due = (
        f"{own.due_share:.1%} of all users become due in a day, in every zone alike (`--due-share`). Those whose "
        f"streak is 0 never do. A due user costs a read and {own.writes_per_due_user} writes, the streak and one event."
    )
    job = (
        f"Pages of {own.rules.page_users} users, commits of {own.rules.batch_users}, {own.rules.threads} threads and a "
        f"deadline of {duration(own.rules.deadline_seconds)} are the job's own. A commit writes the shard's progress "
        f"too. Users are spread evenly over {SHARDS} shards; conflicts, failures and lease renewals are left out."
    )
    advice = (
        f"Advice is for a day with {own.headroom:g} times the due users, so that a bad day fits. The longest wait is "
        f"from the end of somebody's streak day to the end of the run that settles it."
    )
    return where, when, due, job, advice


def _of_limits(study: Study) -> tuple[str, ...]:
    own = study.assumptions
    ramp = (
        f"Every call begins a cold ramp of {number(START_OPERATIONS_PER_SECOND)} operations a second that grows by "
        f"{GROWTH - 1:.0%} every {number(GROWTH_EVERY_SECONDS)} seconds, as the job paces itself: an hour is taken "
        f"to be long enough to cool down, although clients keep the collection warm all day."
    )
    index = (
        f"A shard of the due index takes {number(INDEX_WRITES_PER_SECOND)} writes a second; a call writes "
        f"as many of them at a time as it has threads. Clients move the deadlines of {own.active_share:.0%} of users "
        f"each day, and in the worst moment {own.peak_factor:g} times as often as on average. A single document, such "
        f"as a shard's progress, should not be written much more than once a second for long."
    )
    instance = (
        f"An instance settles {number(own.users_per_second_instance)} users a second; `make bench` "
        f"finds over 2,000 on two cores that the emulator shares, and the rest is margin. It has one vCPU and "
        f"{own.memory_gib:g} GiB and is paid for "
        f"from its start."
    )
    fan_out = (
        f"Fanned out, up to {own.max_instances} instances take tasks, {own.tasks_per_instance} at a time each "
        f"(`--max-instances`, `--tasks-per-instance`). A task may take as long as a call, so the queue has to wait "
        f"that long for it, and one that is not done is delivered again."
    )
    return ramp, index, instance, fan_out


def _bullets(lines: Iterable[str]) -> str:
    return "\n".join(f"- {line}" for line in lines) + "\n"


def _picture(name: str) -> str:
    return f"![{PLOTS[name]}](scale/{name})\n"


def _markdown(table: Table) -> str:
    lines = [f"**{table.title}**", "", _row(table.header), _row("---" for _ in table.header)]
    return "\n".join([*lines, *(_row(row) for row in table.rows)]) + "\n"


def _row(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |"

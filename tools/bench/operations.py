"""What a night and a command cost in documents, which is what is paid for: counted as the RPCs pass.

It must not know how long anything takes.
"""

from __future__ import annotations

from datetime import timedelta

from tools.bench.counting import Counted, CountingClient
from tools.bench.measuring import Figure, Finding, Goal, Side, at_most
from tools.bench.runner import Bench, job, new_project
from tools.bench.users import DUE, NIGHT, Kind, night_population, write_population

NAME = "operations"

_NOBODY_DUE = timedelta(hours=2)


def measure(bench: Bench) -> Figure:
    """A night of a population, and a later one in which nobody is due any more."""
    population = night_population(bench.size(10_000, 60))
    due = sum(population[kind] for kind in DUE)
    bench.tell("writing users")
    client = CountingClient(new_project())
    write_population(client, population)
    bench.tell("counting a night")
    night = _counted(client, "night", after=timedelta())
    bench.tell("counting an empty night")
    empty = _counted(client, "later", after=_NOBODY_DUE)
    idle = sum(1 for path in night.read if path.startswith(f"streaks/{Kind.ACTIVE}-"))
    return Figure(
        name=NAME,
        title="Operations",
        about=(
            f"Documents read and written by one night over {sum(population.values()):,} users, {due:,} of them due, "
            "counted by an interceptor of the RPCs. A query that finds nothing is billed as one read, and is counted "
            "as one."
        ),
        findings=[
            Finding(name="reads of users who are not due", value=idle, unit="reads", goal=at_most(0)),
            _each("reads for each due user", _reads(night), due, at_most(1.05)),
            _each("writes for each due user", len(night.written), due, at_most(2.1)),
            _each("calls for each due user", night.rpcs, due, None),
            Finding(name="reads of a night in which nobody is due", value=_reads(empty), unit="reads"),
            Finding(name="writes of a night in which nobody is due", value=len(empty.written), unit="writes"),
        ],
        details={"calls": dict(night.calls), "calls_empty_night": dict(empty.calls)},
    )


def _counted(client: CountingClient, run_id: str, *, after: timedelta) -> Counted:
    client.counted.taken()
    job(client).run(run_id, NIGHT + after)
    return client.counted.taken()


def _reads(counted: Counted) -> int:
    return len(counted.read) + counted.empty_queries


def _each(name: str, documents: int, due: int, goal: Goal | None) -> Finding:
    sides = (
        Side(label="operations", unit="", values=[documents]),
        Side(label="due users", unit="", values=[due]),
    )
    return Finding(name=name, value=documents / due, unit="each", sides=sides, goal=goal)

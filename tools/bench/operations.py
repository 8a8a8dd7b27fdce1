"""What a night and a command cost in documents, which is what is paid for: counted as the RPCs pass.

It must not know how long anything takes.
"""

from __future__ import annotations

from datetime import timedelta

from tools.bench.counting import Counted, CountingClient
from tools.bench.measuring import Figure, Finding, Goal, Side, at_most
from tools.bench.runner import Bench, job
from tools.bench.users import NIGHT, Kind, night_population, write_population

_NOBODY_DUE = timedelta(hours=2)


def measure(bench: Bench) -> Figure:
    """A night of a population, and a later one in which nobody is due any more."""
    population = night_population(bench.size(10_000, 60))
    due = population[Kind.FROZEN] + population[Kind.LOST]
    bench.tell("counting a night, and one in which nobody is due")
    client = bench.client()
    write_population(client, population)
    night = _counted(client.project, "night", after=timedelta())
    empty = _counted(client.project, "later", after=_NOBODY_DUE)
    idle = sum(1 for path in night.read if path.startswith(f"streaks/{Kind.ACTIVE}-"))
    return Figure(
        title="Operations",
        about=(
            f"Documents read and written by one night over {sum(population.values()):,} users, {due:,} of them due, "
            "counted by an interceptor of the RPCs. A query that finds nothing is billed as one read, and is counted "
            "as one."
        ),
        findings=[
            Finding(name="reads of users who are not due", value=idle, unit="reads", goal=at_most(0)),
            _each("reads for each due user", night.reads, due, at_most(1.05)),
            _each("writes for each due user", len(night.written), due, at_most(2.1)),
            _each("calls for each due user", night.calls.total(), due, None),
            Finding(name="reads of a night in which nobody is due", value=empty.reads, unit="reads"),
            Finding(name="writes of a night in which nobody is due", value=len(empty.written), unit="writes"),
        ],
        details={"calls": dict(night.calls), "calls_empty_night": dict(empty.calls)},
    )


def _counted(project: str, run_id: str, *, after: timedelta) -> Counted:
    client = CountingClient(project)
    job(client).run(run_id, NIGHT + after)
    return client.counted


def _each(name: str, documents: int, due: int, goal: Goal | None) -> Finding:
    counts = {"operations": documents, "due users": due}
    sides = [Side(label=label, unit="", values=[count]) for label, count in counts.items()]
    return Finding(name=name, value=documents / due, unit="each", sides=sides, goal=goal)

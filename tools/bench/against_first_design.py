"""The present job against that of the first design: the same run, the same users, on the same emulator, in turn.

It must not know how either of them works.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from google.cloud import firestore

from tools.bench.counting import Counted, CountingClient
from tools.bench.first_design import first_run
from tools.bench.measuring import Figure, Finding, Side, at_least, in_turn, ratio, seconds
from tools.bench.runner import Bench, job, new_project
from tools.bench.users import NIGHT, Kind, night_population, write_population

NAME = "first_design"
_DISTANCE_SECONDS: Final = 0.005
_GOAL: Final = at_least(25)
_SIDES: Final = ("the present job", "the first design")
_ABOUT: Final = (
    "One run over {size:,} users: {active:,} active the day before and so not due, {frozen:,} who missed it and have a "
    "freeze, {lost:,} who lost their streak. The first design reads everybody in pages of 100, one by one, with a "
    "transaction for each freeze, an update for each break and an added event for each. Every round begins with an "
    "empty database. The emulator has no index: it answers each query by going through all users, for either job. It "
    "answers from the same machine, and computes on the same cores; a deployed database does none of this, so the same "
    "is measured with every call of either job held up for {distance_ms:.0f} ms."
)

Population = Mapping[Kind, int]
Run = Callable[[firestore.Client], tuple[Any, Any]]


def measure(bench: Bench) -> Figure:
    """Both runs in turn, on this machine as it is, and with a database that is five milliseconds away."""
    size, distant_size = bench.size(10_000, 100), bench.size(2_000, 50)
    population, distance_ms = night_population(size), _DISTANCE_SECONDS * 1_000
    bench.tell("warming up: the first requests of an emulator's life are slow, whoever sends them")
    for run in (_present, _first):
        _prepared(run, bench.client(), night_population(bench.size(1_000, 20)))()
    near = _compared(bench, population, "times as fast, the database on this machine", bench.client)
    scanning = _scanning(bench, population)
    distant = _compared(
        bench,
        night_population(distant_size),
        f"times as fast, the database {distance_ms:.0f} ms away, {distant_size:,} users",
        lambda: CountingClient(new_project(), _DISTANCE_SECONDS),
    )
    return Figure(
        name=NAME,
        title="Against the first design",
        about=_ABOUT.format(
            size=size,
            active=population[Kind.ACTIVE],
            frozen=population[Kind.FROZEN],
            lost=population[Kind.LOST],
            distance_ms=distance_ms,
        ),
        findings=[near, scanning, distant, *_costs(bench, population)],
    )


def _timed(
    bench: Bench, label: str, run: Run, client: Callable[[], firestore.Client], population: Population
) -> Callable[[int], float]:
    def once(number: int) -> float:
        bench.tell(f"{label}, {sum(population.values()):,} users, round {number + 1}")
        return seconds(_prepared(run, client(), population))

    return once


def _compared(bench: Bench, population: Population, name: str, client: Callable[[], firestore.Client]) -> Finding:
    size = sum(population.values())
    runs = zip(_SIDES, (_present, _first), strict=True)
    took = in_turn(bench.size(3, 1), *(_timed(bench, label, run, client, population) for label, run in runs))
    ours, first = (
        Side(label=label, unit="users/s", values=[size / one for one in side])
        for label, side in zip(_SIDES, took, strict=True)
    )
    return ratio(name, ours, first, _GOAL)


def _scanning(bench: Bench, population: Population) -> Finding:
    """What the job's run would take if nobody were due: its queries, which the emulator answers without an index."""
    nobody = {Kind.ACTIVE: sum(population.values()), Kind.FROZEN: 0, Kind.LOST: 0}
    labels = ("a run in which nobody is due", "this run")
    runs = zip(labels, (nobody, population), strict=True)
    took = in_turn(bench.size(3, 1), *(_timed(bench, label, _present, bench.client, stored) for label, stored in runs))
    empty, whole = (Side(label=label, unit="s", values=side) for label, side in zip(labels, took, strict=True))
    return ratio("of the present job's run is the emulator looking through all users", empty, whole)


def _prepared(run: Run, client: firestore.Client, population: Population) -> Callable[[], None]:
    """A run over users who are stored by now; it raises when it does not do what they need."""
    write_population(client, population)

    def do() -> None:
        done = run(client)
        if done != (population[Kind.FROZEN], population[Kind.LOST]):
            message = f"freezes and breaks were {done}, the population asks for others"
            raise RuntimeError(message)

    return do


def _costs(bench: Bench, population: Population) -> list[Finding]:
    """What both runs ask of the database, counted."""
    bench.tell("counting both runs")
    present, first = (_counted(run, population) for run in (_present, _first))
    asked = {
        "of the first design's calls": (present.rpcs, first.rpcs),
        "of its reads": (len(present.read) + present.empty_queries, len(first.read) + first.empty_queries),
        "of its writes": (len(present.written), len(first.written)),
    }
    mine, its = _SIDES
    return [
        ratio(name, Side(label=mine, unit="", values=[ours]), Side(label=its, unit="", values=[theirs]))
        for name, (ours, theirs) in asked.items()
    ]


def _counted(run: Run, population: Population) -> Counted:
    client = CountingClient(new_project())
    do = _prepared(run, client, population)
    client.counted.taken()
    do()
    return client.counted.taken()


def _present(client: firestore.Client) -> tuple[Any, Any]:
    report = job(client).run("night", NIGHT)
    return report.freezes_applied, report.streaks_broken


def _first(client: firestore.Client) -> tuple[Any, Any]:
    return first_run(client, NIGHT)

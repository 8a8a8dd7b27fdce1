"""The present job against that of the first design: the same night, the same users, on the same emulator, in turn.

It must not know how either of them works.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from tools.bench.counting import CountingClient
from tools.bench.distance import DistantClient
from tools.bench.first_design import first_night
from tools.bench.measuring import Figure, Finding, Side, at_least, in_turn, ratio, seconds
from tools.bench.runner import Bench, job, new_project
from tools.bench.users import NIGHT, Kind, night_population, write_population

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from google.cloud import firestore

    Night = Callable[[firestore.Client], tuple[Any, Any]]

NAME = "first_design"
_DISTANCE_SECONDS: Final = 0.005
_GOAL: Final = at_least(25)


def measure(bench: Bench) -> Figure:
    """Both nights in turn, on this machine as it is, and with a database that is five milliseconds away."""
    size, distant_size = bench.size(10_000, 100), bench.size(2_000, 50)
    population = night_population(size)
    _warm_up(bench)
    near = _compared(bench, population, "times as fast, the database on this machine", bench.client)
    scanning = _scanning(bench, population)
    distant = _compared(
        bench,
        night_population(distant_size),
        f"times as fast, the database {_DISTANCE_SECONDS * 1_000:.0f} ms away, {distant_size:,} users",
        lambda: DistantClient(new_project(), _DISTANCE_SECONDS),
    )
    return Figure(
        name=NAME,
        title="Against the first design",
        about=(
            f"One night over {size:,} users: {population[Kind.ACTIVE]:,} active the day before and so not due, "
            f"{population[Kind.FROZEN]:,} who missed it and have a freeze, {population[Kind.LOST]:,} who lost their "
            "streak. The first design reads everybody in pages of 100, one by one, with a transaction for each "
            "freeze, an update for each break and an added event for each. Every round begins with an empty database. "
            "The emulator has no index: it answers each query by going through all users, for either job. It answers "
            "from the same machine, and computes on the same cores; a deployed database does none of this, so the same "
            f"is measured with every call of either job held up for {_DISTANCE_SECONDS * 1_000:.0f} ms."
        ),
        findings=[near, scanning, distant, *_costs(bench, population)],
    )


def _compared(
    bench: Bench, population: Mapping[Kind, int], name: str, client: Callable[[], firestore.Client]
) -> Finding:
    rounds, size = bench.size(3, 1), sum(population.values())

    def timed(label: str, night: Night) -> Callable[[int], float]:
        def once(number: int) -> float:
            bench.tell(f"{label}, {size:,} users, round {number + 1} of {rounds}")
            return seconds(_prepared(night, client(), population))

        return once

    ours, first = in_turn(rounds, timed("the present job", _present), timed("the first design", _first))
    return ratio(
        name,
        Side(label="the present job", unit="users/s", values=[size / one for one in ours]),
        Side(label="the first design", unit="users/s", values=[size / one for one in first]),
        _GOAL,
    )


def _scanning(bench: Bench, population: Mapping[Kind, int]) -> Finding:
    """What the job's night would take if nobody were due: its queries, which the emulator answers without an index."""
    rounds, size = bench.size(3, 1), sum(population.values())
    nobody = {Kind.ACTIVE: size, Kind.FROZEN: 0, Kind.LOST: 0}

    def timed(stored: Mapping[Kind, int]) -> Callable[[int], float]:
        def once(number: int) -> float:
            bench.tell(f"a night of {size:,} users, round {number + 1} of {rounds}")
            return seconds(_prepared(_present, bench.client(), stored))

        return once

    empty, whole = in_turn(rounds, timed(nobody), timed(population))
    return ratio(
        "of the present job's night is the emulator looking through all users",
        Side(label="a night in which nobody is due", unit="s", values=empty),
        Side(label="this night", unit="s", values=whole),
    )


def _prepared(night: Night, client: firestore.Client, population: Mapping[Kind, int]) -> Callable[[], None]:
    """A night over users who are stored by now; it raises when it does not do what they need."""
    write_population(client, population)

    def live() -> None:
        done = night(client)
        if done != (population[Kind.FROZEN], population[Kind.LOST]):
            message = f"freezes and breaks were {done}, the population asks for others"
            raise RuntimeError(message)

    return live


def _costs(bench: Bench, population: Mapping[Kind, int]) -> list[Finding]:
    """What both nights ask of the database, counted."""
    bench.tell("counting both nights")
    counted = []
    for night in (_present, _first):
        client = CountingClient(new_project())
        live = _prepared(night, client, population)
        client.counted.taken()
        live()
        counted.append(client.counted.taken())
    present, first = counted
    asked = {
        "of the first design's calls": (present.rpcs, first.rpcs),
        "of its reads": (len(present.read) + present.empty_queries, len(first.read) + first.empty_queries),
        "of its writes": (len(present.written), len(first.written)),
    }
    return [
        ratio(
            name,
            Side(label="the present job", unit="", values=[ours]),
            Side(label="the first design", unit="", values=[theirs]),
        )
        for name, (ours, theirs) in asked.items()
    ]


def _warm_up(bench: Bench) -> None:
    """The first requests of an emulator's life are slow, whoever sends them."""
    bench.tell("warming up")
    for night in (_present, _first):
        _prepared(night, bench.client(), night_population(bench.size(1_000, 20)))()


def _present(client: firestore.Client) -> tuple[Any, Any]:
    report = job(client).run("night", NIGHT)
    return report["freezes_applied"], report["streaks_broken"]


def _first(client: firestore.Client) -> tuple[Any, Any]:
    done = first_night(client, NIGHT)
    return done.freezes_applied, done.streaks_broken

"""The job against the limit: the bare client sending the same queries and commits, made beforehand, with no logic.

It must not know what is in them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from tools.bench.bare import KeepingClient, Prepared
from tools.bench.bare_night import live, prepare
from tools.bench.measuring import Figure, Side, at_least, in_turn, ratio, seconds
from tools.bench.runner import Bench, job, new_project
from tools.bench.users import NIGHT, Kind, night_population, write_population

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

NAME = "limit"
_ABOUT: Final = (
    "One night over {size:,} due users. The bare client makes the same public calls: the same queries, with the "
    "same pages, and the same transactions with documents prepared beforehand, in the same number of threads; it "
    "replays, decides, reads into types and encodes nothing."
)


def measure(bench: Bench) -> Figure:
    """The job and the bare client with the same RPCs, in turn."""
    size, rounds = bench.size(10_000, 60), bench.size(5, 1)
    population = night_population(size, due_share=1.0)
    bench.tell("living a night whose commits are kept")
    night = prepare(_one_night(population))

    def present(number: int) -> float:
        bench.tell(f"the job, round {number + 1} of {rounds}")
        client = bench.client()
        write_population(client, population)
        return seconds(lambda: job(client).run("night", NIGHT))

    def bare(number: int) -> float:
        bench.tell(f"the bare client, round {number + 1} of {rounds}")
        client = bench.client()
        write_population(client, population)
        return seconds(lambda: live(client, night, NIGHT))

    took = in_turn(rounds, present, bare, unmeasured=1)
    labels = ("the job", "bare client")
    ours, least = (
        Side(label=label, unit="users/s", values=[size / one for one in side])
        for label, side in zip(labels, took, strict=True)
    )
    return Figure(
        name=NAME,
        title="Against the limit",
        about=_ABOUT.format(size=size),
        findings=[ratio("of the bare client's throughput", ours, least, at_least(0.85))],
    )


def _one_night(population: Mapping[Kind, int]) -> Sequence[Prepared]:
    """All transactions of one night of the job."""
    client = KeepingClient(new_project())
    write_population(client, population)
    job(client).run("night", NIGHT)
    return client.kept

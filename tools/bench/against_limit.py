"""The job against the limit: the bare client sending the same queries and commits, made beforehand, with no logic.

It must not know what is in them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from tools.bench.bare import KeepingClient
from tools.bench.bare_night import live, prepare
from tools.bench.measuring import Figure, at_least, ratio, seconds
from tools.bench.runner import Bench, job, new_project
from tools.bench.users import NIGHT, night_population, write_population

if TYPE_CHECKING:
    from collections.abc import Callable

    from google.cloud import firestore

_ABOUT: Final = (
    "One night over {size:,} due users. The bare client makes the same public calls: the same queries, with the "
    "same pages, and the same transactions with documents prepared beforehand, in the same number of threads; it "
    "replays, decides, reads into types and encodes nothing."
)


def measure(bench: Bench) -> Figure:
    """The job and the bare client with the same RPCs, in turn."""
    size = bench.size(10_000, 60)
    population = night_population(size, due_share=1.0)
    bench.tell("living a night whose commits are kept")
    keeping = KeepingClient(new_project())
    write_population(keeping, population)
    job(keeping).run("night", NIGHT)
    night = prepare(keeping.kept)

    def of_a_new_night(run: Callable[[firestore.Client], object]) -> Callable[[int], float]:
        def once(_: int) -> float:
            client = bench.client()
            write_population(client, population)
            return seconds(lambda: run(client))

        return once

    sides = {
        "the job": of_a_new_night(lambda client: job(client).run("night", NIGHT)),
        "bare client": of_a_new_night(lambda client: live(client, night, NIGHT)),
    }
    ours, least = bench.sides(sides, "users/s", rounds=bench.size(5, 1), amount=size, unmeasured=1)
    return Figure(
        title="Against the limit",
        about=_ABOUT.format(size=size),
        findings=[ratio("of the bare client's throughput", ours, least, goal=at_least(0.85))],
    )

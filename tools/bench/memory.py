"""Memory of the job at growing numbers of due users, each night in a process of its own.

It must not know what a night does; it writes the population itself, so that the other process holds nothing of it.
"""

from __future__ import annotations

from typing import Any

from tools.bench.measuring import Figure, Finding, Side, at_most
from tools.bench.runner import Bench, Worker
from tools.bench.users import night_population, write_population

NAME = "memory"


def measure(bench: Bench) -> Figure:
    """One night for each number of due users."""
    sizes = (20, 50, 100) if bench.is_quick else (1_000, 10_000, 100_000)
    nights = [_night(bench, size) for size in sizes]
    peaks = [night["peak_memory_mib"] for night in nights]
    sides = [
        Side(label=f"{size:,} due users", unit="MiB", values=[peak]) for size, peak in zip(sizes, peaks, strict=True)
    ]
    return Figure(
        name=NAME,
        title="Memory",
        about=(
            f"The highest resident memory of a process that lives one night with {sizes[0]:,}, {sizes[1]:,} and "
            f"{sizes[2]:,} due users and nothing else; all libraries are in it. The emulator has no index and goes "
            "through all users for each query, so that here a query may take longer than the job otherwise allows."
        ),
        findings=[
            Finding(name="peak", value=max(peaks), unit="MiB", sides=sides, goal=at_most(100)),
            Finding(
                name=f"more at {sizes[2]:,} due users than at {sizes[1]:,}",
                value=peaks[2] - peaks[1],
                unit="MiB",
                sides=sides[1:],
                goal=at_most(5),
            ),
            Finding(name="times as much with ten times as many", value=peaks[2] / peaks[1], unit="x", sides=sides[1:]),
        ],
        details={
            "due_users": sizes,
            "peak_mib": peaks,
            "before_the_night_mib": [night["before_mib"] for night in nights],
            "users_per_second": [night["users_per_second"] for night in nights],
        },
    )


def _night(bench: Bench, size: int) -> dict[str, Any]:
    bench.tell(f"writing {size:,} due users")
    client = bench.client()
    write_population(client, night_population(size, due_share=1.0))
    bench.tell(f"a night with {size:,} due users in a process of its own")
    with Worker("tools.bench.memory_night", [client.project]) as worker:
        night = worker.found()
    if night["users_processed"] != size:
        message = f"the night had {night['users_processed']} due users, not {size}"
        raise RuntimeError(message)
    return night

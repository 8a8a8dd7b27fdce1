"""Memory of the job at growing numbers of due users, each run in a process of its own.

It must not know what a run does; it writes the population itself, so that the other process holds nothing of it.
"""

from __future__ import annotations

from tools.bench.measuring import Figure, Finding, Json, Side, at_most
from tools.bench.runner import Bench, run_alone
from tools.bench.users import night_population, write_population


def measure(bench: Bench) -> Figure:
    """One run for each number of due users."""
    sizes = (20, 50, 100) if bench.is_quick else (1_000, 10_000, 50_000)
    runs = {size: _run(bench, size) for size in sizes}
    peaks = [run["peak_memory_mib"] for run in runs.values()]
    sides = [
        Side(label=f"{size:,} due users", unit="MiB", values=[peak]) for size, peak in zip(sizes, peaks, strict=True)
    ]
    more, times = peaks[2] - peaks[1], peaks[2] / peaks[1]
    return Figure(
        title="Memory",
        about=(
            f"The highest resident memory of a process that does one run with {sizes[0]:,}, {sizes[1]:,} and "
            f"{sizes[2]:,} due users and nothing else; all libraries are in it. The emulator has no index and goes "
            "through all users for each query, so that here a query may take longer than the job otherwise allows."
        ),
        findings=[
            Finding(name="peak", value=max(peaks), unit="MiB", sides=sides, goal=at_most(100)),
            Finding(name="more with five times as many", value=more, unit="MiB", sides=sides[1:], goal=at_most(5)),
            Finding(name="times as much with five times as many", value=times, unit="x", sides=sides[1:]),
        ],
        details={"due_users": sizes, "runs": list(runs.values())},
    )


def _run(bench: Bench, size: int) -> Json:
    bench.tell(f"a run with {size:,} due users in a process of its own")
    client = bench.client()
    write_population(client, night_population(size, due_share=1.0))
    run = run_alone("tools.bench.memory_run", client.project)
    if run["users_processed"] != size:
        message = f"the run had {run['users_processed']} due users, not {size}"
        raise RuntimeError(message)
    return run

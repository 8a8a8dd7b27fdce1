"""Making a shared picture against the renderer's own work for an empty one of the same size. It must not know HTTP."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from statistics import quantiles
from typing import Final

from streak_core.domain.model import Verdict
from streak_core.sharing.names import drawn
from streak_core.sharing.picture import HEIGHT, WIDTH, svg
from streak_core.sharing.raster import png
from streak_core.sharing.snapshot import Language, Snapshot
from tools.bench.measuring import Figure, at_most, ratio, seconds
from tools.bench.runner import Bench

_EMPTY: Final = f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{HEIGHT}"/>'.encode()


def measure(bench: Bench) -> Figure:
    """The 95th percentile of both, in turn."""
    times = bench.size(20, 2)
    # Past the few that a process keeps.
    draw = png.__wrapped__

    def p95(work: Callable[[int], object]) -> Callable[[int], float]:
        def once(_: int) -> float:
            took = [1000 * seconds(lambda: work(number)) for number in range(times)]  # noqa: B023 - it is called here
            return quantiles(took, n=20)[-1]

        return once

    sides = {"a picture": p95(lambda number: draw(svg(_snapshot(number)))), "an empty one": p95(lambda _: draw(_EMPTY))}
    ours, bare = bench.sides(sides, "ms, 95th percentile", rounds=bench.size(5, 1), unmeasured=1)
    return Figure(
        title="A shared picture",
        about=(
            f"{times} pictures a round, of {WIDTH} by {HEIGHT} pixels, each with a name and a week, from the snapshot "
            "to the PNG, by one thread; against the same renderer at nothing but an empty picture of that size, with "
            "the same font."
        ),
        findings=[ratio("times as long as an empty one", ours, bare, goal=at_most(3))],
    )


def _snapshot(number: int) -> Snapshot:
    return Snapshot(
        current_streak=number,
        longest_streak=400,
        milestone=365,
        next_milestone=465,
        today=date(2026, 3, 8),
        week=(*[Verdict.ACTIVE] * 4, Verdict.FROZEN, Verdict.REST, Verdict.PENDING),
        name=drawn(f"Ada {number} علي"),
        language=Language.EN,
    )

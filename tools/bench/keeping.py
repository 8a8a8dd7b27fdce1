"""What is kept of figures: the newest of each, all of one machine, so that a run of some leaves the others as they are.

It must not measure, nor know where anything is kept.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tools.bench.measuring import Json

NOTHING: Final[Json] = {"machine": None, "figures": []}


def with_figure(kept: Json, machine: Json, figure: Json, names: Sequence[str]) -> Json:
    """What was kept with one figure anew, in the order of `names`; figures of another machine are dropped."""
    others = kept["figures"] if kept["machine"] == machine else []
    found = {one["name"]: one for one in (*others, figure)}
    return {"machine": machine, "figures": [found[name] for name in names if name in found]}


def is_whole(kept: Json, names: Sequence[str]) -> bool:
    """Whether there is one of each."""
    return [one["name"] for one in kept["figures"]] == list(names)

"""How figures are taken and kept: sides measured in turn, medians, their ratio, and the goal it is held to.

It must not know what is measured.
"""

from __future__ import annotations

import gc
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from functools import partial
from statistics import median
from typing import Any, Final

Json = dict[str, Any]

AT_LEAST: Final = "at least"


@dataclass(frozen=True)
class Goal:
    """What a figure should be; `bound` is `AT_LEAST`, or "at most"."""

    bound: str
    value: float

    def is_met(self, value: float) -> bool:
        """Whether a figure is good enough."""
        return value >= self.value if self.bound == AT_LEAST else value <= self.value


# A goal that more is better for, and one that less is.
at_least: Final = partial(Goal, AT_LEAST)
at_most: Final = partial(Goal, "at most")


@dataclass(frozen=True, kw_only=True)
class Side:
    """The absolute values of one side of a comparison, one for each round."""

    label: str
    unit: str
    values: Sequence[float]


@dataclass(frozen=True, kw_only=True)
class Finding:
    """One figure with the absolute values it was made from; `spread` is the lowest and the highest round's."""

    name: str
    value: float
    unit: str
    sides: Sequence[Side] = ()
    spread: tuple[float, float] | None = None
    goal: Goal | None = None

    def as_json(self) -> Json:
        """Everything there is to it, medians and verdict included: None where there is no goal."""
        sides = [{**asdict(side), "median": median(side.values)} for side in self.sides]
        return {**asdict(self), "sides": sides, "is_met": self.goal.is_met(self.value) if self.goal else None}


@dataclass(frozen=True, kw_only=True)
class Figure:
    """What one module measured: findings, and what else a reader wants to see."""

    title: str
    # What was done, in plain sentences.
    about: str
    findings: Sequence[Finding]
    details: Mapping[str, Any] = field(default_factory=dict)

    def as_json(self) -> Json:
        """As kept beside the page."""
        return {**asdict(self), "findings": [finding.as_json() for finding in self.findings]}


def in_turn(rounds: int, *sides: Callable[[int], float], unmeasured: int = 0) -> list[tuple[float, ...]]:
    """Calls the sides with the number of the round, A B A B; answers each side's values, one a round.

    Some rounds may go before that nobody counts: the first requests of a process are slow.
    """
    found: list[list[float]] = [[] for _ in sides]
    for number in range(-unmeasured, rounds):
        for side, values in zip(sides, found, strict=True):
            # What earlier sides left behind is not collected on this one's time.
            gc.collect()
            values.append(side(number))
    return [tuple(values[unmeasured:]) for values in found]


def seconds(work: Callable[[], object]) -> float:
    """How long some work took."""
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


def ratio(name: str, ours: Side, against: Side, *, goal: Goal | None = None) -> Finding:
    """The median of the rounds' quotients: a machine that was busy for a round was busy for both sides of it."""
    found = [one / other for one, other in zip(ours.values, against.values, strict=True)]
    spread = min(found), max(found)
    return Finding(name=name, value=median(found), unit="x", sides=(ours, against), spread=spread, goal=goal)

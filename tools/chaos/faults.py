"""Which fault meets which RPC: decided by the seed and the place alone, never by the order in which threads run.

It must not know gRPC, users or what is asked.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final, NamedTuple, Protocol

BEGIN: Final = "BeginTransaction"
COMMIT: Final = "Commit"
ROLLBACK: Final = "Rollback"
# The RPCs that answer with a stream.
STREAMS: Final = frozenset({"BatchGetDocuments", "RunQuery", "RunAggregationQuery"})

CUT_AFTER_MAX: Final = 3
SLOW_SECONDS_MAX: Final = 0.004


class Code(StrEnum):
    """What the caller is told."""

    UNAVAILABLE = "UNAVAILABLE"
    ABORTED = "ABORTED"
    DEADLINE_EXCEEDED = "DEADLINE_EXCEEDED"
    RESOURCE_EXHAUSTED = "RESOURCE_EXHAUSTED"


class Place(StrEnum):
    """Where an RPC fails."""

    # The server never hears of it.
    BEFORE = "before"
    # The server has acted, and its reply is lost.
    AFTER = "after"
    # The caller is told that it failed; the request arrives when the caller has read again and is about to write.
    LATE = "late"
    # The stream ends in an error after some of its messages.
    CUT = "cut"
    # The server has acted, and the connection is gone: the next RPC makes a new one.
    LINE = "line"
    # Everything is well, but takes a while.
    SLOW = "slow"


class Site(NamedTuple):
    """One RPC of a life: the step, which of its devices sends it, and the how manieth of its name it is there."""

    step: int
    device: str
    rpc: str
    number: int


@dataclass(frozen=True)
class Fault:
    """One fault; `amount` is the messages that pass before a cut, or the thousandths of the longest wait."""

    place: Place
    code: Code | None = None
    amount: int = 0

    @property
    def name(self) -> str:
        """What the caller sees."""
        return self.code or "(slow)"


class Plan(Protocol):
    """Says which fault meets an RPC."""

    def at(self, site: Site) -> Fault | None:
        """The fault there; None where everything is well."""


# Of each step: some are calm, some stormy, so that faults come alone and in rows.
_INTENSITIES: Final = (0.05, 0.2, 0.2, 0.35, 0.6)
_ON_WRITES: Final = 1.5
_ON_STREAMS: Final = (*(Place.BEFORE, Place.AFTER, Place.CUT) * 2, Place.LINE, Place.SLOW)
_ON_COMMIT: Final = (*(Place.BEFORE, Place.AFTER, Place.LATE) * 2, Place.LINE, Place.SLOW)
_ON_OTHERS: Final = (Place.BEFORE, Place.AFTER, Place.LINE, Place.SLOW)


@dataclass(frozen=True)
class SeededPlan:
    """Faults by the seed; those at the `spared` sites are left out, which is how a life is made smaller."""

    seed: int
    household: int
    spared: frozenset[Site] = field(default_factory=frozenset)

    def at(self, site: Site) -> Fault | None:
        """The fault there; None where everything is well."""
        if site in self.spared:
            return None
        dice = random.Random(f"{self.seed}/{self.household}/{site}")  # noqa: S311 - repeatable, no secret
        # Writing is where something can go wrong for good.
        if dice.random() >= self._intensity(site.step) * (_ON_WRITES if site.rpc == COMMIT else 1):
            return None
        place = dice.choice(_places(site.rpc))
        if place is Place.SLOW:
            return Fault(place, amount=dice.randrange(1000))
        code = Code.UNAVAILABLE if place is Place.LINE else dice.choice(list(Code))
        return Fault(place, code, amount=dice.randint(1, CUT_AFTER_MAX) if place is Place.CUT else 0)

    def _intensity(self, step: int) -> float:
        return random.Random(f"{self.seed}/{self.household}/{step}").choice(_INTENSITIES)  # noqa: S311 - as above


class NoFaults:
    """Everything is well."""

    def at(self, site: Site) -> Fault | None:  # noqa: ARG002 - wherever it is
        """Nothing."""
        return None


def _places(rpc: str) -> tuple[Place, ...]:
    if rpc in STREAMS:
        return _ON_STREAMS
    return _ON_COMMIT if rpc == COMMIT else _ON_OTHERS

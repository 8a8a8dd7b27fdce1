"""Which fault meets which RPC: decided by the seed and the place alone, never by the order in which threads run.

It must not know gRPC, users or what is asked.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final, NamedTuple

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


class Mode(StrEnum):
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
    CONNECTION = "connection"
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

    mode: Mode
    code: Code | None = None
    amount: int = 0

    @property
    def told(self) -> Code:
        """What the caller is told where it fails."""
        return self.code or Code.UNAVAILABLE


# Says which fault meets an RPC; None where everything is well.
Plan = Callable[[Site], Fault | None]


def no_faults(_: Site) -> None:
    """Everything is well."""


# Of each step: some are calm, some stormy, so that faults come alone and in rows.
_INTENSITIES: Final = (0.05, 0.2, 0.2, 0.35, 0.6)
_ON_WRITES: Final = 1.5
_ON_STREAMS: Final = (*(Mode.BEFORE, Mode.AFTER, Mode.CUT) * 2, Mode.CONNECTION, Mode.SLOW)
_ON_COMMIT: Final = (*(Mode.BEFORE, Mode.AFTER, Mode.LATE) * 2, Mode.CONNECTION, Mode.SLOW)
_ON_OTHERS: Final = (Mode.BEFORE, Mode.AFTER, Mode.CONNECTION, Mode.SLOW)


@dataclass(frozen=True)
class SeededPlan:
    """Faults by the seed; those at the `spared` sites are left out, which is how a life is made smaller."""

    seed: int
    environment: int
    spared: frozenset[Site] = field(default_factory=frozenset)

    def __call__(self, site: Site) -> Fault | None:
        """The fault there."""
        if site in self.spared:
            return None
        dice = random.Random(f"{self.seed}/{self.environment}/{site}")  # noqa: S311 - repeatable, no secret
        # Writing is where something can go wrong for good.
        if dice.random() >= self._intensity(site.step) * (_ON_WRITES if site.rpc == COMMIT else 1):
            return None
        mode = dice.choice(_modes(site.rpc))
        if mode is Mode.SLOW:
            return Fault(mode, amount=dice.randrange(1000))
        code = Code.UNAVAILABLE if mode is Mode.CONNECTION else dice.choice(list(Code))
        return Fault(mode, code, amount=dice.randint(1, CUT_AFTER_MAX) if mode is Mode.CUT else 0)

    def _intensity(self, step: int) -> float:
        return random.Random(f"{self.seed}/{self.environment}/{step}").choice(_INTENSITIES)  # noqa: S311 - as above


def _modes(rpc: str) -> tuple[Mode, ...]:
    if rpc in STREAMS:
        return _ON_STREAMS
    return _ON_COMMIT if rpc == COMMIT else _ON_OTHERS

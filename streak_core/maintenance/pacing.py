"""How fast the job may write: one budget that follows Firestore's 500/50/5 rule.

A collection that was idle starts at 500 operations a second and may grow by half every five minutes; one that was
written to until a moment ago is as warm as that made it. It must not know what is written; the same functions are what
the simulation of large populations plans with.
"""

from __future__ import annotations

import threading
import time
from collections import deque
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from streak_core.store.paces import Pace

START_OPERATIONS_PER_SECOND: Final = 500.0
GROWTH: Final = 1.5
GROWTH_EVERY_SECONDS: Final = 300.0
# A budget that was not used is kept for so long: a burst is never more than this.
BURST_SECONDS: Final = 1.0
# More than all tasks of a run can write: 64 shards of the due index, 500 users a second each, three documents a user.
# What is kept of a run and is more is no number that a run left.
WRITTEN_PER_SECOND_MAX: Final = 100_000.0


def allowed_per_second(elapsed_seconds: float, share: float = 1.0, warm: float = 0.0) -> float:
    """Operations a second that 500/50/5 allows so long after the start; `share` is this worker's part of them.

    `warm` is what a worker begins with where that is more than its part of a cold start: see `warm_per_second`.
    """
    steps = max(0.0, elapsed_seconds) // GROWTH_EVERY_SECONDS
    return float(max(START_OPERATIONS_PER_SECOND * share, warm) * GROWTH**steps)


def warm_per_second(pace: Pace | None, now: datetime, share: float = 1.0) -> float:
    """Operations a second that a worker may begin with after the one that left the pace; 0.0 is a cold start.

    It is what was written, until five minutes later. A pace from the future, or of more than there can be, is none.
    """
    if pace is None:
        return 0.0
    is_recent = 0 <= (now - pace.until).total_seconds() <= GROWTH_EVERY_SECONDS
    is_worth = START_OPERATIONS_PER_SECOND * share < pace.written_per_second <= WRITTEN_PER_SECOND_MAX * share
    return pace.written_per_second if is_recent and is_worth else 0.0


def left_pace(found: Pace | None, own: Pace, now: datetime, share: float = 1.0) -> Pace | None:
    """What the next worker may go by: the warmer one of what was found and what was written; None where both are cold.

    So a run of a moment does not cool down what it found, which ages as before.
    """
    warmer = max(found or own, own, key=lambda one: warm_per_second(one, now, share))
    return warmer if warm_per_second(warmer, now, share) else None


@dataclass
class WriteBudget:
    """Hands out operations to all threads of a run, no faster than is allowed. `share` is 1/n where n workers share."""

    share: float = 1.0
    clock: Callable[[], float] = time.monotonic
    sleep: Callable[[float], object] = time.sleep
    _warm: float = field(default=0.0, init=False)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def __post_init__(self) -> None:
        """The ramp begins here."""
        self._begun = self.clock()
        # The moment from which the next operations may be sent; handing out moves it on.
        self._free_at = self._begun

    def take(self, operations: int) -> float:
        """Waits until so many operations may be sent; answers the seconds waited."""
        with self._lock:
            now = self.clock()
            start = max(self._free_at, now - BURST_SECONDS)
            self._free_at = start + operations / self.allowed_at(now)
            wait = max(0.0, start - now)
        if wait:
            self.sleep(wait)
        return wait

    def allowed_at(self, now: float) -> float:
        """Operations a second at a moment of the clock."""
        return allowed_per_second(now - self._begun, self.share, self._warm)

    def warm_up(self, per_second: float) -> None:
        """The ramp begins anew with so many operations a second, where that is more than it has come to."""
        with self._lock:
            now = self.clock()
            if per_second > self.allowed_at(now):
                self._warm, self._begun = per_second, now

    def wrote(self, operations: int) -> None:
        """Is told of operations that Firestore took. A budget for one run has no use for them."""

    def end(self) -> None:
        """Nothing more is written. A budget for one run has nothing to leave."""


class NoBudget(WriteBudget):
    """Never waits: for the emulator, which has no such limits."""

    def take(self, operations: int) -> float:  # noqa: ARG002 - whatever they are
        """Waits for nothing."""
        return 0.0


class Written:
    """How many operations Firestore took in the last five minutes, by the second of a clock; for many threads."""

    def __init__(self) -> None:
        """Nothing was written."""
        self._lock = threading.Lock()
        self._seconds: deque[tuple[int, int]] = deque()

    def add(self, now: float, operations: int) -> None:
        """So many were taken now."""
        with self._lock:
            second = max(int(now), self._seconds[-1][0] if self._seconds else 0)
            before = self._seconds.pop()[1] if self._seconds and self._seconds[-1][0] == second else 0
            self._seconds.append((second, before + operations))
            self._forget(now)

    def per_second(self, now: float) -> float:
        """The mean of all five minutes, those in which nothing was written included."""
        with self._lock:
            self._forget(now)
            return sum(operations for _, operations in self._seconds) / GROWTH_EVERY_SECONDS

    def _forget(self, now: float) -> None:
        while self._seconds and self._seconds[0][0] < now - GROWTH_EVERY_SECONDS:
            self._seconds.popleft()

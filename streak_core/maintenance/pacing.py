"""How fast the job may write: one budget that follows Firestore's 500/50/5 rule.

A collection that was idle starts at 500 operations a second and may grow by half every five minutes. It must not know
what is written; `allowed_per_second` is also what the simulation of large populations plans with.
"""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable

START_OPERATIONS_PER_SECOND: Final = 500.0
GROWTH: Final = 1.5
GROWTH_EVERY_SECONDS: Final = 300.0
# A budget that was not used is kept for so long: a burst is never more than this.
BURST_SECONDS: Final = 1.0


def allowed_per_second(elapsed_seconds: float, share: float = 1.0) -> float:
    """Operations a second that 500/50/5 allows so long after the start; `share` is this worker's part of them."""
    steps = max(0.0, elapsed_seconds) // GROWTH_EVERY_SECONDS
    return float(START_OPERATIONS_PER_SECOND * GROWTH**steps * share)


@dataclass
class WriteBudget:
    """Hands out operations to all threads of a run, no faster than is allowed. `share` is 1/n where n workers share."""

    share: float = 1.0
    clock: Callable[[], float] = time.monotonic
    sleep: Callable[[float], object] = time.sleep
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
            self._free_at = start + operations / allowed_per_second(now - self._begun, self.share)
            wait = max(0.0, start - now)
        if wait:
            self.sleep(wait)
        return wait


class NoBudget(WriteBudget):
    """Never waits: for the emulator, which has no such limits."""

    def take(self, operations: int) -> float:  # noqa: ARG002 - whatever they are
        """Waits for nothing."""
        return 0.0

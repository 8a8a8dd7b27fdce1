"""How long and how patiently a run goes on: its deadline, the wish to stop, and waiting for Firestore.

It must not know users or documents.
"""

from __future__ import annotations

import random
import threading
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from streak_core.store.run_report import Stop
from streak_core.write_gate import never_closed

if TYPE_CHECKING:
    from collections.abc import Callable

WAIT_SECONDS_FIRST: Final = 1.0
WAIT_SECONDS_MAX: Final = 32.0
# Each is waited out for twice as long as the one before, from the first to the longest wait; the last one is not.
FAILED_ROUNDS_MAX: Final = 7


@dataclass
class Endurance:
    """Shared by all threads of a run. Once `stopped_by` says why, no new page is begun.

    Failures are counted in rounds: what fails in all threads at once is one trouble. A round begins with a failure and
    goes on for its wait; whatever was begun before the end of it, and fails, belongs to it.
    """

    deadline_seconds: float
    # Set from outside, when the process is told to end.
    stopping: threading.Event = field(default_factory=threading.Event)
    clock: Callable[[], float] = time.monotonic
    jitter: Callable[[float, float], float] = random.uniform
    # Whether all is closed, as while documents are restored.
    is_closed: Callable[[], bool] = never_closed
    # Set where another call has taken the run over.
    is_taken_over: bool = False
    _failed_rounds: int = 0
    _round_ends_at: float = 0.0
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def __post_init__(self) -> None:
        """The deadline counts from here."""
        self._begun = self.clock()

    @property
    def elapsed_seconds(self) -> float:
        """How long the run goes on already."""
        return self.clock() - self._begun

    @property
    def gave_up(self) -> bool:
        """Whether Firestore failed in too many rounds in a row."""
        return self._failed_rounds >= FAILED_ROUNDS_MAX

    @property
    def stopped_by(self) -> Stop | None:
        """Why no new page is to be begun; None while one may be."""
        if self.is_taken_over:
            return Stop.TAKEN_OVER
        if self.stopping.is_set():
            return Stop.SHUTDOWN
        if self.is_closed():
            return Stop.RESTORING
        if self.gave_up:
            return Stop.OVERLOAD
        return Stop.DEADLINE if self.elapsed_seconds >= self.deadline_seconds else None

    def succeeded(self) -> None:
        """Something went well: the row of failures ends, unless it has ended the run."""
        with self._lock:
            if not self.gave_up:
                self._failed_rounds, self._round_ends_at = 0, 0.0

    def failed(self, begun: float) -> bool:
        """Waits after an overload, from a second up to half a minute; answers whether to try again.

        `begun` is when that which failed was begun, in `elapsed_seconds`.
        """
        with self._lock:
            limit = self._wait_seconds(begun)
        if self.stopped_by:
            return False
        # Waiting ends at once when the process is told to end.
        self.stopping.wait(self.jitter(0, limit))
        return not self.stopped_by

    def _wait_seconds(self, begun: float) -> float:
        """The longest wait of the round that a failure belongs to, which may be a new one."""
        is_new = not self._failed_rounds or begun >= self._round_ends_at
        if is_new and not self.gave_up:
            self._failed_rounds += 1
        limit = min(WAIT_SECONDS_MAX, WAIT_SECONDS_FIRST * 2.0 ** (self._failed_rounds - 1))
        if is_new:
            self._round_ends_at = self.elapsed_seconds + limit
        return limit

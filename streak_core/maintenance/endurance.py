"""How long and how patiently a run goes on: its deadline, the wish to stop, and waiting while Firestore is overloaded.

It must not know users or documents.
"""

from __future__ import annotations

import random
import threading
import time
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable

WAIT_SECONDS_FIRST: Final = 1.0
WAIT_SECONDS_MAX: Final = 32.0
FAILURES_IN_A_ROW_MAX: Final = 5


class Stop(StrEnum):
    """Why a shard, or a run, ended before it was through."""

    # The process is told to end (SIGTERM).
    SHUTDOWN = "shutdown"
    # Firestore failed too often in a row.
    OVERLOAD = "overload"
    # The time that a call may take is up.
    DEADLINE = "deadline"
    # What should not happen has happened to the shard as a whole.
    FAILURE = "failure"


@dataclass
class Endurance:
    """Shared by all threads of a run. Once `is_over` no new page is begun."""

    deadline_seconds: float
    # Set from outside, when the process is told to end.
    stopping: threading.Event = field(default_factory=threading.Event)
    clock: Callable[[], float] = time.monotonic
    jitter: Callable[[float, float], float] = random.uniform
    _failures: int = 0
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
        """Whether Firestore failed too often in a row."""
        return self._failures >= FAILURES_IN_A_ROW_MAX

    @property
    def stopped_by(self) -> Stop | None:
        """Why no new page is to be begun; None while one may be."""
        if self.stopping.is_set():
            return Stop.SHUTDOWN
        if self.gave_up:
            return Stop.OVERLOAD
        return Stop.DEADLINE if self.elapsed_seconds >= self.deadline_seconds else None

    @property
    def is_over(self) -> bool:
        """Whether no new page is to be begun."""
        return self.stopped_by is not None

    def succeeded(self) -> None:
        """Something went well: the row of failures ends."""
        with self._lock:
            self._failures = 0

    def failed(self) -> bool:
        """Waits after an overload, from a second up to half a minute; answers whether to try again."""
        with self._lock:
            self._failures += 1
            failures = self._failures
        if self.is_over:
            return False
        limit = min(WAIT_SECONDS_MAX, WAIT_SECONDS_FIRST * 2 ** (failures - 1))
        # Waiting ends at once when the process is told to end.
        self.stopping.wait(self.jitter(0, limit))
        return not self.is_over

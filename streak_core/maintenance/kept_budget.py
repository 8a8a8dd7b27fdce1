"""A budget that outlives its run: it begins as warm as the worker before left it, and leaves what this one wrote.

It must not know users, nor how a pace is stored. Whatever goes wrong with it makes a cold start and nothing else.
"""

from __future__ import annotations

import threading
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from streak_core.domain.errors import DatabaseUnavailable
from streak_core.maintenance.pacing import GROWTH_EVERY_SECONDS, WriteBudget, Written, left_pace, warm_per_second
from streak_core.store.failures import CommitFailed
from streak_core.store.paces import HELD, Pace

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from streak_core.store.paces import PaceStore

# How often a worker looks after its pace: so old is what a killed one leaves, at most.
LOOK_SECONDS: Final = HELD.total_seconds() / 4
_WARM: Final = timedelta(seconds=GROWTH_EVERY_SECONDS)


@dataclass(kw_only=True)
class KeptBudget(WriteBudget):
    """The budget of one worker: the one call of a run, or the task of a shard, by its name. `wall` is real time.

    A worker that writes nothing asks for nothing. While it has no pace it looks for one, since the worker before it may
    still be at work; once it has one, it keeps it, so that it is known what a killed one wrote.
    """

    paces: PaceStore
    worker: str
    wall: Callable[[], datetime]
    _written: Written = field(default_factory=Written)
    _looking: threading.Lock = field(default_factory=threading.Lock)
    _look_at: float | None = None
    _found: Pace | None = None
    _is_held: bool = False

    def take(self, operations: int) -> float:
        """As any budget; the first look is before the first operations."""
        self._look()
        return super().take(operations)

    def wrote(self, operations: int) -> None:
        """Counts what Firestore took."""
        self._written.add(self.clock(), operations)

    def end(self) -> None:
        """Leaves the pace to whoever comes next."""
        if self._look_at is not None:
            with suppress(CommitFailed, DatabaseUnavailable):
                self._keep(timedelta())

    def _look(self) -> None:
        """Every half a minute: takes the pace over, or keeps it."""
        with self._looking:
            now = self.clock()
            if self._look_at is not None and now < self._look_at:
                return
            self._look_at = now + LOOK_SECONDS
            with suppress(CommitFailed, DatabaseUnavailable):
                if self._is_held or not self._take_over():
                    self._keep(HELD)

    def _take_over(self) -> bool:
        wall = self.wall()
        self._found = self.paces.take(self.worker, wall - _WARM, wall)
        self._is_held = self._found is not None
        self.warm_up(warm_per_second(self._found, wall, self.share))
        return self._is_held

    def _keep(self, held: timedelta) -> None:
        """Keeps the warmer one of what was found and what was written; where neither is, what is held is let go."""
        wall, now = self.wall(), self.clock()
        # A batch is written at once, and paid for after it: five minutes may hold a little more than was allowed.
        written = min(self._written.per_second(now), self.allowed_at(now))
        own = Pace(written_per_second=written, until=wall)
        pace = left_pace(self._found, own, wall, self.share)
        if pace or self._is_held:
            self.paces.keep(self.worker, pace or own, wall + held)
            self._is_held = True

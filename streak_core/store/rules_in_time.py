"""The rules as a process holds them, policies in time and amnesties: read at most once a minute, each with one query.

It must not know what they say. A policy counts only when it was published long enough ago for every process to have
read it, and what is judged says by how many changes of the list of amnesties it is: so a list that is a little old is
good enough, and one that is too old is good for nothing.
"""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from streak_core.domain.errors import DatabaseUnavailable, Unavailable
from streak_core.domain.rules import KNOWN_AFTER, Amnesty, PolicyInTime, Rules
from streak_core.store.deadlines import seconds_left
from streak_core.store.reading import READ_SECONDS_MAX
from streak_core.telemetry import LogEvent, log

if TYPE_CHECKING:
    from collections.abc import Callable

READ_EVERY_SECONDS: Final = 60.0
# Less than the time after which everybody is taken to know of a policy, by what clocks differ in.
USABLE_SECONDS: Final = KNOWN_AFTER.total_seconds() - 60.0


def _none() -> tuple[PolicyInTime, ...]:
    return ()


@dataclass
class RulesInTime:
    """Called, it answers the rules. Several threads may call it: one reads, the others go on with what is held."""

    # Number 0, and where those that were published, and the amnesties, are read.
    first: PolicyInTime
    declared: Callable[[], tuple[Amnesty, ...]]
    published: Callable[[], tuple[PolicyInTime, ...]] = _none
    clock: Callable[[], float] = time.monotonic
    _held: Rules | None = field(default=None, init=False)
    # When what is held was read, and when that was last tried.
    _read_at: float = field(default=0.0, init=False)
    _tried_at: float = field(default=0.0, init=False)
    _reading: threading.Lock = field(default_factory=threading.Lock, init=False)

    def __call__(self) -> Rules:
        """Raises `DatabaseUnavailable`, `PolicyUnreadable`, `AmnestyUnreadable` where nothing recent enough is held."""
        held = self._usable()
        if held and self.clock() - self._tried_at < READ_EVERY_SECONDS:
            return held
        if not self._reading.acquire(timeout=0 if held else max(0, seconds_left(READ_SECONDS_MAX))):
            if held:
                return held
            raise DatabaseUnavailable
        try:
            return self._read_anew()
        finally:
            self._reading.release()

    def forget(self) -> None:
        """Has the lists read anew when they are asked for next: this process has changed one."""
        self._tried_at -= READ_EVERY_SECONDS

    def _usable(self) -> Rules | None:
        return self._held if self.clock() - self._read_at < USABLE_SECONDS else None

    def _read_anew(self) -> Rules:
        held, now = self._usable(), self.clock()
        if held and now - self._tried_at < READ_EVERY_SECONDS:
            # Another thread was faster.
            return held
        self._tried_at = now
        try:
            policies, amnesties = (self.first, *self.published()), self.declared()
        except Unavailable as error:
            if held is None:
                raise
            if not isinstance(error, DatabaseUnavailable):
                # One that does not read: nothing of it counts yet, and nobody would hear of it before everybody does.
                reason = error.code.upper()
                log(LogEvent.FIRESTORE_ERROR, f"the rules can't be read: {reason}", operation="rules", reason=reason)
            return held
        if self._held is None or (self._held.policies, self._held.amnesties) != (policies, amnesties):
            self._held = Rules(policies, amnesties)
        self._read_at = now
        return self._held

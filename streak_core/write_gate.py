"""Refuses what must wait until documents that are being put in place are whole; asked about at most once in a while.

It must not know Firestore or HTTP.
"""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING, Final

from streak_core.domain.errors import Unavailable

if TYPE_CHECKING:
    from collections.abc import Callable

    from streak_core.store.write_lease import WriteLease

# What is known of the lease is at most so old when a request goes by it; a process reads it no more often.
KNOWN_SECONDS: Final = 5.0
# From then on no process goes by what it knew before: that is as old as it may be while somebody asks, and a request
# that goes by it takes as long as one may.
HEEDED_AFTER_SECONDS: Final = 2 * KNOWN_SECONDS + 10.0
# By then who asks again is let in, or told the same.
_RETRY_AFTER_SECONDS: Final = 30


class Restoring(Unavailable):
    """The service is closed while its documents are restored."""

    code = "restoring"
    message = "What is stored is being restored. Nothing was changed. Send it again later."
    retry_after_seconds = _RETRY_AFTER_SECONDS


class WriteGate:
    """One a process; several threads may ask. `find` answers the lease, or None where the service is open."""

    def __init__(self, find: Callable[[], WriteLease | None], clock: Callable[[], float] = time.monotonic) -> None:
        """Asks nothing yet."""
        self._find = find
        self._clock = clock
        self._lock = threading.Lock()
        # When it was asked, and what was answered.
        self._known: tuple[float, WriteLease | None] | None = None
        self._is_asking = False

    def check(self, user_id: str | None, *, is_question: bool) -> None:
        """Raises `Restoring` where that user, or who acts for all users, has to wait, and `DatabaseUnavailable`."""
        lease = self._lease()
        if lease and lease.closes(user_id, is_question=is_question):
            raise Restoring

    def _lease(self) -> WriteLease | None:
        begun = self._clock()
        with self._lock:
            known = self._known
            is_fresh = known is not None and begun - known[0] < KNOWN_SECONDS
            # While one asks, the others go by what is known for as long again, and do not wait behind it.
            is_asked_for = known is not None and self._is_asking and begun - known[0] < 2 * KNOWN_SECONDS
            if known is not None and (is_fresh or is_asked_for):
                return known[1]
            self._is_asking = True
        try:
            found = self._find()
            with self._lock:
                self._known = begun, found
            return found
        finally:
            with self._lock:
                self._is_asking = False

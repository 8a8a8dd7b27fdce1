"""Refuses what must wait until documents that are being put in place are whole; asked about at most once in a while.

It must not know Firestore or HTTP.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Final

from streak_core.domain.errors import Unavailable
from streak_core.known import Known

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


def never_closed() -> bool:
    """What a job goes by that nothing is restored beside."""
    return False


class Restoring(Unavailable):
    """The service is closed while its documents are restored."""

    code = "restoring"
    message = "What is stored is being restored. Nothing was changed. Send it again later."
    retry_after_seconds = _RETRY_AFTER_SECONDS


class WriteGate:
    """One a process; several threads may ask. `find` answers the lease, or None where the service is open."""

    def __init__(self, find: Callable[[], WriteLease | None], clock: Callable[[], float] = time.monotonic) -> None:
        """Asks nothing yet."""
        self._lease = Known(find, KNOWN_SECONDS, clock)

    def check(self, user_id: str | None, *, is_question: bool) -> None:
        """Raises `Restoring` where that user, or who acts for all users, has to wait, and `DatabaseUnavailable`."""
        lease = self._lease()
        if lease and lease.closes(user_id, is_question=is_question):
            raise Restoring

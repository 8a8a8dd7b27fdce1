"""Refuses everything where the database has been migrated to a form that this code does not know.

It must not know Firestore or HTTP. Users whose own documents are newer are refused without it; where all of them are to
become so, code that can't read them serves nobody at all, rather than fewer users from one minute to the next.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Final

from streak_core.domain.errors import NewerVersionNeeded
from streak_core.known import Known

if TYPE_CHECKING:
    from collections.abc import Callable

# A process asks no more often. A migration is begun by hand, once in a release.
KNOWN_SECONDS: Final = 60.0


class MigratedByNewerVersion(NewerVersionNeeded):
    """The database has been migrated by a later version of this program."""

    message = "What is stored has been migrated by a newer version of the service, which alone can answer. Try again."
    retry_after_seconds = 30


class SchemaGate:
    """One a process. `find` answers the newest form that the database has been migrated to, `newest` is the code's."""

    def __init__(
        self, find: Callable[[], int | None], newest: int, clock: Callable[[], float] = time.monotonic
    ) -> None:
        """Asks nothing yet."""
        self._migrated_to = Known(find, KNOWN_SECONDS, clock)
        self._newest = newest

    def check(self) -> None:
        """Raises `MigratedByNewerVersion`, `DatabaseUnavailable`."""
        if is_newer(self._migrated_to(), self._newest):
            raise MigratedByNewerVersion


def is_newer(migrated_to: int | None, newest: int) -> bool:
    """Whether data of that form is beyond code that knows `newest` at most."""
    return migrated_to is not None and migrated_to > newest

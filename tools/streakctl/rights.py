"""`streakctl export` and `streakctl erase`: what a user may ask an operator for, done with the service's own means.

It must not know options, or how a failure is told.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

from google.cloud import firestore

from streak_core.rights import Erasure, UserRights
from streak_core.store.whole_user import WholeUserStore
from tools.streakctl.show import UnknownUserError

SILENT_SECONDS: Final = 2.0
LINE_EVERY_SECONDS: Final = 5.0
# Commits after which it is said how far it is.
BATCHES_AT_ONCE: Final = 10

Say = Callable[[str], object]


@dataclass
class Telling:
    """Says how far it is: nothing for two seconds, and then a line now and then."""

    say: Say
    clock: Callable[[], float] = time.monotonic
    _next: float = field(init=False)

    def __post_init__(self) -> None:
        """Counts from here."""
        self._next = self.clock() + SILENT_SECONDS

    def tell(self, sentence: str) -> None:
        """Says it, if it is time to say something."""
        if self.clock() >= self._next:
            self._next = self.clock() + LINE_EVERY_SECONDS
            self.say(sentence)


@dataclass(frozen=True)
class RightsByHand:
    """For one user at a time. Both raise `UnknownUserError` and what the service raises."""

    client: firestore.Client
    telling: Telling

    def export(self, user_id: str, write: Say) -> None:
        """Writes line by line; the last one says how many there are."""
        rights = self._of_a_known(user_id)
        for number, line in enumerate(rights.export(user_id), 1):
            write(json.dumps(line) + "\n")
            self.telling.tell(f"exported {number:,} lines")

    def erase(self, user_id: str, reason: str) -> Erasure:
        """Erases until nothing is left; broken off anywhere, it is gone on with when it is called again."""
        rights = self._of_a_known(user_id)
        calls = 0
        while not (erasure := rights.erase(user_id, reason, BATCHES_AT_ONCE)).is_finished:
            calls += 1
            self.telling.tell(f"erasing goes on: {calls * BATCHES_AT_ONCE:,} commits so far; Ctrl-C loses nothing")
        return erasure

    def _of_a_known(self, user_id: str) -> UserRights:
        store = WholeUserStore(self.client)
        if store.is_empty(user_id):
            raise UnknownUserError(user_id)
        return UserRights(store)

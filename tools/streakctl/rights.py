"""`streakctl export` and `streakctl erase`: what a user may ask an operator for, done with the service's own means.

It must not know options, or how a failure is told.
"""

from __future__ import annotations

import getpass
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

from google.cloud import firestore

from streak_core.records.acts import by_hand
from streak_core.rights import Erasure, UserRights
from streak_core.store.whole_user import WholeUserStore
from tools.streakctl.progress import NowAndThen
from tools.streakctl.show import UnknownUserError

# Commits after which it is said how far it is.
BATCHES_AT_ONCE: Final = 10

Say = Callable[[str], object]


@dataclass(frozen=True)
class RightsByHand:
    """For one user at a time. Both raise `UnknownUserError` and what the service raises."""

    client: firestore.Client
    say: Say
    # When it is told how far it is.
    lines: NowAndThen = field(default_factory=NowAndThen)

    def export(self, user_id: str, write: Say) -> None:
        """Writes line by line; the last one says how many there are."""
        rights = self._of_a_known(user_id)
        for number, line in enumerate(rights.export(user_id), 1):
            write(json.dumps(line) + "\n")
            if self.lines.is_due():
                self.say(f"exported {number:,} lines")

    def erase(self, user_id: str, reason: str) -> Erasure:
        """Erases until nothing is left; broken off anywhere, it is gone on with when it is called again."""
        rights = self._of_a_known(user_id)
        calls = 0
        while not (erasure := rights.erase(user_id, reason, BATCHES_AT_ONCE)).is_finished:
            calls += 1
            if self.lines.is_due():
                self.say(f"erasing goes on: {calls * BATCHES_AT_ONCE:,} commits so far; Ctrl-C loses nothing")
        return erasure

    def _of_a_known(self, user_id: str) -> UserRights:
        store = WholeUserStore(self.client)
        if store.is_empty(user_id):
            raise UnknownUserError(user_id)
        return UserRights(store, by=by_hand(getpass.getuser()))

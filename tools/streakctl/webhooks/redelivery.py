"""What servers of the app's were not told of, listed and marked to be told once more.

It must not know options, or how a failure is told.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import islice

from streak_core.domain.days import rfc3339
from streak_core.retry import Attempts
from streak_core.store.failures import CommitFailed
from streak_core.store.outbox import OutboxStore
from streak_core.store.outbox_documents import Kept
from tools.streakctl import Json


@dataclass(frozen=True)
class ToldAgain:
    """All users of a database. Both raise `DatabaseUnavailable`, `UnreadableStreakError`."""

    outbox: OutboxStore
    # Told of each event that was looked at.
    tell: Callable[[], object]

    def listed(self, limit: int) -> Json:
        """Which servers are told of nothing, and the first events that any was not told of."""
        disabled = {name: rfc3339(at) for name, at in sorted(self.outbox.disabled().items())}
        parked = [
            {
                "user_id": user_id,
                "event_id": kept.outgoing.event.event_id,
                "kind": kept.outgoing.event.kind.value,
                "endpoints": sorted(kept.outgoing.parked),
                "parked_at": rfc3339(parked_at),
            }
            for user_id, kept, parked_at in islice(self.outbox.parked(), limit)
        ]
        return {"disabled": disabled, "parked": parked}

    def redeliver(self, name: str, user_ids: frozenset[str], now: Callable[[], datetime]) -> Iterator[bool]:
        """Has a server told once more of what it was not; of each event, whether it will be.

        It is not where the user has gone meanwhile, or others write all the time; given again, it tries again.
        """
        for user_id, kept, _ in self.outbox.parked():
            self.tell()
            if name in kept.outgoing.parked and (not user_ids or user_id in user_ids):
                yield self._again(name, user_id, kept, now)

    def _again(self, name: str, user_id: str, kept: Kept, now: Callable[[], datetime]) -> bool:
        attempts, found = Attempts(), kept
        while True:
            told, again = self.outbox.told(user_id), self.outbox.reread(user_id, found)
            if told is None or again is None or name not in again.outgoing.parked:
                return False
            try:
                self.outbox.tell_again(user_id, told, again, again.outgoing.again(name), now())
            except CommitFailed as failure:
                attempts.again(failure)
            else:
                return True

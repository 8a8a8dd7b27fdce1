"""Who is to be told something: pages of users by shard as maintenance has them, and their notices in its batches.

It must not know runs, leases or channels, nor decide who is told what.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, ClassVar

from streak_core.domain.errors import Unavailable
from streak_core.domain.webhooks import NOBODY_TOLD, Chosen
from streak_core.store.documents import user_id_of
from streak_core.store.due import DueStore
from streak_core.store.failures import StoreOverloaded
from streak_core.store.notices import NOTICES, notice_document
from streak_core.store.reminding import REMIND_AT, Reminding

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from google.cloud import firestore

    from streak_core.domain.notices import Notice
    from streak_core.store.due import Settled

    # What a user is to be told now.
    Decide = Callable[[Settled], "DueNotices"]
    # Has a notice of a user sent, once however often it is asked.
    Enqueue = Callable[[str, Notice], object]


@dataclass(frozen=True, kw_only=True)
class DueNotices:
    """What a user is told now, and what waits after it."""

    notices: tuple[Notice, ...]
    reminding: Reminding


class RemindeeStore(DueStore):
    """Users who are to be told something, in the place of those whose deadline has passed."""

    DEADLINE: ClassVar[str] = REMIND_AT
    # The notice; two at once are rare.
    BESIDE: ClassVar[int] = 1

    def __init__(
        self, client: firestore.Client, decide: Decide, enqueue: Enqueue, chosen: Chosen = NOBODY_TOLD
    ) -> None:
        """Uses `client`, as maintenance does."""
        super().__init__(client, chosen)
        self._decide, self._enqueue = decide, enqueue

    def commit(self, batch: Sequence[Settled], also: Callable[[firestore.Transaction], None]) -> None:
        """Writes all of the batch with its notices, and what `also` adds, or nothing of it.

        Each notice is enqueued before: killed in between, it is so again, under the same name, and what comes of a
        task that has no notice is for whoever sends. Raises as that of maintenance, also where the queue is away.
        """
        told = [(settled, self._decide(settled)) for settled in batch]
        try:
            for settled, due in told:
                for notice in due.notices:
                    self._enqueue(user_id_of(settled.user.user_id), notice)
        except Unavailable as error:
            raise StoreOverloaded(error.code) from error

        def write(transaction: firestore.Transaction) -> None:
            for settled, due in told:
                for notice in due.notices:
                    ref = self.user_doc(settled).collection(NOTICES).document(notice.notice_id)
                    # One that was told before, of an event that came back, stays so.
                    transaction.set(ref, notice_document(notice), merge=True)
            also(transaction)

        super().commit([replace(settled, reminding=due.reminding) for settled, due in told], write)

"""Who is to be reminded: pages of users by shard as maintenance has them, and their reminders in its batches.

It must not know runs, leases or channels, nor decide who is reminded.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, ClassVar

from streak_core.domain.errors import Unavailable
from streak_core.store.documents import user_id_of
from streak_core.store.due import DueStore
from streak_core.store.failures import StoreOverloaded
from streak_core.store.notices import NOTICES, notice_document
from streak_core.store.reminding import REMIND_AT

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from google.cloud import firestore

    from streak_core.domain.notices import Notice
    from streak_core.store.due import Settled

    # The reminder of a user, where now is a moment for it.
    Decide = Callable[[Settled], Notice | None]
    # Has a notice of a user sent, once however often it is asked.
    Enqueue = Callable[[str, Notice], object]


class RemindeeStore(DueStore):
    """Users whose reminder is due, in the place of those whose deadline has passed."""

    DEADLINE: ClassVar[str] = REMIND_AT

    def __init__(self, client: firestore.Client, decide: Decide, enqueue: Enqueue) -> None:
        """Uses `client`."""
        super().__init__(client)
        self._decide, self._enqueue = decide, enqueue

    def commit(self, batch: Sequence[Settled], also: Callable[[firestore.Transaction], None]) -> None:
        """Writes all of the batch with its reminders, and what `also` adds, or nothing of it.

        Each reminder is enqueued before: killed in between, it is so again, under the same name, and what comes of a
        task that has no notice is for whoever sends. Raises as that of maintenance, also where the queue is away.
        """
        reminders = {settled.user.user_id: notice for settled in batch if (notice := self._decide(settled))}
        try:
            for user_id, notice in reminders.items():
                self._enqueue(user_id_of(user_id), notice)
        except Unavailable as error:
            raise StoreOverloaded(error.code) from error

        def write(transaction: firestore.Transaction) -> None:
            for settled in batch:
                if notice := reminders.get(settled.user.user_id):
                    ref = self.user_doc(settled).collection(NOTICES).document(notice.notice_id)
                    transaction.set(ref, notice_document(notice))
            also(transaction)

        super().commit([_reminded(settled, reminders.get(settled.user.user_id)) for settled in batch], write)


def _reminded(settled: Settled, notice: Notice | None) -> Settled:
    """The user with the day noted that is reminded of, so that it is done once."""
    if notice is None:
        return settled
    user = settled.user
    return replace(settled, user=replace(user, reminding=replace(user.reminding, reminded=notice.day)))

"""What maintenance reads and writes: pages of due users of a shard, and their settlements in batches.

It must not know runs, leases or reports, nor decide anything.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Final

from google.cloud import firestore
from google.cloud.firestore_v1.base_query import FieldFilter

from streak_core.domain.calendar import sealed_rows
from streak_core.domain.webhooks import NOBODY_TOLD, Chosen
from streak_core.store import documents
from streak_core.store.board_entries import entry_writer
from streak_core.store.forms.from_model import streak_text
from streak_core.store.ledgers import whole_ledger
from streak_core.store.outbox import adding, read_last
from streak_core.store.reading import contents, read_one, read_page
from streak_core.store.reminding import (
    NOT_REMINDED,
    REMINDING,
    Reminding,
    after_events,
    gone,
    read_reminding,
    reminding_fields,
)
from streak_core.store.tombstones import is_tombstone
from streak_core.store.unreadable import UnreadableStreakError
from streak_core.store.writing import commit
from streak_core.telemetry.stack import described

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from datetime import date, datetime

    from streak_core.domain.entries import LedgerEntry
    from streak_core.domain.model import Streak
    from streak_core.domain.settlement import Settlement
    from streak_core.store.reading import Cursor, Snapshot

# What the client makes of a stored value that it has no form for, such as a reference into another project.
CANNOT_BE_DECODED: Final = (ValueError, LookupError, AttributeError)

# What is read of a due user; the other fields are made from these.
NEEDED: Final = ("schema_version", "state", "settled_through", "expires_at", *REMINDING, documents.WEBHOOK_LAST)


@dataclass(frozen=True, kw_only=True)
class DueUser:
    """A due user as read; `streak` is None where the document does not read as a streak, and `unreadable` says why."""

    user_id: str
    # When it became due.
    deadline: datetime | None
    update_time: datetime | None
    streak: Streak | None
    settled_through: date | None
    # As which it is stored.
    form: int = documents.SCHEMA_VERSION
    unreadable: str | None = None
    # Where the user stands among those of a shard; None where that can't be told.
    place: Cursor | None = None
    reminding: Reminding = NOT_REMINDED
    # The number of the last event that an app's server is told of.
    webhook_last: int = 0

    def is_due(self, now: datetime) -> bool:
        """Whether the deadline has passed."""
        return self.deadline is not None and self.deadline <= now


@dataclass(frozen=True, kw_only=True)
class DuePage:
    """Some due users in the order of their deadlines, and where the next page begins; None after the last one."""

    users: Sequence[DueUser]
    cursor: Cursor | None


@dataclass(frozen=True, kw_only=True)
class Settled:
    """A due user and what is to be written of it."""

    user: DueUser
    settlement: Settlement
    # What waits to be told after it, where somebody has been told; else what did before, and what happened since.
    reminding: Reminding | None = None

    @property
    def streak(self) -> Streak | None:
        """The state as it is to be written."""
        return self.settlement.judged_anew or self.user.streak

    def planned(self) -> Reminding:
        """What waits to be told after it."""
        known, streak, view = self.user.reminding, self.streak, self.settlement.view
        if self.reminding is not None or streak is None:
            return self.reminding or known
        return after_events(known, streak, view, {event.event_id: event for event in self.settlement.events})


class DueStore:
    """The due index, and the writes of maintenance."""

    # The field that says when a user is due.
    DEADLINE: ClassVar[str] = "expires_at"
    # Documents that a commit writes of each user besides that user's own, the events, and what is told of these.
    BESIDE: ClassVar[int] = 0

    def __init__(self, client: firestore.Client, chosen: Chosen = NOBODY_TOLD) -> None:
        """Uses `client`; `chosen` says which servers of the app's are told of which events."""
        self._client = client
        self._chosen = chosen
        self._streaks = client.collection(documents.STREAKS)

    def page(self, shard: int, now: datetime, after: Cursor | None, limit: int) -> DuePage:
        """The next due users of a shard after a cursor. Raises `DatabaseUnavailable`."""
        of_shard = self._streaks.where(filter=FieldFilter("shard", "==", shard))
        query = of_shard.where(filter=self._asked_for(now)).order_by(self.DEADLINE).order_by("__name__").select(NEEDED)
        if after:
            query = query.start_after({self.DEADLINE: after[0], "__name__": self._streaks.document(after[1])})
        try:
            found = read_page(query, limit)
            users = [due_user(one, self.DEADLINE) for one in found]
        except CANNOT_BE_DECODED:
            # One document holds what the client can't read: each by itself, and only that one is left out.
            found = read_page(query.select((self.DEADLINE,)), limit)
            users = [one for each in found for one in self._alone(each)]
        # As the query found them: meanwhile some may have gone, or be due at another time.
        last = found[-1] if len(found) == limit else None
        deadline = contents(last).get(self.DEADLINE) if last else None
        return DuePage(users=users, cursor=(deadline, last.id) if last and deadline else None)

    def _asked_for(self, now: datetime) -> FieldFilter:
        """Which deadlines the users of a page have."""
        return FieldFilter(self.DEADLINE, "<=", now)

    def _alone(self, found: Snapshot) -> Sequence[DueUser]:
        """One due user, or nobody where it is gone by now."""
        try:
            user = self.reload(found.id)
        except CANNOT_BE_DECODED as error:
            deadline = contents(found).get(self.DEADLINE)
            return [unreadable_user(found.id, described(error), deadline)]
        return [user] if user else []

    def reload(self, user_id: str) -> DueUser | None:
        """One user as stored now; None when it is gone, or was erased. Raises `DatabaseUnavailable`."""
        found = read_one(self._streaks.document(user_id))
        return due_user(found, self.DEADLINE) if found.exists and not is_tombstone(contents(found)) else None

    def is_wanted(self, user: DueUser, now: datetime) -> bool:
        """Whether a user of a page, as read once more, is still to be settled."""
        return user.is_due(now)

    def beside(self, batch: Sequence[Settled]) -> int:
        """How many documents a commit writes besides users and their events, for the pace."""
        events = (event for one in batch for event in one.settlement.events)
        return self.BESIDE * len(batch) + sum(event.kind in self._chosen.endpoints for event in events)

    def user_doc(self, settled: Settled) -> firestore.DocumentReference:
        """The document of a user who is to be settled."""
        return self.user_doc_of(settled.user.user_id)

    def user_doc_of(self, user_doc_id: str) -> firestore.DocumentReference:
        """The document of that id."""
        ref: firestore.DocumentReference = self._streaks.document(user_doc_id)
        return ref

    def ledger(self, user_id: str) -> Iterator[LedgerEntry]:
        """Every entry of a user, by `seq`. Raises `DatabaseUnavailable`."""
        return whole_ledger(self._streaks.document(user_id))

    def commit(self, batch: Sequence[Settled], also: Callable[[firestore.Transaction], None]) -> None:
        """Writes all of the batch, and what `also` adds, or nothing of it.

        Raises `CommitFailed`, `DatabaseUnavailable`, and whatever the content of the batch brings about.
        """

        def write(transaction: firestore.Transaction) -> None:
            self._write(transaction, batch)
            also(transaction)

        commit(self._client, write)

    def _write(self, transaction: firestore.Transaction, batch: Sequence[Settled]) -> None:
        for settled in batch:
            user_doc = self.user_doc(settled)
            settlement = settled.settlement
            option = self._client.write_option(last_update_time=settled.user.update_time)
            told = {event.event_id: event for event in settlement.events}
            added = adding(self._chosen, told, settled.user.webhook_last, settlement.view.now)
            transaction.update(user_doc, {**_fields(settled), **added.fields}, option=option)
            added.below(user_doc)(transaction)
            if settlement.judged_anew and settled.user.form != documents.FORM_1:
                entry_writer(user_doc, settled.user.streak, settlement.judged_anew, settlement.view)(transaction)
            for event in settlement.events:
                ref = user_doc.collection(documents.EVENTS).document(event.event_id)
                transaction.set(ref, documents.event_document(event))
            rows = sealed_rows(settlement.decided, settlement.view.rules)
            for month, document in documents.month_documents(rows).items():
                transaction.set(user_doc.collection(documents.MONTHS).document(month), document, merge=True)


def _fields(settled: Settled) -> documents.Document:
    """What is written of the user's own document; form 1 has no place for what was judged anew."""
    settlement, form, user = settled.settlement, settled.user.form, settled.user
    fields = documents.derived_fields(settlement.view, settlement.settled_through, form)
    if streak := settled.streak:
        fields |= reminding_fields(streak, settlement.view, settled.planned())
        fields |= dict.fromkeys(gone(user.reminding, fields), firestore.DELETE_FIELD)
    if settlement.judged_anew is None or form == documents.FORM_1:
        return fields
    return {"state": streak_text(settlement.judged_anew), **fields}


def due_user(snapshot: Snapshot, due_by: str = DueStore.DEADLINE) -> DueUser:
    """The user of a document, be it one that reads or not; `due_by` is the field of the deadline."""
    data = contents(snapshot)
    deadline = data.get(due_by)
    try:
        streak, settled_through = documents.read_streak(data)
        reminding, webhook_last = read_reminding(data), read_last(data)
    except UnreadableStreakError as error:
        reason = str(error) or described(error.__cause__ or error)
        return unreadable_user(snapshot.id, reason, deadline, snapshot.update_time)
    except Exception as error:  # noqa: BLE001 - whatever a document does to the code that reads it is that user's error
        return unreadable_user(snapshot.id, described(error), deadline, snapshot.update_time)
    return DueUser(
        user_id=snapshot.id,
        deadline=deadline,
        update_time=snapshot.update_time,
        streak=streak,
        settled_through=settled_through,
        form=documents.form_of(data),
        reminding=reminding,
        webhook_last=webhook_last,
        place=(deadline, snapshot.id) if deadline else None,
    )


def unreadable_user(
    user_id: str, reason: str, deadline: datetime | None = None, update_time: datetime | None = None
) -> DueUser:
    """A user of whom nothing can be written, and why."""
    return DueUser(
        user_id=user_id,
        deadline=deadline,
        update_time=update_time,
        streak=None,
        settled_through=None,
        unreadable=reason,
        place=(deadline, user_id) if deadline else None,
    )

"""What an app's servers are still to be told: below each user one document an event, written in the commit of that.

It must not decide, nor know how a server is reached. When a user is to be looked at stands in the user's own document,
so that a run finds users and not events; where no endpoint is chosen none of it is there.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from itertools import chain
from typing import TYPE_CHECKING, Any, Final

from google.cloud import firestore
from google.cloud.firestore_v1.base_query import FieldFilter
from pydantic import TypeAdapter

from streak_core.domain.webhooks import WAITING_MAX
from streak_core.store import documents
from streak_core.store.outbox_documents import (
    IS_PARKED,
    OUTBOX,
    PARKED_AT,
    READ_AT_ONCE,
    WAITING_FOR,
    WAITING_NUMBER,
    Kept,
    changed_fields,
    kept_of,
    new_document,
)
from streak_core.store.reading import contents, count_documents, read_all, read_one, read_page, read_pages
from streak_core.store.sharding import SHARDS
from streak_core.store.tombstones import is_tombstone, signed_in_after
from streak_core.store.unreadable import reading
from streak_core.store.write_lease import SERVICE
from streak_core.store.writing import commit, nothing_else

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from collections.abc import Set as AbstractSet

    from streak_core.domain.events import Event
    from streak_core.domain.webhooks import Chosen, Outgoing
    from streak_core.store.reading import Snapshot
    from streak_core.store.writing import Writer

# Of the user's own document: when to look.
WEBHOOK_AT: Final = "webhook_at"
# Users, or parked events, that a query reads.
PAGE: Final = 100
_ENDPOINTS: Final = "webhooks"
_DISABLED: Final = "disabled"
_NUMBER: Final = TypeAdapter(int)
_MOMENT: Final = TypeAdapter(documents.Moment)
_MOMENTS: Final = TypeAdapter(dict[str, documents.Moment])


@dataclass(frozen=True, kw_only=True)
class Told:
    """How far a user's events are told, and which endpoints are told of nothing for now."""

    version: datetime
    due_at: datetime | None
    disabled: frozenset[str]


@dataclass(frozen=True, kw_only=True)
class Adding:
    """What a commit adds: the fields of the user's own document, and those below it that it writes and deletes."""

    fields: Mapping[str, Any]
    written: Sequence[Outgoing] = ()
    gone: Sequence[str] = ()

    def below(self, user_doc: firestore.DocumentReference) -> Writer:
        """Writes what is below the user's document."""
        if not self.written and not self.gone:
            return nothing_else
        outbox = user_doc.collection(OUTBOX)

        def write(transaction: firestore.Transaction) -> None:
            for event_id in self.gone:
                transaction.delete(outbox.document(event_id))
            for outgoing in self.written:
                transaction.set(outbox.document(outgoing.event.event_id), new_document(outgoing))

        return write


_NOTHING: Final = Adding(fields={})


def adding(chosen: Chosen, told: Mapping[str, Event | None], last: int, now: datetime) -> Adding:
    """What the commit of these events adds, of those that are None that they are not told; `last` is as stored."""
    if not chosen.endpoints:
        return _NOTHING
    written = chosen.outgoing((event for event in told.values() if event), last, now)
    gone = tuple(event_id for event_id, event in told.items() if event is None)
    fields = {WEBHOOK_AT: now, documents.WEBHOOK_LAST: written[-1].number} if written else {}
    return Adding(fields=fields, written=written, gone=gone)


def read_last(document: Mapping[str, Any]) -> int:
    """The number of the last event of a user's that anybody is told of. Raises `UnreadableStreakError`."""
    last = document.get(documents.WEBHOOK_LAST)
    if last is None:
        # As of most.
        return 0
    with reading():
        return _NUMBER.validate_python(last)


class OutboxStore:
    """What waits of all users."""

    def __init__(self, client: firestore.Client) -> None:
        """Uses `client`."""
        self._client = client
        self._streaks = client.collection(documents.STREAKS)
        self._endpoints = client.collection(SERVICE).document(_ENDPOINTS)

    def told(self, user_id: str) -> Told | None:
        """How far a user's events are told; None where nothing is stored, or the user was erased.

        Raises `DatabaseUnavailable`.
        """
        user_doc = self._user_doc(user_id)
        fields = ("schema_version", WEBHOOK_AT, _DISABLED)
        found = {one.reference.path: one for one in read_all(self._client, [user_doc, self._endpoints], fields)}
        home = found[user_doc.path]
        if not home.exists or is_tombstone(contents(home)):
            return None
        with reading():
            due = contents(home).get(WEBHOOK_AT)
            due_at = None if due is None else _MOMENT.validate_python(due)
        disabled = frozenset(_disabled(found[self._endpoints.path]))
        return Told(version=home.update_time, due_at=due_at, disabled=disabled)

    def disabled(self) -> Mapping[str, datetime]:
        """The endpoints that are told of nothing for now, and since when. Raises `DatabaseUnavailable`."""
        return _disabled(read_one(self._endpoints))

    def waiting(self, user_id: str, after: int, names: AbstractSet[str] | None) -> Sequence[Kept]:
        """The first of what waits of a user after a number, for any of these endpoints or, for None, whoever it is.

        Raises `DatabaseUnavailable`, `UnreadableStreakError`.
        """
        query: firestore.Query = self._outbox(user_id).order_by(WAITING_NUMBER)
        if names is not None:
            query = query.where(filter=FieldFilter(WAITING_FOR, "array_contains_any", sorted(names)))
        if after:
            query = query.start_after({WAITING_NUMBER: after})
        return [kept_of(one) for one in read_page(query, READ_AT_ONCE)]

    def surplus(self, user_id: str) -> Sequence[Kept]:
        """The last of what waits of a user beyond what may, some at a time, at a read where there is none.

        Raises `DatabaseUnavailable`, `UnreadableStreakError`.
        """
        outbox = self._outbox(user_id)
        count = count_documents(outbox.order_by(WAITING_NUMBER).limit(WAITING_MAX + READ_AT_ONCE))
        if count <= WAITING_MAX:
            return []
        newest = outbox.order_by(WAITING_NUMBER, direction=firestore.Query.DESCENDING)
        return [kept_of(one) for one in read_page(newest, count - WAITING_MAX)]

    def reread(self, user_id: str, kept: Kept) -> Kept | None:
        """The same as stored now; None where it was taken back, or told anew, or the user has gone.

        Raises `DatabaseUnavailable`.
        """
        user_doc, ref = self._user_doc(user_id), self._outbox(user_id).document(kept.outgoing.event.event_id)
        found = {one.reference.path: one for one in read_all(self._client, [user_doc, ref])}
        home, again = found[user_doc.path], found[ref.path]
        if not home.exists or is_tombstone(contents(home)) or not again.exists:
            return None
        read = replace(kept_of(again), begun_anew=signed_in_after(contents(home)))
        return read if read.outgoing.number == kept.outgoing.number else None

    def change(self, user_id: str, kept: Kept, changed: Outgoing, now: datetime) -> None:
        """Writes it in the place of what was read; what nobody waits for goes. Raises `CommitFailed`."""
        ref = self._outbox(user_id).document(changed.event.event_id)
        option = self._client.write_option(last_update_time=kept.version)
        if not changed.waiting and not changed.parked:
            commit(self._client, lambda transaction: transaction.delete(ref, option=option))
        else:
            fields = changed_fields(kept.outgoing, changed, now)
            commit(self._client, lambda transaction: transaction.update(ref, fields, option=option))

    def plan(self, user_id: str, told: Told, due: datetime | None) -> None:
        """Notes when a user who is as read is to be looked at again. Raises `CommitFailed`."""
        user_doc, option = self._user_doc(user_id), self._client.write_option(last_update_time=told.version)
        fields = {WEBHOOK_AT: firestore.DELETE_FIELD if due is None else due}
        commit(self._client, lambda transaction: transaction.update(user_doc, fields, option=option))

    def disable(self, name: str, at: datetime) -> None:
        """Notes that an endpoint is told of nothing from now on. Raises `CommitFailed`."""
        commit(self._client, lambda transaction: transaction.set(self._endpoints, {_DISABLED: {name: at}}, merge=True))

    def enable(self, name: str) -> None:
        """Has an endpoint told again. Raises `CommitFailed`."""
        fields = {_DISABLED: {name: firestore.DELETE_FIELD}}
        commit(self._client, lambda transaction: transaction.set(self._endpoints, fields, merge=True))

    def due(self, now: datetime) -> Iterator[tuple[str, datetime]]:
        """Users who are to be looked at, shard by shard, and since when. Raises `DatabaseUnavailable`."""
        # Where a run can't look at all of them, the next one begins with others.
        first = int(now.timestamp() // 300)
        for number in range(first, first + SHARDS):
            of_shard = self._streaks.where(filter=FieldFilter("shard", "==", number % SHARDS))
            query = of_shard.where(filter=FieldFilter(WEBHOOK_AT, "<=", now)).select((WEBHOOK_AT,))
            for one in chain.from_iterable(read_pages(query, PAGE, (WEBHOOK_AT,))):
                yield documents.user_id_of(one.id), documents.plain_utc(contents(one)[WEBHOOK_AT])

    def parked(self) -> Iterator[tuple[str, Kept, datetime]]:
        """What was given up, of all users, the earliest first, and when. Raises `DatabaseUnavailable`."""
        parked = self._client.collection_group(OUTBOX).where(filter=FieldFilter(IS_PARKED, "==", True))  # noqa: FBT003 - a value to look for
        for one in chain.from_iterable(read_pages(parked, PAGE, (PARKED_AT,))):
            user_id, parked_at = documents.user_id_of(one.reference.parent.parent.id), contents(one)[PARKED_AT]
            yield user_id, kept_of(one), documents.plain_utc(parked_at)

    def tell_again(self, user_id: str, told: Told, kept: Kept, changed: Outgoing, now: datetime) -> None:
        """Has a user who is as read looked at for what was given up. Raises `CommitFailed`."""
        user_doc, ref = self._user_doc(user_id), self._outbox(user_id).document(changed.event.event_id)
        of_user, of_event = (self._client.write_option(last_update_time=one.version) for one in (told, kept))
        fields = changed_fields(kept.outgoing, changed, now)

        def write(transaction: firestore.Transaction) -> None:
            transaction.update(user_doc, {WEBHOOK_AT: now}, option=of_user)
            transaction.update(ref, fields, option=of_event)

        commit(self._client, write)

    def _outbox(self, user_id: str) -> firestore.CollectionReference:
        found: firestore.CollectionReference = self._user_doc(user_id).collection(OUTBOX)
        return found

    def _user_doc(self, user_id: str) -> firestore.DocumentReference:
        found: firestore.DocumentReference = self._streaks.document(documents.user_doc_id(user_id))
        return found


def _disabled(snapshot: Snapshot) -> Mapping[str, datetime]:
    with reading():
        return _MOMENTS.validate_python(contents(snapshot).get(_DISABLED, {}))

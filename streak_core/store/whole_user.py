"""Everything that is stored of one user, whatever it is: read whole, and deleted behind a tombstone.

It must not know what any of it means: what a later program keeps below a user is read and deleted as well.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final

from google.cloud import firestore
from google.cloud.firestore_v1.base_query import FieldFilter

from streak_core.store import documents, shared_documents, tombstones
from streak_core.store.board_entries import BOARD_ENTRIES, ENTRY
from streak_core.store.reading import contents, list_collections, read_all, read_page, read_pages
from streak_core.store.tombstones import ERASING, Tombstone, signed_in_after, tombstone_document, tombstone_of
from streak_core.store.writing import Writer, both, commit, nothing_else

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from streak_core.store.reading import Snapshot

# What else is named after users, one document each. Of the first a tombstone stays, as of the streak.
RECORDS: Final = "records"
# The field of those that says until when the user is blocked; a block that does not end by itself is behind all others.
BLOCKED_UNTIL: Final = "blocked_until"
BLOCKED_FOR_EVER: Final = datetime(9999, 1, 1, tzinfo=UTC)
# Which is gone with the first commit of an erasing.
PROFILES: Final = "profiles"
# Documents that are read at a time, so that any number of them takes the same memory.
PAGE_DOCUMENTS: Final = 300
# Documents that are deleted with one commit.
BATCH_DOCUMENTS: Final = 200


@dataclass(frozen=True, kw_only=True)
class Home:
    """A user's own document as read; `version` is None where there is none."""

    user_id: str
    version: datetime | None
    # The moment as of which it was read.
    read_at: datetime
    tombstone: Tombstone | None
    signed_in_after: datetime | None
    # Whether there are records that nobody has erased.
    has_records: bool = False
    # Until when the user is blocked, or was; None where nobody was.
    blocked_until: datetime | None = None
    # What of it is needed to read a streak; empty where there is none.
    document: Mapping[str, Any] = field(default_factory=dict)
    # What the user's records hang on, as read.
    records: Snapshot


@dataclass(frozen=True, kw_only=True)
class StoredDocument:
    """One document of a user, as it is stored."""

    collection: str
    document_id: str
    data: Mapping[str, Any]


class WholeUserStore:
    """All documents of single users. What changes any of them goes by the version of the user's own."""

    def __init__(self, client: firestore.Client) -> None:
        """Uses `client`."""
        self._client = client
        self._streaks = client.collection(documents.STREAKS)
        # What stands before the name of each collection.
        self._prefix = self._streaks.id.removesuffix(documents.STREAKS)

    @property
    def client(self) -> firestore.Client:
        """The one that is used."""
        return self._client

    def home(self, user_id: str, of_records: Sequence[str] = ()) -> Home:
        """The user's own document, and with those fields what the records hang on.

        Raises `DatabaseUnavailable`, `ForeignDocument`, `UnreadableStreakError` for a wrong tombstone.
        """
        refs = [self._ref(user_id), self._records(user_id)]
        fields = (*tombstones.NEEDED, *documents.NEEDED, BLOCKED_UNTIL, *of_records)
        read = {one.reference.path: one for one in read_all(self._client, refs, fields)}
        found, records = (read[ref.path] for ref in refs)
        data = contents(found)
        if found.exists:
            documents.require_ours(data)
        return Home(
            user_id=user_id,
            document=data,
            records=records,
            version=found.update_time if found.exists else None,
            read_at=found.read_time,
            tombstone=tombstone_of(data),
            signed_in_after=signed_in_after(data),
            has_records=records.exists and tombstones.ERASED_AT not in contents(records),
            blocked_until=documents.plain_utc(until) if (until := contents(records).get(BLOCKED_UNTIL)) else None,
        )

    def is_empty(self, user_id: str) -> bool:
        """Whether nothing at all is stored of the user. Raises `DatabaseUnavailable`."""
        home = self.home(user_id)
        return home.version is None and not home.has_records and not list_collections(self._ref(user_id))

    def everything(self, user_id: str, as_of: datetime) -> Iterator[StoredDocument]:
        """All documents as they were at a moment, the user's own first, page by page. Raises `DatabaseUnavailable`."""
        homes = ((documents.STREAKS, self._ref(user_id)), (RECORDS, self._records(user_id)))
        for name, ref in (*homes, (PROFILES, self._profile(user_id))):
            own = ref.parent.where(filter=FieldFilter("__name__", "==", ref))
            yield from (_stored(name, one) for one in read_page(own, 1, as_of))
            for collection in list_collections(ref, as_of):
                yield from self._all(collection, as_of)
        yield from self._shared(user_id, as_of)

    def _shared(self, user_id: str, as_of: datetime) -> Iterator[StoredDocument]:
        """The user's own side of what others are named in as well, of which there is little."""
        for query in shared_documents.naming(self._client, user_id):
            for one in read_page(query, PAGE_DOCUMENTS, as_of):
                if own := shared_documents.own_side(user_id, one.id, contents(one)):
                    name = one.reference.parent.id.removeprefix(self._prefix)
                    yield StoredDocument(collection=name, document_id=own[0], data=own[1])

    def _all(self, collection: firestore.CollectionReference, as_of: datetime) -> Iterator[StoredDocument]:
        for page in read_pages(collection, PAGE_DOCUMENTS, as_of=as_of):
            yield from (_stored(collection.id.removeprefix(self._prefix), one) for one in page)

    def bury(self, home: Home, erased_at: datetime, also: Writer = nothing_else) -> None:
        """Puts a tombstone in the place of the user's document, if that is still as read. Raises `CommitFailed`.

        `also` does so with the user's records.
        """
        ref = self._ref(home.user_id)

        def write(transaction: firestore.Transaction) -> None:
            if home.version is None:
                transaction.create(ref, tombstone_document(erased_at))
            else:
                # No field stays, also none that nobody here knows.
                transaction.delete(ref, option=self._client.write_option(last_update_time=home.version))
                transaction.set(ref, tombstone_document(erased_at))
            transaction.delete(self._profile(home.user_id))
            # From this commit on nobody sees anything of the user any more.
            transaction.delete(ref.collection(BOARD_ENTRIES).document(ENTRY))

        commit(self._client, both(write, also))

    def delete_some(self, home: Home) -> bool:
        """Deletes some of what is left below a tombstone that is as read, or elsewhere of its user.

        False where nothing was left. Raises `CommitFailed`, `DatabaseUnavailable`.
        """
        for query in self._left(home.user_id):
            found = read_page(query.select([]), BATCH_DOCUMENTS)
            if found:
                commit(self._client, lambda transaction: self._delete(transaction, home, found))  # noqa: B023 - it is called here
                return True
        return False

    def _left(self, user_id: str) -> Iterator[firestore.Query]:
        """What finds all that is left of the user, also what others are named in as well."""
        for ref in (self._ref(user_id), self._records(user_id)):
            yield from (one.order_by("__name__") for one in list_collections(ref))
        yield from shared_documents.naming(self._client, user_id)

    def _delete(self, transaction: firestore.Transaction, home: Home, found: list[Snapshot]) -> None:
        # Whoever was slow deletes nothing of a user who began anew meanwhile.
        self._update(transaction, home, {ERASING: True})
        for one in found:
            transaction.delete(one.reference)

    def close(self, home: Home) -> None:
        """Notes that nothing is left below a tombstone that is as read. Raises `CommitFailed`."""
        commit(self._client, lambda transaction: self._update(transaction, home, {ERASING: firestore.DELETE_FIELD}))

    def _update(self, transaction: firestore.Transaction, home: Home, fields: documents.Document) -> None:
        option = self._client.write_option(last_update_time=home.version)
        transaction.update(self._ref(home.user_id), fields, option=option)

    def unfinished(self, limit: int) -> list[str]:
        """Users below whose tombstones something may be left. Raises `DatabaseUnavailable`."""
        query = self._streaks.where(filter=FieldFilter(ERASING, "==", True)).select([])  # noqa: FBT003 - a value to look for
        return [documents.user_id_of(one.id) for one in read_page(query, limit)]

    def _ref(self, user_id: str) -> firestore.DocumentReference:
        found: firestore.DocumentReference = self._streaks.document(documents.user_doc_id(user_id))
        return found

    def _records(self, user_id: str) -> firestore.DocumentReference:
        found: firestore.DocumentReference = self._client.collection(RECORDS).document(documents.user_doc_id(user_id))
        return found

    def _profile(self, user_id: str) -> firestore.DocumentReference:
        found: firestore.DocumentReference = self._client.collection(PROFILES).document(documents.user_doc_id(user_id))
        return found


def _stored(collection: str, snapshot: Snapshot) -> StoredDocument:
    return StoredDocument(collection=collection, document_id=snapshot.id, data=contents(snapshot))

"""Reads everything that belongs to a user, whoever it is.

It must not decide what is right, nor write. Nothing holds more than a page of users, or of one user's documents.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from itertools import chain
from typing import TYPE_CHECKING, Any, Final, Protocol

from streak_core.domain.entries import LedgerEntry
from streak_core.domain.events import Event
from streak_core.store import documents
from streak_core.store.reading import contents, count_documents, listed_pages, read_all, read_one, read_pages
from streak_core.store.tombstones import TOMBSTONES, is_tombstone
from streak_core.store.unreadable import StoredByNewerVersion, UnreadableStreakError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from google.cloud import firestore

    from streak_core.domain.calendar import CalendarDay
    from streak_core.store.documents import Document
    from streak_core.store.reading import Snapshot

PAGE_USERS: Final = 100
PAGE_DOCUMENTS: Final = 200


@dataclass(frozen=True, kw_only=True)
class UserDocument:
    """A user's own document as read; without one, `document` and `update_time` are None."""

    user_doc_id: str
    document: Mapping[str, Any] | None
    update_time: datetime | None

    @property
    def user_id(self) -> str:
        """Whose it is."""
        return documents.user_id_of(self.user_doc_id)

    @property
    def is_erased(self) -> bool:
        """Whether it is a tombstone."""
        return self.document is not None and is_tombstone(self.document)


@dataclass(frozen=True, kw_only=True)
class Kept:
    """A document below a user's. `unreadable` says why it does not read as what it should be."""

    document_id: str
    unreadable: str | None = None


@dataclass(frozen=True, kw_only=True)
class KeptEntry(Kept):
    """An entry of the ledger; `undone` is whether its activity is marked as undone, None without a mark."""

    entry: LedgerEntry | None = None
    # As it is stored, where `entry` is numbered anew.
    stored: LedgerEntry | None = None
    is_form_1: bool = False
    command: str | None = None
    undone: bool | None = None
    answer: Mapping[str, Any] = field(default_factory=dict)
    # The number that it had before others of the same number were put before it.
    moved_from: int | None = None


@dataclass(frozen=True, kw_only=True)
class KeptMonth(Kept):
    """The decided days of a month."""

    days: Mapping[str, CalendarDay] | None = None


@dataclass(frozen=True, kw_only=True)
class KeptEvent(Kept):
    """An event; `at` (UTC) is where it stands among the others, None if that is no moment."""

    at: datetime | None
    event: Event | None = None


@dataclass(frozen=True, kw_only=True)
class Mend:
    """What is to be written of a user, all or nothing. A month without days, and an event that is None, are deleted."""

    document: Document
    months: Mapping[str, Sequence[CalendarDay]] = field(default_factory=dict)
    events: Mapping[str, Event | None] = field(default_factory=dict)
    # Fields of documents of the ledger.
    entries: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)


class Below(Protocol):
    """What is stored below users, in its order."""

    def ledger(self, user_doc_id: str, /) -> Iterator[KeptEntry]:
        """By `seq`."""

    def ledger_by_moment(self, user_doc_id: str, /) -> Iterator[KeptEntry]:
        """By `at`."""

    def months(self, user_doc_id: str, /) -> Iterator[KeptMonth]:
        """By month."""

    def events(self, user_doc_id: str, /) -> Iterator[KeptEvent]:
        """By moment."""


class ProofStore:
    """The documents of all users, as they are."""

    def __init__(self, client: firestore.Client) -> None:
        """Uses `client`."""
        self._client = client
        self._streaks = client.collection(documents.STREAKS)

    def user_documents(self, is_wanted: Callable[[str], bool] | None = None) -> Iterator[UserDocument]:
        """Every user in the order of document ids, also those of whom only a ledger is left, but none who was erased.

        `is_wanted` tells by the id of a document whether it is read at all. Raises `DatabaseUnavailable`.
        """
        # Each page is read in one BatchGet.
        for refs in listed_pages(self._streaks, PAGE_USERS):
            wanted = [ref for ref in refs if is_wanted is None or is_wanted(ref.id)]
            found = map(_user_document, read_all(self._client, wanted) if wanted else ())
            yield from sorted((one for one in found if not one.is_erased), key=lambda one: one.user_doc_id)

    def user_document(self, user_doc_id: str) -> UserDocument:
        """One user. Raises `DatabaseUnavailable`."""
        return _user_document(read_one(self._streaks.document(user_doc_id)))

    def count(self) -> int:
        """How many users have a streak, by two aggregations. Raises `DatabaseUnavailable`."""
        return count_documents(self._streaks) - count_documents(self._streaks.where(filter=TOMBSTONES))

    def ledger(self, user_doc_id: str) -> Iterator[KeptEntry]:
        """The entries in the order of `seq`. Raises `DatabaseUnavailable`."""
        found = self._all(self._home(user_doc_id).collection(documents.LEDGER), "seq")
        return (kept_entry(one.id, contents(one)) for one in found)

    def ledger_by_moment(self, user_doc_id: str) -> Iterator[KeptEntry]:
        """The entries in the order of `at`. Raises `DatabaseUnavailable`."""
        found = self._all(self._home(user_doc_id).collection(documents.LEDGER), "at")
        return (kept_entry(one.id, contents(one)) for one in found)

    def months(self, user_doc_id: str) -> Iterator[KeptMonth]:
        """The months, the earliest first. Raises `DatabaseUnavailable`."""
        found = self._all(self._home(user_doc_id).collection(documents.MONTHS), None)
        return (kept_month(one.id, contents(one)) for one in found)

    def events(self, user_doc_id: str) -> Iterator[KeptEvent]:
        """The events in the order of `at`. Raises `DatabaseUnavailable`."""
        found = self._all(self._home(user_doc_id).collection(documents.EVENTS), "at")
        return (kept_event(one.id, contents(one)) for one in found)

    def _home(self, user_doc_id: str) -> firestore.DocumentReference:
        found: firestore.DocumentReference = self._streaks.document(user_doc_id)
        return found

    def _all(self, collection: firestore.CollectionReference, field_name: str | None) -> Iterator[Snapshot]:
        """Every document that has the field, in its order and then by id; page by page."""
        return chain.from_iterable(read_pages(collection, PAGE_DOCUMENTS, (field_name,) if field_name else ()))


def _user_document(snapshot: Snapshot) -> UserDocument:
    if not snapshot.exists:
        return UserDocument(user_doc_id=snapshot.id, document=None, update_time=None)
    return UserDocument(user_doc_id=snapshot.id, document=contents(snapshot), update_time=snapshot.update_time)


def kept_entry(document_id: str, data: Mapping[str, Any]) -> KeptEntry:
    """A document of the ledger."""
    try:
        entry, (command, undone) = documents.read_entry(data), documents.read_marks(data)
        _, _, answer = documents.read_exchange(data)
        moved_from = documents.read_moved_from(data)
    except UnreadableStreakError as error:
        return KeptEntry(document_id=document_id, unreadable=str(error))
    # Queries go by the fields that stand beside the entry.
    beside = {name: data.get(name) for name in ("kind", "seq", "at")}
    if entry.entry_id != document_id or beside != {"kind": entry.kind, "seq": entry.seq, "at": entry.at}:
        return KeptEntry(document_id=document_id, unreadable="its id, kind, seq or at is not that of its entry")
    is_form_1 = documents.form_of_entry(data) == documents.FORM_1
    return KeptEntry(
        document_id=document_id,
        entry=entry,
        is_form_1=is_form_1,
        command=command,
        undone=undone,
        answer=answer,
        moved_from=moved_from,
    )


def kept_month(document_id: str, data: Mapping[str, Any]) -> KeptMonth:
    """A document of a month."""
    try:
        rows = documents.read_month(data)
    except StoredByNewerVersion:
        raise
    except UnreadableStreakError as error:
        return KeptMonth(document_id=document_id, unreadable=str(error))
    return KeptMonth(document_id=document_id, days={row.day.isoformat(): row for row in rows})


def kept_event(document_id: str, data: Mapping[str, Any]) -> KeptEvent:
    """A document of an event."""
    at = documents.plain_utc(data["at"]) if isinstance(data["at"], datetime) else None
    try:
        return KeptEvent(document_id=document_id, at=at, event=documents.read_event(data))
    except StoredByNewerVersion:
        raise
    except UnreadableStreakError as error:
        return KeptEvent(document_id=document_id, at=at, unreadable=str(error))

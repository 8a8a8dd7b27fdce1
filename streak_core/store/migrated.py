"""Users as a migration reads and writes them: in the order of their ids, with what is stored beside their documents.

It must not know any migration, nor what becomes of a document.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar, Final

from google.cloud import firestore
from pydantic import ConfigDict, TypeAdapter

from streak_core.store import documents
from streak_core.store.failures import WriteConflict
from streak_core.store.first_form import decided_span
from streak_core.store.reading import contents, read_all, read_one, read_page
from streak_core.store.tombstones import is_tombstone
from streak_core.store.unreadable import UnreadableStreakError, reading
from streak_core.store.writing import commit

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from streak_core.domain.calendar import CalendarDay
    from streak_core.domain.rules import Rules
    from streak_core.store.documents import Document
    from streak_core.store.reading import Snapshot

# Users who are left as they are and named.
NAMED_MAX: Final = 20
_CLOSED: Final = ConfigDict(extra="forbid")


@dataclass(frozen=True, kw_only=True)
class Beside:
    """What is known beside a document: what else is stored of the user, and what users are judged by."""

    rules: Rules
    # When the document was written as it is.
    written_at: datetime
    # The decided days of the user, in their order.
    decided: Sequence[CalendarDay]
    # The form of the newest entry of the user's ledger; None where nobody has asked, or there is none.
    newest_entry: int | None


@dataclass(frozen=True, kw_only=True)
class Found:
    """A user's document as read; `version` is what a write of it builds on, so that it never hides another one."""

    doc_id: str
    version: object
    document: Document
    # None where what is stored beside it does not read, and `unreadable` says why.
    beside: Beside | None
    unreadable: str = ""


@dataclass(frozen=True, kw_only=True)
class LeftAlone:
    """A user who is not migrated, and why; the reason tells nothing of what is stored."""

    __pydantic_config__: ClassVar[ConfigDict] = _CLOSED

    doc_id: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class Counts:
    """How many users were written, were there already, would have lost something, and could not be migrated."""

    __pydantic_config__: ClassVar[ConfigDict] = _CLOSED

    changed: int = 0
    already: int = 0
    would_lose: int = 0
    failed: int = 0
    # The first of those who would have lost something or could not be migrated.
    left_alone: tuple[LeftAlone, ...] = ()

    def __add__(self, other: Counts) -> Counts:
        """Both together."""
        return Counts(
            changed=self.changed + other.changed,
            already=self.already + other.already,
            would_lose=self.would_lose + other.would_lose,
            failed=self.failed + other.failed,
            left_alone=(*self.left_alone, *other.left_alone)[:NAMED_MAX],
        )


@dataclass(frozen=True, kw_only=True)
class Progress:
    """How far a migration is: the last document that was dealt with, and the counts up to there."""

    __pydantic_config__: ClassVar[ConfigDict] = _CLOSED

    cursor: str | None = None
    is_done: bool = False
    counts: Counts = Counts()


@dataclass(frozen=True, kw_only=True)
class Change:
    """A document that is to be written in place of the one that was found."""

    found: Found
    document: Document


_PROGRESS: Final = TypeAdapter(Progress)


class MigratedUsers:
    """All users, by the ids of their documents, and how far a migration is with them."""

    def __init__(
        self,
        client: firestore.Client,
        progress_doc: firestore.DocumentReference,
        policies: Callable[[], Rules],
        *,
        is_down: bool,
    ) -> None:
        """Uses `client`. For the forms of ledgers it asks on the way down alone: nobody goes by them on the way up."""
        self._client = client
        self._streaks = client.collection(documents.STREAKS)
        self._progress_doc = progress_doc
        self._policies = policies
        self._is_down = is_down

    def progress(self) -> Progress:
        """As it is stored. Raises `UnreadableStreakError`, `DatabaseUnavailable`."""
        return _progress(read_one(self._progress_doc))

    def page(self, after: str | None, limit: int) -> list[Found]:
        """The next users. Raises `DatabaseUnavailable`."""
        query = self._streaks.order_by("__name__")
        if after is not None:
            query = query.start_after({"__name__": self._streaks.document(after)})
        return [self._found(one) for one in read_page(query, limit)]

    def again(self, doc_id: str) -> Found | None:
        """A user as stored by now. Raises `DatabaseUnavailable`."""
        snapshot = read_one(self._streaks.document(doc_id))
        return self._found(snapshot) if snapshot.exists else None

    def _found(self, snapshot: Snapshot) -> Found:
        document, version = dict(contents(snapshot)), snapshot.update_time
        try:
            beside = Beside(
                rules=self._policies(),
                written_at=documents.plain_utc(version),
                decided=self._decided(snapshot.id, document),
                newest_entry=self._newest_entry(snapshot.id) if self._is_down else None,
            )
        except UnreadableStreakError as error:
            return Found(doc_id=snapshot.id, version=version, document=document, beside=None, unreadable=str(error))
        return Found(doc_id=snapshot.id, version=version, document=document, beside=beside)

    def _decided(self, doc_id: str, document: Document) -> list[CalendarDay]:
        """The decided days that form 1 needs, also on the way back to it. Raises `UnreadableStreakError`."""
        span = None if is_tombstone(document) else decided_span(documents.read_streak(document)[0])
        if span is None:
            return []
        months = self._streaks.document(doc_id).collection(documents.MONTHS)
        found = read_all(self._client, [months.document(month) for month in documents.months_between(*span)])
        rows = [row for one in found if one.exists for row in documents.read_month(contents(one))]
        return sorted(rows, key=lambda row: row.day)

    def _newest_entry(self, doc_id: str) -> int | None:
        ledger = self._streaks.document(doc_id).collection(documents.LEDGER)
        newest = read_page(ledger.order_by("seq", direction=firestore.Query.DESCENDING), 1)
        return documents.form_of_entry(contents(newest[0])) if newest else None

    def commit(self, changes: Sequence[Change], before: Progress, after: Progress) -> None:
        """All or nothing, where each document is still as found and the progress as `before`.

        Raises `CommitFailed`, `DatabaseUnavailable`.
        """
        stored = read_one(self._progress_doc)
        if _progress(stored) != before:
            raise WriteConflict(_GONE_ON)
        commit(self._client, lambda transaction: self._write(transaction, changes, stored, after))

    def _write(
        self, transaction: firestore.Transaction, changes: Sequence[Change], stored: Snapshot, after: Progress
    ) -> None:
        for change in changes:
            option = self._client.write_option(last_update_time=change.found.version)
            transaction.update(self._streaks.document(change.found.doc_id), _fields(change), option=option)
        content = _PROGRESS.dump_python(after, mode="json")
        if not stored.exists:
            transaction.create(self._progress_doc, content)
            return
        option = self._client.write_option(last_update_time=stored.update_time)
        transaction.update(self._progress_doc, content, option=option)


_GONE_ON: Final = "the progress is another one"


def _progress(snapshot: Snapshot) -> Progress:
    with reading():
        return _PROGRESS.validate_python(contents(snapshot)) if snapshot.exists else Progress()


def _fields(change: Change) -> dict[str, Any]:
    """What is written of a document: the fields that are others, and that those that are not there any more go."""
    old, new = change.found.document, change.document
    gone = {name: firestore.DELETE_FIELD for name in old if name not in new}
    return {**{name: value for name, value in new.items() if name not in old or old[name] != value}, **gone}

"""Users as a migration reads and writes them: in the order of their ids, with what is stored beside their documents.

It must not know any migration, nor what becomes of a document.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from google.cloud import firestore
from google.cloud.firestore_v1.base_query import FieldFilter

from streak_core.store import documents
from streak_core.store.failures import WriteConflict
from streak_core.store.first_form import decided_span
from streak_core.store.migrations import MigrationStore, progress_field, read_progress
from streak_core.store.reading import contents, read_all, read_one, read_page
from streak_core.store.tombstones import is_tombstone
from streak_core.store.unreadable import UnreadableStreakError
from streak_core.store.writing import commit

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from streak_core.domain.calendar import CalendarDay
    from streak_core.domain.rules import Rules
    from streak_core.store.documents import Document
    from streak_core.store.migrations import Progress
    from streak_core.store.reading import Snapshot

# Users of one query, of whom a page at a time is looked at: what is written since is seen when they are written.
_AHEAD_MAX: Final = 1_000
# Of one BatchGet.
_DOCUMENTS_MAX: Final = 300
# Ledgers that are asked at the same time.
_LEDGERS_MAX: Final = 8
_GONE_ON: Final = "the progress is another one"


@dataclass(frozen=True, kw_only=True)
class Beside:
    """What is known beside a document: what else is stored of the user, and what users are judged by."""

    rules: Rules
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
class Change:
    """A document that is to be written in place of the one that was found."""

    found: Found
    document: Document


@dataclass(kw_only=True)
class _Beside:
    """What is to be read beside a document, and then what was found; where something does not read, why."""

    months: list[firestore.DocumentReference] = field(default_factory=list)
    decided: list[CalendarDay] = field(default_factory=list)
    newest_entry: int | None = None
    unreadable: str | None = None


class MigratedUsers:
    """All users, by the ids of their documents, and how far the migration of that number is with them."""

    def __init__(self, client: firestore.Client, number: int, policies: Callable[[], Rules], *, is_down: bool) -> None:
        """Uses `client`. For the forms of ledgers it asks on the way down alone: nobody goes by them on the way up."""
        self._client = client
        self._streaks = client.collection(documents.STREAKS)
        self._record_doc = MigrationStore(client).record_doc(number)
        self._policies = policies
        self._is_down = is_down
        # Users who were read and not looked at yet, and after whom they come.
        self._ahead: list[Snapshot] = []
        self._after: str | None = None

    def progress(self) -> Progress:
        """As it is stored. Raises `UnreadableStreakError`, `DatabaseUnavailable`."""
        return read_progress(read_one(self._record_doc))

    def page(self, after: str | None, limit: int) -> list[Found]:
        """The next users. Raises `DatabaseUnavailable`."""
        if not self._ahead or after != self._after:
            self._ahead = self._read_ahead(after)
        page, self._ahead = self._ahead[:limit], self._ahead[limit:]
        self._after = page[-1].id if page else after
        return self._found(page)

    def _read_ahead(self, after: str | None) -> list[Snapshot]:
        query = self._streaks.order_by("__name__")
        if after is not None:
            query = query.where(filter=FieldFilter("__name__", ">", self._streaks.document(after)))
        return read_page(query, _AHEAD_MAX)

    def again(self, doc_id: str) -> Found | None:
        """A user as stored by now. Raises `DatabaseUnavailable`."""
        snapshot = read_one(self._streaks.document(doc_id))
        return self._found([snapshot])[0] if snapshot.exists else None

    def _found(self, snapshots: Sequence[Snapshot]) -> list[Found]:
        found = {one.id: dict(contents(one)) for one in snapshots}
        beside = {doc_id: self._wanted(doc_id, document) for doc_id, document in found.items()}
        self._read_months(beside)
        if self._is_down:
            self._read_ledgers(beside, found)
        rules = self._policies()
        return [_as_found(one, found[one.id], beside[one.id], rules) for one in snapshots]

    def _wanted(self, doc_id: str, document: Document) -> _Beside:
        """The decided days that form 1 needs, also on the way back to it."""
        try:
            if is_tombstone(document) or not (self._is_down or documents.form_of(document) == documents.FORM_1):
                return _Beside()
            span = decided_span(documents.read_streak(document)[0])
        except UnreadableStreakError as error:
            return _Beside(unreadable=str(error))
        months = self._streaks.document(doc_id).collection(documents.MONTHS)
        return _Beside(months=[months.document(one) for one in documents.months_between(*span)] if span else [])

    def _read_months(self, beside: Mapping[str, _Beside]) -> None:
        refs = [ref for one in beside.values() for ref in one.months]
        for begin in range(0, len(refs), _DOCUMENTS_MAX):
            for snapshot in read_all(self._client, refs[begin : begin + _DOCUMENTS_MAX]):
                if snapshot.exists:
                    _add_month(beside[snapshot.reference.parent.parent.id], snapshot)

    def _read_ledgers(self, beside: Mapping[str, _Beside], found: Mapping[str, Document]) -> None:
        asked = [doc_id for doc_id, one in beside.items() if one.unreadable is None and not is_tombstone(found[doc_id])]
        with ThreadPoolExecutor(_LEDGERS_MAX) as pool:
            for doc_id, newest in zip(asked, pool.map(self._newest_entry, asked), strict=True):
                try:
                    beside[doc_id].newest_entry = documents.form_of_entry(newest) if newest else None
                except UnreadableStreakError as error:
                    beside[doc_id].unreadable = str(error)

    def _newest_entry(self, doc_id: str) -> Document | None:
        ledger = self._streaks.document(doc_id).collection(documents.LEDGER)
        newest = read_page(ledger.order_by("seq", direction=firestore.Query.DESCENDING), 1)
        return dict(contents(newest[0])) if newest else None

    def commit(self, changes: Sequence[Change], before: Progress, after: Progress) -> None:
        """All or nothing, where each document is still as found and the progress as `before`.

        Raises `CommitFailed`, `DatabaseUnavailable`.
        """
        stored = read_one(self._record_doc)
        if read_progress(stored) != before:
            raise WriteConflict(_GONE_ON)
        commit(self._client, lambda transaction: self._write(transaction, changes, stored, after))

    def _write(
        self, transaction: firestore.Transaction, changes: Sequence[Change], stored: Snapshot, after: Progress
    ) -> None:
        for change in changes:
            option = self._client.write_option(last_update_time=change.found.version)
            transaction.update(self._streaks.document(change.found.doc_id), _fields(change), option=option)
        option = self._client.write_option(last_update_time=stored.update_time)
        transaction.update(self._record_doc, progress_field(after), option=option)


def _add_month(beside: _Beside, month: Snapshot) -> None:
    try:
        beside.decided += documents.read_month(contents(month))
    except UnreadableStreakError as error:
        beside.unreadable = str(error)


def _as_found(snapshot: Snapshot, document: Document, read: _Beside, rules: Rules) -> Found:
    version = snapshot.update_time
    if read.unreadable is not None:
        return Found(doc_id=snapshot.id, version=version, document=document, beside=None, unreadable=read.unreadable)
    beside = Beside(
        rules=rules,
        decided=sorted(read.decided, key=lambda row: row.day),
        newest_entry=read.newest_entry,
    )
    return Found(doc_id=snapshot.id, version=version, document=document, beside=beside)


def _fields(change: Change) -> dict[str, Any]:
    """What is written of a document: the fields that are others, and that those that are not there any more go."""
    old, new = change.found.document, change.document
    gone = {name: firestore.DELETE_FIELD for name in old if name not in new}
    return {**{name: value for name, value in new.items() if name not in old or old[name] != value}, **gone}

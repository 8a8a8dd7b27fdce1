"""A user's ledger as a list: whole and in its order, or its activities page by page, the last recorded first.

It must not know what an entry does.
"""

from __future__ import annotations

from datetime import UTC, datetime, time
from typing import TYPE_CHECKING, Final

from google.cloud import firestore
from google.cloud.firestore_v1.base_query import FieldFilter

from streak_core.domain.commands import ActivityRecorded
from streak_core.domain.days import ZONES_APART_MAX
from streak_core.domain.entries import named_entry_id, undo_entry_id
from streak_core.domain.model import Numbered
from streak_core.store import documents
from streak_core.store.reading import contents, read_all, read_page, read_pages

if TYPE_CHECKING:
    from collections.abc import Iterator

    from streak_core.domain.entries import LedgerEntry
    from streak_core.domain.model import Streak
    from streak_core.store.reading import Cursor, Snapshot

_PAGE_ENTRIES: Final = 300
_RECORDED_MAX: Final = 3_000
# What was asked and answered is several times as much, and not looked at here. What a query is ordered by is read as
# well: the client resumes a stream that was cut from it.
_ENTRY: Final = ("schema_version", "entry")


def whole_ledger(user_doc: firestore.DocumentReference) -> Iterator[LedgerEntry]:
    """Every entry, by `seq`. Raises `DatabaseUnavailable`, `UnreadableStreakError`."""
    query: firestore.Query = user_doc.collection(documents.LEDGER).select((*_ENTRY, "seq"))
    for page in read_pages(query, _PAGE_ENTRIES, ("seq",)):
        yield from [documents.read_entry(contents(one)) for one in page]


def activities_page(
    client: firestore.Client, user_doc: firestore.DocumentReference, limit: int, after: Cursor | None
) -> list[tuple[LedgerEntry, bool]]:
    """Recorded activities and whether they are undone, the last recorded first, after the one at (moment, id)."""
    ledger = user_doc.collection(documents.LEDGER)
    query = ledger.where(filter=FieldFilter("kind", "==", "activity")).select((*_ENTRY, "command", "undone", "at"))
    found = [contents(one) for one in latest_page(query, ledger, limit, after)]
    entries = [(documents.read_entry(one), documents.read_marks(one)[1]) for one in found]
    told_elsewhere = {entry.entry_id: undo_id(entry) for entry, undone in entries if undone is None}
    refs = {ledger.document(undo).path: entry_id for entry_id, undo in told_elsewhere.items()}
    undos = read_all(client, [client.document(path) for path in refs], _ENTRY) if refs else []
    also_undone = {refs[one.reference.path] for one in undos if one.exists}
    return [(entry, undone or entry.entry_id in also_undone) for entry, undone in entries]


def recorded_since_the_tail(
    client: firestore.Client, user_doc: firestore.DocumentReference, streak: Streak
) -> tuple[Numbered, ...]:
    """The activities that are not undone, of the tail and of the day before it: what a first zone labels anew.

    Of a user with more than thousands, the latest.
    """
    # An instant before the day in any zone; nothing is recorded before it occurs.
    since = datetime.combine(streak.checkpoint.next_day, time(), UTC) - ZONES_APART_MAX
    found: list[tuple[LedgerEntry, bool]] = []
    after: Cursor | None = None
    while len(found) < _RECORDED_MAX:
        page = activities_page(client, user_doc, _PAGE_ENTRIES, after)
        found += [(entry, undone) for entry, undone in page if entry.at >= since]
        if len(page) < _PAGE_ENTRIES or page[-1][0].at < since:
            break
        after = (page[-1][0].at, page[-1][0].entry_id)
    return tuple(
        Numbered(activity=entry.content.activity, seq=entry.seq)
        for entry, undone in found
        if isinstance(entry.content, ActivityRecorded) and not undone and entry.seq <= streak.seq
    )


def latest_page(
    query: firestore.Query, collection: firestore.CollectionReference, limit: int, after: Cursor | None
) -> list[Snapshot]:
    """What a query over documents with a moment `at` finds in a collection, the latest first, after the one there."""
    descending = firestore.Query.DESCENDING
    query = query.order_by("at", direction=descending).order_by("__name__", direction=descending)
    if after:
        query = query.start_after({"at": after[0], "__name__": collection.document(after[1])})
    return read_page(query, limit)


def undo_id(entry: LedgerEntry) -> str:
    """Where form 1 kept the undoing of an activity, next to its entry."""
    return undo_entry_id(entry.entry_id.removeprefix(named_entry_id("")))

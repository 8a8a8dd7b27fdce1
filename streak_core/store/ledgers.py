"""A user's whole ledger, in its order: what decided days are judged anew by.

It must not know what an entry does.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from streak_core.store import documents
from streak_core.store.reading import contents, read_page

if TYPE_CHECKING:
    from collections.abc import Iterator

    from google.cloud import firestore

    from streak_core.domain.entries import LedgerEntry

_PAGE_ENTRIES: Final = 300


def whole_ledger(user_doc: firestore.DocumentReference) -> Iterator[LedgerEntry]:
    """Every entry, by `seq`. Raises `DatabaseUnavailable`, `UnreadableStreakError`."""
    query: firestore.Query = user_doc.collection(documents.LEDGER).order_by("seq").select(documents.NEEDED)
    page = read_page(query, _PAGE_ENTRIES)
    while page:
        entries = [documents.read_entry(contents(one)) for one in page]
        yield from entries
        if len(page) < _PAGE_ENTRIES:
            return
        page = read_page(query.start_after({"seq": entries[-1].seq}), _PAGE_ENTRIES)

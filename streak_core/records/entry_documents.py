"""Entries of an audit trail as documents: written in one form, and read back whatever is found.

It must not know which acts are told of, or whether a chain is whole.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Final

from google.cloud import firestore

from streak_core.records.chain import BrokenEntryError, Entry, entry_of
from streak_core.records.homes import SCHEMA_VERSION, RecordsUnreadable
from streak_core.records.proof import StoredEntry
from streak_core.store.documents import Document, plain_utc
from streak_core.store.reading import contents, read_page

_PAGE: Final = 300
_FIELDS: Final = {"schema_version", "entry", "hash", "expire_at"}


def entry_document(entry: Entry) -> Document:
    """An entry as it is stored: its text, the hash of that, and when the database deletes it."""
    return {
        "schema_version": SCHEMA_VERSION,
        "entry": entry.text,
        "hash": entry.hash,
        "expire_at": entry.expires_at,
    }


def read_entry(text: object) -> Entry:
    """The entry of a stored text. Raises `RecordsUnreadable`: nobody may take what is left for the whole."""
    try:
        return entry_of(str(text))
    except BrokenEntryError as error:
        raise RecordsUnreadable from error


def stored_entries(collection: firestore.CollectionReference) -> Iterator[StoredEntry]:
    """All entries that there are, each as it is found. Raises `DatabaseUnavailable`."""
    query: firestore.Query = collection.order_by("__name__")
    page = read_page(query, _PAGE)
    while page:
        for one in page:
            data = contents(one)
            expire_at = data.get("expire_at")
            yield StoredEntry(
                document_id=one.id,
                text=str(data.get("entry", "")),
                hash=str(data.get("hash", "")),
                expire_at=plain_utc(expire_at) if isinstance(expire_at, datetime) else None,
                is_whole=data.keys() == _FIELDS and data["schema_version"] == SCHEMA_VERSION,
            )
        page = read_page(query.start_after({"__name__": page[-1].reference}), _PAGE)

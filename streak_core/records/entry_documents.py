"""Entries of an audit trail as documents: written in one form, and read back whatever is found.

It must not know which acts are told of, or whether a chain is whole.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from itertools import chain
from typing import Final

from google.cloud import firestore

from streak_core.records.chain import BrokenEntryError, Entry, entry_of
from streak_core.records.counted_acts import counts_of
from streak_core.records.counters import day_of
from streak_core.records.counting import mark
from streak_core.records.homes import SCHEMA_VERSION, RecordsUnreadable
from streak_core.records.proof import StoredEntry
from streak_core.store.documents import Document, plain_utc
from streak_core.store.reading import contents, read_pages

_PAGE: Final = 300
# What the chain itself proves; of the rest of a document nothing may be otherwise.
_PROVED: Final = frozenset({"entry", "hash", "expire_at"})


def entry_document(entry: Entry) -> Document:
    """An entry as it is stored: its text, the hash of that, when the database deletes it, and what finds it counted."""
    return {
        "schema_version": SCHEMA_VERSION,
        "entry": entry.text,
        "hash": entry.hash,
        "expire_at": entry.expires_at,
        **(mark(entry.subject.id, day_of(entry.at)) if counts_of(entry) else {}),
    }


def read_entry(text: object) -> Entry:
    """The entry of a stored text. Raises `RecordsUnreadable`: nobody may take what is left for the whole."""
    try:
        return entry_of(str(text))
    except BrokenEntryError as error:
        raise RecordsUnreadable from error


def stored_entries(collection: firestore.CollectionReference) -> Iterator[StoredEntry]:
    """All documents of a trail, whatever they say. Raises `DatabaseUnavailable`."""
    for one in chain.from_iterable(read_pages(collection, _PAGE)):
        data = contents(one)
        expire_at = data.get("expire_at")
        yield StoredEntry(
            document_id=one.id,
            text=str(data.get("entry", "")),
            hash=str(data.get("hash", "")),
            expire_at=plain_utc(expire_at) if isinstance(expire_at, datetime) else None,
            is_whole=data.keys() >= _PROVED and _unproved(data) == _expected(data["entry"]),
        )


def _unproved(data: Mapping[str, object]) -> Document:
    return {name: value for name, value in data.items() if name not in _PROVED}


def _expected(text: object) -> Document:
    """What else a document says whose entry is that text; one that does not read is wrong anyway."""
    try:
        return _unproved(entry_document(entry_of(str(text))))
    except BrokenEntryError:
        return {}

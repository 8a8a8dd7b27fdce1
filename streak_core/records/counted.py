"""Which records are counted, and what each counts: by this they are counted once more when their day is over.

It must not know how a counter is kept. Whoever counts a new kind of record in its commit has a row here.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from google.cloud import firestore

from streak_core.records.counted_acts import FAILED_ACTIONS, counts_of
from streak_core.records.counters import Count
from streak_core.records.entry_documents import read_entry
from streak_core.records.homes import AUDIT, RecordsUnreadable


@dataclass(frozen=True, kw_only=True)
class Counted:
    """Records of one name, each below the home of its user; no others count under these names."""

    of_all: Callable[[firestore.Client], firestore.CollectionGroup]
    names: frozenset[str]
    # What a document counts, as it did when it was written.
    counts_of: Callable[[Mapping[str, Any]], Sequence[Count]]


def _of_entry(document: Mapping[str, Any]) -> Sequence[Count]:
    try:
        return counts_of(read_entry(document.get("entry")))
    except RecordsUnreadable:
        # `streakctl audit verify` finds it.
        return ()


def _entries(client: firestore.Client) -> firestore.CollectionGroup:
    return client.collection_group(AUDIT)


COUNTED: Final = (Counted(of_all=_entries, names=frozenset({FAILED_ACTIONS}), counts_of=_of_entry),)

"""Which records are counted, and what each counts: by this they are counted once more when their day is over.

It must not know how a counter is kept. Whoever counts a new kind of record in its commit has a row here.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from google.cloud import firestore

from streak_core.records import counted_records
from streak_core.records.app_records import APP_RECORDS
from streak_core.records.app_records import COUNTED as COUNTED_BY
from streak_core.records.conversations import MESSAGES
from streak_core.records.counted_acts import FAILED_ACTIONS, FAILED_NOTES, counts_of
from streak_core.records.counters import Count
from streak_core.records.counting import COUNTED_ON
from streak_core.records.entry_documents import read_entry
from streak_core.records.homes import AUDIT, RecordsUnreadable
from streak_core.records.ideas import IDEAS, SELECTED_ON
from streak_core.records.usage import USAGES


@dataclass(frozen=True, kw_only=True)
class CountedKind:
    """Records of one name, each below the home of its user; no others count under these names."""

    of_all: Callable[[firestore.Client], firestore.CollectionGroup]
    names: frozenset[str]
    # What a document counts, as it did when it was written.
    counts_of: Callable[[Mapping[str, Any]], Sequence[Count]]
    # The field of the day: of what is counted on two days, each has one.
    on: str = COUNTED_ON


def _of_entry(document: Mapping[str, Any]) -> Sequence[Count]:
    try:
        return counts_of(read_entry(document.get("entry")))
    except RecordsUnreadable:
        # `streakctl audit verify` finds it.
        return ()


def _of_text(field: str, counts: Callable[[Any], Sequence[Count]]) -> Callable[[Mapping[str, Any]], Sequence[Count]]:
    """What a document counts by what is in a text of it; nothing where that does not read."""

    def counts_of_document(document: Mapping[str, Any]) -> Sequence[Count]:
        try:
            return counts(json.loads(document[field]))
        except (KeyError, TypeError, ValueError, AttributeError):
            return ()

    return counts_of_document


def _messages(client: firestore.Client) -> firestore.CollectionGroup:
    return client.collection_group(MESSAGES)


def _usage(client: firestore.Client) -> firestore.CollectionGroup:
    return client.collection_group(USAGES)


def _ideas(client: firestore.Client) -> firestore.CollectionGroup:
    return client.collection_group(IDEAS)


def _app_records(client: firestore.Client) -> firestore.CollectionGroup:
    return client.collection_group(APP_RECORDS)


def _entries(client: firestore.Client) -> firestore.CollectionGroup:
    return client.collection_group(AUDIT)


COUNTED: Final = (
    CountedKind(of_all=_entries, names=frozenset({FAILED_ACTIONS, FAILED_NOTES}), counts_of=_of_entry),
    CountedKind(
        of_all=_messages,
        names=frozenset({counted_records.CONVERSATIONS, counted_records.RESPONSE_TIMES}),
        counts_of=_of_text("message", counted_records.counts_of_message),
    ),
    CountedKind(
        of_all=_usage,
        names=frozenset({counted_records.FEATURES}),
        counts_of=_of_text("usage", counted_records.counts_of_usage),
    ),
    CountedKind(
        of_all=_ideas,
        names=frozenset({counted_records.IDEAS}),
        counts_of=_of_text("idea", counted_records.counts_of_idea),
    ),
    CountedKind(
        of_all=_ideas,
        names=frozenset({counted_records.SELECTED}),
        counts_of=_of_text("idea", counted_records.counts_of_selection),
        on=SELECTED_ON,
    ),
    CountedKind(
        of_all=_app_records,
        names=frozenset({counted_records.APP_RECORDS}),
        counts_of=_of_text(COUNTED_BY, counted_records.counts_of_app_record),
    ),
)

"""A ledger that is not whole proves nothing, and nothing is mended by it."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from google.cloud import firestore

from streak_core.store.documents import read_entry, read_streak
from tests.integration.streakctl.proving import NOW, of, prove
from tests.support.recorded_client import RecordedClient
from tests.support.stored_life import documents_of
from tools.streakctl.proving import Finding

Damage = Callable[[firestore.DocumentReference], object]


def entry_of(doc: firestore.DocumentReference, seq: int) -> firestore.DocumentReference:
    found = next(one for one in doc.collection("ledger").stream() if read_entry(one.to_dict() or {}).seq == seq)
    ref: firestore.DocumentReference = found.reference
    return ref


def first(doc: firestore.DocumentReference, below: str) -> firestore.DocumentReference:
    found: firestore.DocumentReference = next(iter(doc.collection(below).stream())).reference
    return found


def with_more_in_the_state(doc: firestore.DocumentReference) -> None:
    state = json.loads(of(doc)["state"])
    doc.update({"state": json.dumps({**state, "mood": "good"})})


def with_more_in_a_day(doc: firestore.DocumentReference) -> None:
    month = first(doc, "months")
    name, row = next(iter(of(month)["days"].items()))
    month.set({"days": {name: json.dumps({**json.loads(row), "mood": "good"})}}, merge=True)


LEDGER_DAMAGES: list[tuple[str, Damage, str]] = [
    ("missing", lambda doc: entry_of(doc, 9).delete(), "entry 9 is missing"),
    ("first missing", lambda doc: entry_of(doc, 1).delete(), "entry 1 is missing"),
    (
        "without a place",
        lambda doc: entry_of(doc, 9).update({"seq": firestore.DELETE_FIELD}),
        "entry 9 is missing",
    ),
    ("last missing", lambda doc: entry_of(doc, last_seq(doc)).delete(), "the ledger ends at entry"),
    ("does not read", lambda doc: entry_of(doc, 9).update({"entry": "{}"}), "does not read"),
    ("stamped wrongly", lambda doc: entry_of(doc, 9).update({"at": NOW}), "its id, kind, seq or at is not"),
    (
        "of another kind",
        lambda doc: entry_of(doc, 9).update({"kind": "reset"}),
        "its id, kind, seq or at is not",
    ),
    (
        "copied",
        lambda doc: doc.collection("ledger").document("x").set(of(entry_of(doc, 9))),
        "does not read",
    ),
    ("gone", lambda doc: [one.reference.delete() for one in doc.collection("ledger").stream()], "no ledger"),
    ("of a later version", lambda doc: doc.update({"schema_version": 99}), "a later version"),
    ("with a state of a later form", with_more_in_the_state, "a later version"),
    ("with an event of a later form", lambda doc: first(doc, "events").update({"is_loud": True}), "a later version"),
    ("with an event of a later kind", lambda doc: first(doc, "events").update({"kind": "sung"}), "a later version"),
    ("with a day of a later form", with_more_in_a_day, "a later version"),
    (
        "older than a streak that does not read",
        lambda doc: doc.update({"state": "{}", "updated_at": NOW}),
        "written after the last entry",
    ),
]


def last_seq(doc: firestore.DocumentReference) -> int:
    return read_streak(of(doc))[0].seq


@pytest.mark.parametrize(
    ("damage", "said"), [case[1:] for case in LEDGER_DAMAGES], ids=[case[0] for case in LEDGER_DAMAGES]
)
def test_a_ledger_that_is_not_whole_or_older_than_the_streak_proves_nothing_and_mends_nothing(
    client: RecordedClient, ada: firestore.DocumentReference, damage: Damage, said: str
) -> None:
    damage(ada)
    ada.update({"current_streak": 99})
    stored = documents_of(client, "ada")
    for fix in (False, True):
        proof = prove(client, fix=fix)
        assert proof.finding is Finding.UNPROVABLE
        assert proof.reason
        assert said in proof.reason
    assert documents_of(client, "ada") == stored

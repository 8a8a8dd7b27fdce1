"""What an environment's database holds at the end: the ledger and the state of a user, read without faults.

It must not judge them.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from google.cloud import firestore

from streak_core.domain.days import rfc3339
from streak_core.domain.model import LedgerEntry, Streak
from streak_core.store import documents


def ledger(client: firestore.Client, user_id: str) -> list[LedgerEntry]:
    """All entries of a user in the order of their sequence numbers."""
    user_doc = client.collection(documents.STREAKS).document(documents.user_doc_id(user_id))
    found = [documents.read_entry(one.to_dict() or {}) for one in user_doc.collection(documents.LEDGER).stream()]
    return sorted(found, key=lambda entry: entry.seq)


def fields(client: firestore.Client, user_id: str, names: Sequence[str]) -> dict[str, Any]:
    """Fields of the user's document, instants as they are sent; none where there is no document."""
    found = client.collection(documents.STREAKS).document(documents.user_doc_id(user_id)).get(names).to_dict() or {}
    return {name: rfc3339(value) if isinstance(value, datetime) else value for name, value in found.items()}


def state(client: firestore.Client, user_id: str) -> Streak | None:
    """The stored state; None where there is none."""
    found = client.collection(documents.STREAKS).document(documents.user_doc_id(user_id)).get()
    return documents.read_streak(found.to_dict() or {})[0] if found.exists else None

"""Many users at once, made by the pure decisions and written straight to Firestore: for tests of the job."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from streak_core.store import documents
from testing.pure_user import PureUser
from tests.support.shipped_policy import POLICY

if TYPE_CHECKING:
    from collections.abc import Sequence

    from google.cloud import firestore

ACTIVE_ON = datetime(2026, 3, 2, 9, tzinfo=UTC)
_BATCH = 200


def due_population(client: firestore.Client, size: int, prefix: str = "u") -> None:
    """Users with one active day and no freeze: a day later their streak is pending, two days later broken."""
    write_due_users(client, [f"{prefix}{number}" for number in range(size)])


def write_due_users(client: firestore.Client, names: Sequence[str]) -> None:
    """The same, by name."""
    user = PureUser(POLICY)
    user.step({"at": ACTIVE_ON.isoformat(), "do": "record", "activity_id": "a", "activity_type": "check_in"})
    here = user.state(ACTIVE_ON)
    for begin in range(0, len(names), _BATCH):
        batch = client.batch()
        for name in names[begin : begin + _BATCH]:
            document = documents.streak_document(name, here.streak, here.view, user.settled_through)
            batch.set(client.collection("streaks").document(name), document)
        batch.commit()

"""Everything that the database has of a user, to be compared before and after. Must not know what should be there."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from google.cloud import firestore

from emulator.token import PROJECT
from streak_core.store.documents import user_doc_id

if TYPE_CHECKING:
    from collections.abc import Iterator


def stored(user_id: str) -> dict[str, Any]:
    """Each of the user's documents by its path, and the names of all collections that there are."""
    client = firestore.Client(project=PROJECT)
    home = client.document(f"streaks/{user_doc_id(user_id)}")
    found = {home.path: home.get().to_dict(), **dict(_below(home))}
    return {**found, "collections": sorted(one.id for one in client.collections())}


def _below(document: firestore.DocumentReference) -> Iterator[tuple[str, Any]]:
    for collection in document.collections():
        for one in collection.stream():
            yield one.reference.path, one.to_dict()

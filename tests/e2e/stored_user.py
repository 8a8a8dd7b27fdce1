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
    return {**_of(client, "streaks", user_id), "collections": sorted(one.id for one in client.collections())}


def stored_everywhere(user_id: str) -> dict[str, Any]:
    """As `stored`, with what is recorded beside the streak."""
    client = firestore.Client(project=PROJECT)
    return {**stored(user_id), **_of(client, "records", user_id), **_of(client, "profiles", user_id)}


def _of(client: firestore.Client, collection: str, user_id: str) -> dict[str, Any]:
    home = client.document(f"{collection}/{user_doc_id(user_id)}")
    return {home.path: home.get().to_dict(), **dict(_below(home))}


def _below(document: firestore.DocumentReference) -> Iterator[tuple[str, Any]]:
    for collection in document.collections():
        for one in collection.stream():
            yield one.reference.path, one.to_dict()

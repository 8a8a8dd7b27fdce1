"""The Firestore client: one a process, made when it is first used.

It must not be made at import: the framework imports in one process and answers in its forks. Where another app has
collections of our names, all of ours have a prefix, which is put before a name here and nowhere else.
"""

from __future__ import annotations

from functools import lru_cache

from google.cloud import firestore


@lru_cache(maxsize=1)
def firestore_client(project: str, database: str, prefix: str = "") -> firestore.Client:
    """The client of this process."""
    return new_client(project, database, prefix)


def new_client(project: str, database: str, prefix: str = "") -> firestore.Client:
    """Another client, which its caller closes; it finds the emulator's address itself."""
    if prefix:
        return PrefixingClient(prefix, project=project, database=database)
    return firestore.Client(project=project, database=database)


class PrefixingClient(firestore.Client):
    """A client whose collections, also those below a document, have a prefix before the names that the code says."""

    def __init__(self, prefix: str, *, project: str, database: str) -> None:
        """`prefix` ends with an underscore, and none of our names begins with it."""
        self._collection_prefix = prefix
        super().__init__(project=project, database=database)

    def collection(self, *collection_path: str) -> firestore.CollectionReference:
        """As the client's own."""
        return super().collection(*self._named(collection_path))

    def document(self, *document_path: str) -> firestore.DocumentReference:
        """As the client's own."""
        return super().document(*self._named(document_path))

    def collection_group(self, collection_id: str) -> firestore.CollectionGroup:
        """As the client's own."""
        return super().collection_group(self._prefixed(collection_id))

    def _named(self, path: tuple[str, ...]) -> list[str]:
        """The segments of a path; every second one is a collection, which has its prefix where the client asks.

        A whole name, by which the client names what a query across all users finds, has its prefixes already.
        """
        parts = path[0].split("/") if len(path) == 1 else list(path)
        if parts[0] == "projects":
            return parts
        return [part if place % 2 else self._prefixed(part) for place, part in enumerate(parts)]

    def _prefixed(self, name: str) -> str:
        return name if name.startswith(self._collection_prefix) else f"{self._collection_prefix}{name}"

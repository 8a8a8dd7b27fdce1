"""The Firestore client: one a process, made when it is first used.

It must not be made at import: the framework imports in one process and answers in its forks.
"""

from __future__ import annotations

from functools import lru_cache

from google.cloud import firestore


@lru_cache(maxsize=1)
def firestore_client(project: str, database: str) -> firestore.Client:
    """The client of this process; it finds the emulator's address itself."""
    return firestore.Client(project=project, database=database)

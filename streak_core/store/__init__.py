"""The one place that touches Firestore: documents, the one write, and the queries of maintenance.

It must not decide anything about a streak.
"""

from streak_core.store.client import firestore_client
from streak_core.store.documents import UnreadableStreakError
from streak_core.store.due import DuePage, DueStore, DueUser, Settled
from streak_core.store.runs import RunStore
from streak_core.store.users import Loaded, StoredEntry, UserStore
from streak_core.store.writing import ConflictError

__all__ = [
    "ConflictError",
    "DuePage",
    "DueStore",
    "DueUser",
    "Loaded",
    "RunStore",
    "Settled",
    "StoredEntry",
    "UnreadableStreakError",
    "UserStore",
    "firestore_client",
]

"""Reads what only operators look at: the last entries of a ledger, and the last runs of the job.

It must not write anything.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from google.api_core import exceptions
from google.cloud import firestore

from streak_core.domain.errors import DatabaseUnavailable
from streak_core.store import documents
from streak_core.store.client import READ, contents
from streak_core.store.runs import RUNS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from google.cloud.firestore_v1.base_document import DocumentSnapshot

    from streak_core.domain.model import LedgerEntry

    Snapshot = DocumentSnapshot[Any]


@dataclass(frozen=True)
class OperatorStore:
    """What is stored, the last first."""

    client: firestore.Client

    def entries(self, user_id: str, limit: int) -> list[LedgerEntry]:
        """The last entries of a user's ledger. Raises `DatabaseUnavailable`, `UnreadableStreakError`."""
        user_doc = self.client.collection(documents.STREAKS).document(documents.user_doc_id(user_id))
        found = self._last(user_doc.collection(documents.LEDGER), "seq", limit)
        return [documents.read_entry(contents(one)) for one in found]

    def runs(self, limit: int) -> list[Mapping[str, Any]]:
        """The documents of the last runs. Raises `DatabaseUnavailable`."""
        found = self._last(self.client.collection(RUNS), "started_at", limit)
        return [{**contents(one), "run_id": one.id} for one in found]

    def _last(self, collection: firestore.CollectionReference, by: str, limit: int) -> list[Snapshot]:
        query = collection.order_by(by, direction=firestore.Query.DESCENDING).limit(limit)
        try:
            # A stream that is resumed inside the client may answer more than the limit.
            return list(query.stream(**READ))[:limit]
        except (exceptions.GoogleAPICallError, exceptions.RetryError, TypeError) as error:
            raise DatabaseUnavailable from error

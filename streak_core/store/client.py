"""The Firestore client: one a process, made when it is first used.

It must not be made at import: the framework imports in one process and answers in its forks.
"""

# ruff: noqa: ANN401 - the methods that are bounded here are the client's own, whatever they take and answer.

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

from google.api_core import exceptions
from google.api_core.retry import Retry, if_exception_type
from google.cloud import firestore
from google.cloud.firestore_v1.services.firestore import client as firestore_api
from google.cloud.firestore_v1.services.firestore.transports import FirestoreGrpcTransport

from streak_core.store.observing import ObservedFirestore

if TYPE_CHECKING:
    from collections.abc import Mapping

    from google.cloud.firestore_v1.base_document import DocumentSnapshot

# A read is tried again for as long as a waiting client may be kept, and no longer.
READ_DEADLINE_SECONDS: Final = 8.0
READ_TIMEOUT_SECONDS: Final = 5.0

# A commit is answered in a fraction of this, or its reply is lost.
WRITE_TIMEOUT_SECONDS: Final = 10.0

READ: Final[dict[str, Any]] = {
    "timeout": READ_TIMEOUT_SECONDS,
    "retry": Retry(
        predicate=if_exception_type(
            exceptions.ServiceUnavailable, exceptions.InternalServerError, exceptions.ResourceExhausted
        ),
        initial=0.1,
        maximum=1.0,
        multiplier=2.0,
        timeout=READ_DEADLINE_SECONDS,
    ),
}


class _Bounded(ObservedFirestore):
    """Commits once: by itself it would try again for a minute, while a client waits and nobody counts."""

    def commit(self, *args: Any, **more: Any) -> Any:
        """Once, within a few seconds."""
        return super().commit(*args, **{**more, "retry": None, "timeout": WRITE_TIMEOUT_SECONDS})


class BoundedClient(firestore.Client):
    """A client whose writes are tried again by us alone."""

    @property
    def _firestore_api(self) -> Any:
        return self._firestore_api_helper(FirestoreGrpcTransport, _Bounded, firestore_api)


def contents(snapshot: DocumentSnapshot[Any]) -> Mapping[str, Any]:
    """The fields of a document, to be read only; empty where there is none."""
    # `to_dict` copies every value deeply, which takes longer than reading a streak does.
    return snapshot._data or {}  # noqa: SLF001 - see above


@lru_cache(maxsize=1)
def firestore_client(project: str, database: str) -> firestore.Client:
    """The client of this process; it finds the emulator's address itself."""
    return BoundedClient(project=project, database=database)

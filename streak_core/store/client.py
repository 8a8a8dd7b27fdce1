"""The Firestore client: one a process, made when it is first used.

It must not be made at import: the framework imports in one process and answers in its forks.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any, Final

from google.api_core import exceptions
from google.api_core.retry import Retry, if_exception_type
from google.cloud import firestore

# A read is tried again for as long as a waiting client may be kept, and no longer.
READ_DEADLINE_SECONDS: Final = 8.0
READ_TIMEOUT_SECONDS: Final = 5.0

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


@lru_cache(maxsize=1)
def firestore_client(project: str, database: str) -> firestore.Client:
    """The client of this process; it finds the emulator's address itself."""
    return firestore.Client(project=project, database=database)

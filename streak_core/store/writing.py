"""The one way to write: an atomic, write-only `@firestore.transactional` body of preconditioned writes.

It must not read: what the writes build on was read before, and the preconditions say whether it still holds.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from google.api_core import exceptions
from google.cloud import firestore

if TYPE_CHECKING:
    from collections.abc import Callable

# What was read before no longer holds, or the outcome of a commit is unknown: read again and decide again.
_CONFLICTS = (
    exceptions.Aborted,
    exceptions.AlreadyExists,
    exceptions.FailedPrecondition,
    exceptions.NotFound,
    exceptions.ServiceUnavailable,
    exceptions.DeadlineExceeded,
    exceptions.InternalServerError,
    exceptions.Unknown,
    exceptions.ResourceExhausted,
)


class ConflictError(Exception):
    """The commit did not take effect, or it is not known whether it did."""


def commit(client: firestore.Client, write: Callable[[firestore.Transaction], Any]) -> Any:
    """Runs `write` in one transaction, once. Raises `ConflictError` when the caller should read and decide again."""
    # A decorated function keeps the id of the transaction that it retries: decorated anew, no thread sees another's.
    write_once = firestore.transactional(write)
    transaction = client.transaction(max_attempts=1)
    try:
        write_once(transaction)
    except _CONFLICTS as error:
        raise ConflictError(type(error).__name__) from error
    except ValueError as error:
        # The client's own words for "aborted, and no attempt is left" and for a transaction that could not begin.
        if not isinstance(error.__cause__ or error.__context__, exceptions.GoogleAPICallError):
            raise
        raise ConflictError("Aborted") from error
    return transaction.write_results

"""The one way to write: an atomic, write-only `@firestore.transactional` body of preconditioned writes.

It must not read: what the writes build on was read before, and the preconditions say whether it still holds.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from google.api_core import exceptions
from google.cloud import firestore

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

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
    exceptions.RetryError,
)


# Firestore cannot keep up, or cannot be reached: the same again, but later.
_OVERLOADS = (exceptions.ServiceUnavailable, exceptions.ResourceExhausted, exceptions.RetryError)


class ConflictError(Exception):
    """The commit did not take effect, or it is not known whether it did."""


class OverloadError(ConflictError):
    """Firestore did not take the commit, and would not take another one sooner."""


def commit(client: firestore.Client, write: Callable[[firestore.Transaction], None]) -> None:
    """Runs `write` in one transaction, once. Raises `ConflictError` when the caller should read and decide again."""
    # A decorated function keeps the id of the transaction that it retries: decorated anew, no thread sees another's.
    write_once = firestore.transactional(write)
    transaction = client.transaction(max_attempts=1)
    try:
        write_once(transaction)
    except (exceptions.GoogleAPICallError, exceptions.RetryError, ValueError) as error:
        # What failed first may hide behind a rollback that failed too, or behind the client's own ValueError.
        conflict = next((one for one in _chain(error) if isinstance(one, _CONFLICTS)), None)
        if conflict is None:
            raise
        kind = OverloadError if isinstance(conflict, _OVERLOADS) else ConflictError
        raise kind(type(conflict).__name__) from error


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    """The error and everything that led to it."""
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__

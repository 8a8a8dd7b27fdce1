"""What can go wrong with Firestore, told apart: the database is away, a write met a conflict, a write was not taken.

It must not know what is read or written. This is the only place where Google's errors become
ours. Only the library's own calls belong inside: an error of our own code is never the database's.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from google.api_core import exceptions
from google.auth.exceptions import GoogleAuthError

from streak_core.domain.errors import DatabaseUnavailable

GOOGLES: Final = (exceptions.GoogleAPICallError, exceptions.RetryError, GoogleAuthError)

# What a commit meets when the documents are no longer as they were read: a conflict, which is no error of Firestore's.
_CONFLICTS: Final = (
    exceptions.Aborted,
    exceptions.AlreadyExists,
    exceptions.FailedPrecondition,
    exceptions.NotFound,
)
# Firestore cannot keep up, cannot be reached, or does not say what became of the commit.
_OVERLOADS: Final = (
    exceptions.ServiceUnavailable,
    exceptions.ResourceExhausted,
    exceptions.DeadlineExceeded,
    exceptions.InternalServerError,
    exceptions.Unknown,
    exceptions.RetryError,
)
# Who asks is refused, whatever is asked: no user is to blame.
_REFUSED_TO_EVERYBODY: Final = (exceptions.PermissionDenied, exceptions.Unauthenticated, GoogleAuthError)


class CommitFailed(Exception):
    """The commit did not take effect, or it is not known whether it did."""


class WriteConflict(CommitFailed):
    """What was read before no longer holds: read again and decide again."""


class StoreOverloaded(CommitFailed):
    """Firestore did not take the commit, or does not say whether it did; another one sooner would not help it."""

    def __init__(self, reason: str, *, is_pending: bool = False) -> None:
        """`is_pending`: the client still tries to send it, so that sending another one would be one more."""
        self.is_pending = is_pending
        super().__init__(reason)


class WriteRefused(CommitFailed):
    """Firestore refuses the write as it is; or it took effect, its reply was lost, and it was sent once more."""


@contextmanager
def commit_errors() -> Iterator[None]:
    """Makes what Google says of a commit `CommitFailed`, or `DatabaseUnavailable` where nobody is let in.

    The client sends a commit again whose reply was lost, and Firestore says then that its transaction is closed, in no
    other way than it says that a document is too large: so `WriteRefused` is for who can look whether it took effect.
    """
    try:
        yield
    except (*GOOGLES, ValueError) as error:
        # The client rolls back after each failure, and may fail at that too: what failed first has led to the rest.
        first = next((one for one in reversed(list(_chain(error))) if isinstance(one, GOOGLES)), None)
        reason = type(first).__name__
        if isinstance(first, _CONFLICTS):
            raise WriteConflict(reason) from first
        if isinstance(first, _OVERLOADS):
            raise StoreOverloaded(reason) from first
        if isinstance(first, exceptions.InvalidArgument):
            raise WriteRefused(reason) from first
        if isinstance(first, _REFUSED_TO_EVERYBODY):
            raise DatabaseUnavailable from first
        if first is None or first is error:
            raise
        raise first from None


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    """The error and everything that led to it."""
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__


@contextmanager
def database_errors() -> Iterator[None]:
    """Makes Google's errors `DatabaseUnavailable`, and leaves every other one as it is."""
    try:
        yield
    except GOOGLES as error:
        raise DatabaseUnavailable from error
    except (TypeError, ValueError) as error:
        # A stream that breaks before its first document is resumed by the client from a document that is None, which
        # is a ValueError where the query has no order. That is told by what led to it; one that Google's error did not
        # lead to is a mistake of ours.
        if not isinstance(error.__context__, GOOGLES):
            raise
        raise DatabaseUnavailable from error.__context__

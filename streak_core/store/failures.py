"""What can go wrong with Firestore, told apart: the database is away, a write met a conflict, a write was not taken.

It must not know what is read or written. Only the library's own calls belong inside `database_errors`: an error of our
own code is never the database's.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from google.api_core import exceptions

from streak_core.domain.errors import DatabaseUnavailable

GOOGLES: Final = (exceptions.GoogleAPICallError, exceptions.RetryError)


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
def write_refusals() -> Iterator[None]:
    """Makes an `InvalidArgument` `WriteRefused`, for who can look whether the write took effect.

    The client sends a commit again whose reply was lost, and Firestore says then that its transaction is closed, in no
    other way than it says that a document is too large.
    """
    try:
        yield
    except exceptions.InvalidArgument as error:
        raise WriteRefused(type(error).__name__) from error


@contextmanager
def database_errors() -> Iterator[None]:
    """Makes Google's errors `DatabaseUnavailable`, and leaves every other one as it is."""
    try:
        yield
    except GOOGLES as error:
        raise DatabaseUnavailable from error
    except TypeError as error:
        # A stream that breaks before its first document is resumed by the client from a document that is None. That is
        # told by what led to it; a TypeError that Google's error did not lead to is a mistake of ours.
        if not isinstance(error.__context__, GOOGLES):
            raise
        raise DatabaseUnavailable from error.__context__

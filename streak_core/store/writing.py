"""The one way to write: an atomic, write-only `@firestore.transactional` body of preconditioned writes.

It must not read: what the writes build on was read before, and the preconditions say whether it still holds.

The client's transaction takes no timeout: it tries to begin, to commit and to roll back for a minute each. So it runs
in a thread of its own, and is waited for no longer than a request may wait; what is not waited for goes on, and may
still take effect, as a commit whose reply is lost. After some of those, one further commit at a time is sent, to see
whether it fares better, and the others are refused at once; the first that is answered ends that.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from datetime import datetime
from functools import lru_cache
from typing import Any, Final
from weakref import WeakKeyDictionary

from google.cloud import firestore

from streak_core.domain.errors import DatabaseUnavailable
from streak_core.store.deadlines import seconds_left
from streak_core.store.failures import GOOGLES, CommitFailed, StoreOverloaded, WriteConflict, commit_errors
from streak_core.store.observing import log_failure, observed
from streak_core.store.threads import AllThreadsBusy, Call, Threads

# A commit is answered in a fraction of this.
WRITE_SECONDS_MAX: Final = 5.0
# As many commits that nobody waits for any more say that another one would hardly fare better.
PENDING_MAX: Final = 4
# The client tries for two minutes at most; so many are given up in that time where one after another is sent.
GIVEN_UP_MAX: Final = 32
# Those, and more than a function answers requests at a time, or the job works on shards.
COMMITS_AT_ONCE_MAX: Final = 2 * GIVEN_UP_MAX
_COMMITS: Final[WeakKeyDictionary[firestore.Client, _Commits]] = WeakKeyDictionary()
_NOT_SENT: Final = "not sent"
_NO_ANSWER: Final = "no answer"


# What is written in a transaction that somebody else has begun.
Writer = Callable[[firestore.Transaction], None]
# Makes a writer that tells, in the commit of what is done: the action, on what, its details, and when.
Audit = Callable[[str, str, Mapping[str, Any], datetime], Writer]


def nothing_else(_transaction: firestore.Transaction) -> None:
    """Writes nothing."""


def no_audit(_action: str, _entity_id: str, _details: Mapping[str, Any], _now: datetime) -> Writer:
    """For whom nothing is to be told."""
    return nothing_else


def why(reason: str) -> dict[str, str]:
    """What is told of a reason: nothing where none was given."""
    return {"reason": reason} if reason else {}


def both(first: Writer, second: Writer) -> Writer:
    """Writes what one and the other write."""

    def write(transaction: firestore.Transaction) -> None:
        first(transaction)
        second(transaction)

    return write


def commit(client: firestore.Client, write: Writer) -> None:
    """Runs `write` in one transaction, once.

    Raises `CommitFailed`, `DatabaseUnavailable` where nobody is let in, and what else Google says.
    """
    with observed("firestore.commit") as call:
        try:
            call.writes = _waited_for(client, lambda: _written(client, write))
        except WriteConflict:
            raise
        except (CommitFailed, DatabaseUnavailable, *GOOGLES) as error:
            log_failure("firestore.commit", error)
            raise


def _written(client: firestore.Client, write: Callable[[firestore.Transaction], None]) -> int:
    """How many documents one transaction has written."""

    # A decorated function keeps the id of the transaction that it retries: decorated anew, no thread sees another's.
    @firestore.transactional
    def write_once(transaction: firestore.Transaction) -> int:
        write(transaction)
        return len(transaction)

    with commit_errors():
        return int(write_once(client.transaction(max_attempts=1)))


def _waited_for(client: firestore.Client, write: Callable[[], int]) -> int:
    """What it answers in time. Raises `StoreOverloaded` where it does not, and what it raises."""
    commits = _COMMITS.setdefault(client, _Commits())
    seconds = seconds_left(WRITE_SECONDS_MAX)
    if seconds <= 0 or not commits.begin():
        raise StoreOverloaded(_NOT_SENT, is_pending=True)
    call, is_answered = Call(write), False
    try:
        _threads().start(call)
        written = call.result(seconds)
    except WriteConflict:
        is_answered = True
        raise
    except (AllThreadsBusy, TimeoutError) as error:
        raise StoreOverloaded(_NOT_SENT if isinstance(error, AllThreadsBusy) else _NO_ANSWER, is_pending=True) from None
    else:
        is_answered = True
        return written
    finally:
        commits.end(call, is_answered=is_answered)


class _Commits:
    """The commits of one client: how many are waited for, and which go on though nobody waits for them any more."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._waited_for = 0
        self._given_up: set[Call[int]] = set()

    def begin(self) -> bool:
        """Whether another one may be sent, which is then waited for."""
        with self._lock:
            if self._given_up:
                self._given_up = {call for call in self._given_up if call.goes_on}
            left = len(self._given_up)
            if left >= GIVEN_UP_MAX or (left >= PENDING_MAX and self._waited_for):
                return False
            self._waited_for += 1
            return True

    def end(self, call: Call[int], *, is_answered: bool) -> None:
        """Nobody waits for it any more. Where one is answered others would be, so that those given up count no more."""
        with self._lock:
            self._waited_for -= 1
            if is_answered:
                self._given_up.clear()
            elif call.goes_on:
                self._given_up.add(call)


@lru_cache(maxsize=1)
def _threads() -> Threads:
    return Threads(COMMITS_AT_ONCE_MAX)

"""The one way to write: an atomic, write-only `@firestore.transactional` body of preconditioned writes.

It must not read: what the writes build on was read before, and the preconditions say whether it still holds.

The client's transaction takes no timeout: it tries to begin, to commit and to roll back for a minute each. So it runs
in a thread of its own, and is waited for no longer than a request may wait; what is not waited for goes on, and may
still take effect, as a commit whose reply is lost. Enough of those, and further commits are refused at once.
"""

from __future__ import annotations

from concurrent.futures import Future, ThreadPoolExecutor
from functools import lru_cache
from typing import TYPE_CHECKING, Final
from weakref import WeakKeyDictionary

from google.api_core import exceptions
from google.cloud import firestore

from streak_core.store.deadlines import seconds_left
from streak_core.store.failures import GOOGLES, StoreOverloaded, WriteConflict
from streak_core.store.observing import CONFLICTS, log_failure, observed

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

# A commit is answered in a fraction of this.
WRITE_SECONDS_MAX: Final = 5.0
# More than a function answers requests at a time, or the job works on shards.
COMMITS_AT_ONCE_MAX: Final = 32
# As many commits that nobody waits for any more say that another one would not fare better.
PENDING_MAX: Final = 4
_PENDING: Final[WeakKeyDictionary[firestore.Client, set[Future[int]]]] = WeakKeyDictionary()

# Firestore cannot keep up, cannot be reached, or does not say what became of the commit.
_OVERLOADS: Final = (
    exceptions.ServiceUnavailable,
    exceptions.ResourceExhausted,
    exceptions.DeadlineExceeded,
    exceptions.InternalServerError,
    exceptions.Unknown,
    exceptions.RetryError,
)


def commit(client: firestore.Client, write: Callable[[firestore.Transaction], None]) -> None:
    """Runs `write` in one transaction, once. Raises `WriteConflict`, `StoreOverloaded`, and what else Google says."""
    with observed("firestore.commit") as call:
        try:
            call.writes = _waited_for(client, lambda: _written(client, write))
        except WriteConflict:
            raise
        except (StoreOverloaded, *GOOGLES) as error:
            log_failure("firestore.commit", error)
            raise


def _written(client: firestore.Client, write: Callable[[firestore.Transaction], None]) -> int:
    """How many documents one transaction has written."""

    # A decorated function keeps the id of the transaction that it retries: decorated anew, no thread sees another's.
    @firestore.transactional
    def write_once(transaction: firestore.Transaction) -> int:
        write(transaction)
        return len(transaction)

    try:
        return int(write_once(client.transaction(max_attempts=1)))
    except (*GOOGLES, ValueError) as error:
        # The client rolls back after each failure, and may fail at that too: what failed first has led to the rest.
        first = next((one for one in reversed(list(_chain(error))) if isinstance(one, GOOGLES)), None)
        if isinstance(first, CONFLICTS):
            raise WriteConflict(type(first).__name__) from first
        if isinstance(first, _OVERLOADS):
            raise StoreOverloaded(type(first).__name__) from first
        if first is None or first is error:
            raise
        raise first from None


def _waited_for(client: firestore.Client, write: Callable[[], int]) -> int:
    """What it answers in time. Raises `StoreOverloaded` where it does not, and what it raises."""
    pending = _PENDING.setdefault(client, set())
    seconds = seconds_left(WRITE_SECONDS_MAX)
    if seconds <= 0 or len(pending) >= PENDING_MAX:
        message = "not sent"
        raise StoreOverloaded(message, is_pending=True)
    commit_sent = _writers().submit(write)
    try:
        return commit_sent.result(seconds)
    except TimeoutError:
        if commit_sent.done():
            return commit_sent.result()
        if not commit_sent.cancel():
            pending.add(commit_sent)
            commit_sent.add_done_callback(pending.discard)
        message = "no answer"
        raise StoreOverloaded(message, is_pending=True) from None


@lru_cache(maxsize=1)
def _writers() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(COMMITS_AT_ONCE_MAX, thread_name_prefix="commit")


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    """The error and everything that led to it."""
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__

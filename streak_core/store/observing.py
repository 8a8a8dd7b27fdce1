"""Counts what is asked of Firestore, and says in the log which calls were slow and which failed.

It must not change a call or its answer: what is counted is the documents asked for and written, as they are billed.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from google.api_core import exceptions

from streak_core.telemetry import LogEvent, count, log
from streak_core.telemetry.operations import milliseconds_since, note_duration
from streak_core.telemetry.stack import message_of


@dataclass
class Call:
    """One call of the client's; what it costs may be known only when it is answered."""

    reads: int = 0
    writes: int = 0


@contextmanager
def observed(operation: str, *, reads: int = 0) -> Iterator[Call]:
    """Counts and times the call that is made inside."""
    call, begun = Call(reads=reads), time.perf_counter()
    try:
        yield call
    finally:
        count(reads=call.reads, writes=call.writes)
        note_duration(operation, milliseconds_since(begun), reads=call.reads, writes=call.writes)


def log_failure(operation: str, error: BaseException | None) -> None:
    """Says which call failed, and why by the name of the gRPC status; the client's error is what the given one is from.

    Of a failed precondition Google's own words are kept: they name the index that is missing, and nothing of a user's.
    """
    while error is not None and not isinstance(error, exceptions.GoogleAPICallError):
        error = getattr(error, "cause", None) or error.__cause__
    status = error.grpc_status_code if error else None
    reason = "NO_ANSWER" if error is None else status.name if status is not None else "UNKNOWN"
    detail = message_of(error) if isinstance(error, exceptions.FailedPrecondition) else None
    log(LogEvent.FIRESTORE_ERROR, f"{operation} failed: {reason}", operation=operation, reason=reason, detail=detail)

"""Counts what is asked of Firestore, and says in the log which calls were slow and which failed.

It must not change a call or its answer: what is counted is the documents asked for and written, as they are billed.
"""

# ruff: noqa: ANN401 - the methods that are observed here are the client's own, whatever they take and answer.

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from typing import Any, Final

from google.api_core import exceptions
from google.cloud.firestore_v1.services.firestore import FirestoreClient

from streak_core.telemetry import LogEvent, count, log
from streak_core.telemetry.operations import milliseconds_since, note_duration

# What a commit meets when the documents are no longer as they were read: a conflict, which is no error of Firestore's.
_CONFLICTS: Final = (
    exceptions.Aborted,
    exceptions.AlreadyExists,
    exceptions.FailedPrecondition,
    exceptions.NotFound,
)


class ObservedFirestore(FirestoreClient):
    """Firestore's own client; each call is counted, timed and, where it failed, logged."""

    def commit(self, *args: Any, **more: Any) -> Any:
        """One commit: its writes are counted once it has taken effect."""
        writes = len(_asked(args, more, "writes"))
        begun = time.perf_counter()
        try:
            answer = super().commit(*args, **more)
        except _CONFLICTS:
            raise
        except exceptions.GoogleAPIError as error:
            log_failure("firestore.commit", error)
            raise
        finally:
            note_duration("firestore.commit", milliseconds_since(begun), writes=writes)
        count(writes=writes)
        return answer

    def batch_get_documents(self, *args: Any, **more: Any) -> Any:
        """One BatchGet: a read for each document, whether or not it exists."""
        reads = len(_asked(args, more, "documents"))
        call = _Call("firestore.batch_get", reads=reads)
        count(reads=reads)
        send = super().batch_get_documents
        return call.each(call.begin(lambda: send(*args, **more)))

    def run_query(self, *args: Any, **more: Any) -> Any:
        """One query: a read for each document that it finds, and one where it finds none."""
        call = _Call("firestore.query")
        send = super().run_query
        return call.each(call.begin(lambda: send(*args, **more)), documents=True)

    def run_aggregation_query(self, *args: Any, **more: Any) -> Any:
        """One aggregation, counted as one read."""
        call = _Call("firestore.aggregate", reads=1)
        count(reads=1)
        send = super().run_aggregation_query
        return call.each(call.begin(lambda: send(*args, **more)))


class _Call:
    """A call whose answers come one by one; its duration is the time that was waited for them."""

    def __init__(self, operation: str, reads: int = 0) -> None:
        self._operation = operation
        self._reads = reads
        self._waited_seconds = 0.0

    def begin(self, send: Callable[[], Any]) -> Any:
        """Sends it; what it answers is waited for in part already."""
        begun = time.perf_counter()
        try:
            answers = send()
        except exceptions.GoogleAPIError as error:
            log_failure(self._operation, error)
            self._wait_ended(begun)
            self._end()
            raise
        self._wait_ended(begun)
        return answers

    def each(self, answers: Any, *, documents: bool = False) -> Iterator[Any]:
        """The answers as they come; of a query's, those with `documents` are counted."""
        found = 0
        try:
            while (answer := self._next(answers)) is not None:
                found += documents and "document" in answer
                yield answer
        finally:
            if documents:
                self._reads = max(1, found)
                count(reads=self._reads)
            self._end()

    def _next(self, answers: Any) -> Any:
        begun = time.perf_counter()
        try:
            return next(answers, None)
        except exceptions.GoogleAPIError as error:
            log_failure(self._operation, error)
            raise
        finally:
            self._wait_ended(begun)

    def _wait_ended(self, begun: float) -> None:
        self._waited_seconds += time.perf_counter() - begun

    def _end(self) -> None:
        note_duration(self._operation, round(self._waited_seconds * 1_000, 1), reads=self._reads)


def log_failure(operation: str, error: exceptions.GoogleAPIError) -> None:
    """Says which call failed, and why by the name of the gRPC status."""
    cause = getattr(error, "cause", None) or error
    status = getattr(cause, "grpc_status_code", None)
    reason = status.name if status is not None else "UNKNOWN"
    log(LogEvent.FIRESTORE_ERROR, f"{operation} failed: {reason}", operation=operation, reason=reason)


def _asked(args: tuple[Any, ...], more: dict[str, Any], name: str) -> Any:
    """A field of the request, whichever way it was handed over; the client gives a mapping."""
    request = more.get("request") or (args[0] if args else {})
    return request.get(name, ()) if isinstance(request, dict) else getattr(request, name)

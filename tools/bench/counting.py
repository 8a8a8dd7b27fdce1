"""A real client whose RPCs are counted as they pass: calls by method, documents read, documents written.

It must not know what the calls are for.
"""

# ruff: noqa: ANN401 - what passes is the RPC library's own, whatever it is.

from __future__ import annotations

import threading
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import grpc
from google.cloud import firestore

if TYPE_CHECKING:
    from collections.abc import Iterator


@dataclass
class Counted:
    """What has passed so far. Documents by their path below the database."""

    calls: Counter[str] = field(default_factory=Counter)
    read: list[str] = field(default_factory=list)
    written: list[str] = field(default_factory=list)
    # Queries that found nothing; each is billed as one read.
    empty_queries: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)

    def taken(self) -> Counted:
        """What has passed since the last time this was asked."""
        with self.lock:
            since = Counted(self.calls, self.read, self.written, self.empty_queries)
            self.calls, self.read, self.written, self.empty_queries = Counter(), [], [], 0
        return since

    @property
    def rpcs(self) -> int:
        """All calls."""
        return self.calls.total()


class _Interceptor(
    grpc.UnaryUnaryClientInterceptor,  # type: ignore[misc]
    grpc.UnaryStreamClientInterceptor,  # type: ignore[misc]
):
    def __init__(self, counted: Counted) -> None:
        self._counted = counted

    def intercept_unary_unary(self, continuation: Any, details: Any, request: Any) -> Any:
        method = _method(details)
        with self._counted.lock:
            self._counted.calls[method] += 1
            if method == "Commit":
                self._counted.written += [_path(one.update.name or one.delete) for one in request.writes]
        return continuation(details, request)

    def intercept_unary_stream(self, continuation: Any, details: Any, request: Any) -> Any:
        method = _method(details)
        with self._counted.lock:
            self._counted.calls[method] += 1
        return _Stream(continuation(details, request), method, self._counted)


class _Stream:
    """A stream that writes down what passes; everything else is the stream's own."""

    def __init__(self, stream: Any, method: str, counted: Counted) -> None:
        self._stream = stream
        self._is_query = method == "RunQuery"
        self._counted = counted
        self._documents = 0

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)

    def __iter__(self) -> Iterator[Any]:
        return self

    def __next__(self) -> Any:
        try:
            answer = next(self._stream)
        except StopIteration:
            if self._is_query and not self._documents:
                with self._counted.lock:
                    self._counted.empty_queries += 1
            raise
        name = answer.document.name if self._is_query else answer.found.name or answer.missing
        if name:
            self._documents += 1
            with self._counted.lock:
                self._counted.read.append(_path(name))
        return answer


def _method(details: Any) -> str:
    name: str = details.method
    return name.rsplit("/", 1)[1]


def _path(name: str) -> str:
    return name.split("/documents/", 1)[1]


class CountingClient(firestore.Client):
    """Against the emulator, through the counter."""

    def __init__(self, project: str) -> None:
        super().__init__(project=project)
        self.counted = Counted()

    def _emulator_channel(self, transport: Any) -> Any:
        channel = super()._emulator_channel(transport)  # type: ignore[no-untyped-call]
        return grpc.intercept_channel(channel, _Interceptor(self.counted))

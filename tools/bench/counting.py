"""Real clients whose RPCs are counted as they pass, or wait as if the database were a little away.

It must not know what the calls are for.
"""

# ruff: noqa: ANN401 - what passes is the RPC library's own, whatever it is.

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import grpc

from testing.intercepted_client import InterceptedClient


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


class _Counting(
    grpc.UnaryUnaryClientInterceptor,  # type: ignore[misc]
    grpc.UnaryStreamClientInterceptor,  # type: ignore[misc]
):
    def __init__(self, counted: Counted, wait_seconds: float) -> None:
        self._counted = counted
        self._wait_seconds = wait_seconds

    def intercept_unary_unary(self, continuation: Any, details: Any, request: Any) -> Any:
        if self._passes(details) == "Commit":
            with self._counted.lock:
                self._counted.written += [_path(one.update.name or one.delete) for one in request.writes]
        return continuation(details, request)

    def intercept_unary_stream(self, continuation: Any, details: Any, request: Any) -> Any:
        return _Stream(continuation(details, request), self._passes(details) == "RunQuery", self._counted)

    def _passes(self, details: Any) -> str:
        time.sleep(self._wait_seconds)
        method: str = details.method.rsplit("/", 1)[1]
        with self._counted.lock:
            self._counted.calls[method] += 1
        return method


class _Stream:
    """A stream that writes down what passes; everything else is the stream's own."""

    def __init__(self, stream: Any, is_query: bool, counted: Counted) -> None:  # noqa: FBT001 - one of two kinds
        self._stream = stream
        self._is_query = is_query
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
            with self._counted.lock:
                self._counted.empty_queries += self._is_query and not self._documents
            raise
        name = answer.document.name if self._is_query else answer.found.name or answer.missing
        if name:
            self._documents += 1
            with self._counted.lock:
                self._counted.read.append(_path(name))
        return answer


def _path(name: str) -> str:
    return name.split("/documents/", 1)[1]


class CountingClient(InterceptedClient):
    """Against the emulator, through the counter; where seconds are given, each call leaves so much later."""

    def __init__(self, project: str, wait_seconds: float = 0) -> None:
        self.counted = Counted()
        super().__init__(project, _Counting(self.counted, wait_seconds))

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
from typing import Any, Final

import grpc

from testing.intercepted_client import InterceptedClient

# How long a call to a database of the same region is on its way, there and back.
DISTANCE_SECONDS: Final = 0.005


@dataclass
class Counted:
    """What has passed so far. Documents by their path below the database."""

    calls: Counter[str] = field(default_factory=Counter)
    read: list[str] = field(default_factory=list)
    written: list[str] = field(default_factory=list)
    # Queries that found nothing; each is billed as one read.
    empty_queries: int = 0

    @property
    def reads(self) -> int:
        """As they are billed."""
        return len(self.read) + self.empty_queries


class _Counting(
    grpc.UnaryUnaryClientInterceptor,  # type: ignore[misc]
    grpc.UnaryStreamClientInterceptor,  # type: ignore[misc]
):
    def __init__(self, counted: Counted, wait_seconds: float) -> None:
        self._counted = counted
        self._wait_seconds = wait_seconds
        self._lock = threading.Lock()

    def intercept_unary_unary(self, continuation: Any, details: Any, request: Any) -> Any:
        if self._passes(details) == "Commit":
            with self._lock:
                self._counted.written += [_path(one.update.name or one.delete) for one in request.writes]
        return continuation(details, request)

    def intercept_unary_stream(self, continuation: Any, details: Any, request: Any) -> Any:
        is_query = self._passes(details) == "RunQuery"
        return self._noted(continuation(details, request), is_query=is_query)

    def _noted(self, stream: Any, *, is_query: bool) -> Iterator[Any]:
        documents = 0
        for answer in stream:
            name = answer.document.name if is_query else answer.found.name or answer.missing
            if name:
                documents += 1
                with self._lock:
                    self._counted.read.append(_path(name))
            yield answer
        with self._lock:
            self._counted.empty_queries += is_query and not documents

    def _passes(self, details: Any) -> str:
        time.sleep(self._wait_seconds)
        method: str = details.method.rsplit("/", 1)[1]
        with self._lock:
            self._counted.calls[method] += 1
        return method


def _path(name: str) -> str:
    return name.split("/documents/", 1)[1]


class CountingClient(InterceptedClient):
    """Against the emulator, through the counter; where seconds are given, each call leaves so much later."""

    def __init__(self, project: str, wait_seconds: float = 0) -> None:
        self.counted = Counted()
        super().__init__(project, _Counting(self.counted, wait_seconds))

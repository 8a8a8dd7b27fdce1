"""Asks the functions over HTTP at a simulated moment, which the trace id carries, so that log lines can be dated by it.

It must not know what is asked, nor what becomes of the answers.
"""

from __future__ import annotations

import uuid
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final, Self

import httpx

from emulator.client import rfc3339
from emulator.token import unsigned_token

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

ANSWER_SECONDS_MAX: Final = 120.0
AT_ONCE_MAX: Final = 8
_SECOND_DIGITS: Final = 16


@dataclass(frozen=True, kw_only=True)
class RequestContext:
    """One request; without a `uid` nobody has signed in."""

    function: str
    method: str
    path: str
    uid: str | None = None
    is_admin: bool = False
    body: Mapping[str, Any] | None = None


@dataclass(kw_only=True)
class Sender:
    """Some connections to the functions; several requests go at once."""

    urls: Mapping[str, str]
    _client: httpx.Client = field(default_factory=lambda: httpx.Client(timeout=ANSWER_SECONDS_MAX))
    _pool: ThreadPoolExecutor = field(default_factory=lambda: ThreadPoolExecutor(AT_ONCE_MAX))

    def send(self, at: datetime, requests: Iterable[RequestContext]) -> list[int]:
        """Sends them all at that moment; answers their statuses. Raises `httpx.HTTPError`."""
        return list(self._pool.map(lambda asked: self._status(at, asked), requests))

    def _status(self, at: datetime, asked: RequestContext) -> int:
        headers = {"X-Simulated-Time": rfc3339(at), "X-Cloud-Trace-Context": f"{request_id(at)}/1"}
        if asked.uid is not None:
            headers["Authorization"] = f"Bearer {unsigned_token(asked.uid, admin=asked.is_admin)}"
        url = f"{self.urls[asked.function]}{asked.path}"
        return self._client.request(asked.method, url, headers=headers, json=asked.body).status_code

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._pool.shutdown(cancel_futures=True)
        self._client.close()


def request_id(at: datetime) -> str:
    """An id that nothing else has, in the form of a trace's: the second of the moment, then chance."""
    return f"{int(at.timestamp()):0{_SECOND_DIGITS}x}{uuid.uuid4().hex[_SECOND_DIGITS:]}"


def moment_of(request: str) -> datetime:
    """The moment that an id carries, in UTC."""
    return datetime.fromtimestamp(int(request[:_SECOND_DIGITS], 16), UTC)

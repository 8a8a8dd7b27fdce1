"""Who calls the functions in a drill: app clients, strangers, and Cloud Scheduler's stand-in, an operator.

It must not know what their calls are to bring about.
"""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Final

import httpx

from emulator.errors import SetupError
from emulator.token import unsigned_token

# Longer than any function tries by itself.
ANSWER_SECONDS_MAX: Final = 120.0
THREADS: Final = 8


@dataclass(frozen=True, kw_only=True)
class Call:
    """One request. `token` is a whole Authorization header's, made for the user where it is not given."""

    url: str
    method: str = "GET"
    path: str = ""
    user: str = ""
    token: str | None = None
    body: dict[str, Any] | None = None
    at: datetime | None = None
    headers: dict[str, str] = field(default_factory=dict)
    is_admin: bool = False


def send(calls: list[Call], *, threads: int = THREADS) -> list[int]:
    """Sends the calls, so many at a time; answers the statuses in their order."""
    with httpx.Client(timeout=ANSWER_SECONDS_MAX) as http, ThreadPoolExecutor(threads) as pool:
        return list(pool.map(lambda call: _status(http, call), calls))


def expect(statuses: Sequence[int], expected: set[int]) -> None:
    """Raises `SetupError` where something else was answered."""
    unexpected = sorted(set(statuses) - expected)
    if unexpected:
        message = f"a trouble did not come about: {unexpected} were answered where {sorted(expected)} should be"
        raise SetupError(message)


def scheduled(url: str, at: datetime) -> Call:
    """A call of the job as Cloud Scheduler makes it, for a run of that moment."""
    moment = {"X-CloudScheduler-ScheduleTime": _rfc3339(at)}
    return Call(url=url, method="POST", path="/maintenance", user="operator", is_admin=True, at=at, headers=moment)


def _status(http: httpx.Client, call: Call) -> int:
    token = unsigned_token(call.user, admin=call.is_admin) if call.token is None else call.token
    headers = {**call.headers, **({"Authorization": f"Bearer {token}"} if token else {})}
    if call.at:
        headers["X-Simulated-Time"] = _rfc3339(call.at)
    return http.request(call.method, call.url + call.path, json=call.body, headers=headers).status_code


def _rfc3339(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")

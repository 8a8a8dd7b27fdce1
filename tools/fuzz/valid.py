"""The requests that the contract gives as examples: what hostile ones are made of.

It must not know how they are changed.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import quote, urlencode

from testing import contract
from tools.fuzz.wire import Headers, Sent

Json = Any

HOST: Final = "127.0.0.1"
NOON: Final = "2026-03-02T12:00:00Z"
# A page's token can't be made up, nor a tag, and a run is named by whoever schedules it; who asks and when is the
# caller's choice.
_LEFT_OUT: Final = frozenset(
    {
        "page_token",
        "Idempotency-Key",
        "shard",
        "run_id",
        "If-Match",
        "If-None-Match",
        "X-Simulated-Time",
        "X-CloudScheduler-ScheduleTime",
    }
)


@dataclass(frozen=True, kw_only=True)
class Valid:
    """A documented request, its pieces still apart; `body` is None where there is none."""

    operation: contract.Operation
    path: dict[str, str]
    query: dict[str, str]
    headers: Headers
    body: Json


def valid_requests() -> tuple[Valid, ...]:
    """Each operation of the contract, with each of its example bodies."""
    return tuple(one for operation in contract.OPERATIONS for one in _of(operation))


def assembled(one: Valid, token: str, now: str = NOON) -> Sent:
    """The bytes of a valid request of the owner of a token."""
    path = one.operation.path
    for name, value in one.path.items():
        path = path.replace(f"{{{name}}}", quote(value, safe=""))
    query = f"?{urlencode(one.query)}" if one.query else ""
    identity = (
        ("Host", HOST),
        ("Connection", "close"),
        ("Authorization", f"Bearer {token}"),
        ("X-Simulated-Time", now),
    )
    sent = Sent(method=one.operation.method, target=path + query, headers=(*identity, *one.headers))
    if one.body is None:
        return sent
    return sent.with_body(json.dumps(one.body).encode()).with_header("Content-Type", "application/json")


def _of(operation: contract.Operation) -> Iterator[Valid]:
    named = [contract.resolved(one, "")[0] for one in operation.content.get("parameters", ())]
    found: dict[str, dict[str, str]] = {"path": {}, "query": {}, "header": {}}
    for parameter in named:
        if parameter["name"] not in _LEFT_OUT:
            example = _example(parameter)
            found[parameter["in"]][parameter["name"]] = str(example).lower() if example is True else str(example)
    for body in _bodies(operation):
        headers = tuple(found["header"].items())
        yield Valid(operation=operation, path=found["path"], query=found["query"], headers=headers, body=body)


def _example(parameter: Json) -> Json:
    schema = contract.resolved(parameter["schema"], "")[0]
    return parameter.get("example", schema.get("example", schema.get("default")))


def _bodies(operation: contract.Operation) -> list[Json]:
    if "requestBody" not in operation.content:
        return [None]
    content = contract.resolved(operation.content["requestBody"], "")[0]["content"]["application/json"]
    if "examples" in content:
        return [one["value"] for one in content["examples"].values()]
    return [contract.resolved(content["schema"], "")[0]["example"]]

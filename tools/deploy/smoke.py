"""Asks each deployed function what shows that it runs and is guarded. Must not change anything, and needs no token."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, Final
from urllib.parse import urlsplit

import httpx

from functions.catalogue import CATALOGUE, DeployedFunction, Invoker
from tools.deploy.errors import DeploymentStopped, WrongUse

SECONDS_MAX: Final = 30
# A new revision, or a new right to call, may need a moment.
ATTEMPTS_MAX: Final = 5
PAUSE_SECONDS: Final = 3.0
# By Cloud Run (no such service for the outside; not your call), or by the function itself.
_KEPT_OUT: Final = frozenset({HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN, HTTPStatus.NOT_FOUND})
_THIS_MACHINE: Final = frozenset({"127.0.0.1", "localhost"})


@dataclass(frozen=True, kw_only=True)
class Reply:
    """An answer over HTTP."""

    status: int
    media_type: str
    body: Any


# What is wrong with a reply, or None.
Verdict = Callable[[Reply], str | None]


@dataclass(frozen=True, kw_only=True)
class Check:
    """A request and what its answer must be."""

    function: str
    method: str
    path: str
    verdict: Verdict


def checks(*, is_local: bool) -> tuple[Check, ...]:
    """What is asked of each function of the catalogue."""
    mode = "emulator" if is_local else "production"
    return tuple(check for one in CATALOGUE for check in _of(one, mode))


def _of(one: DeployedFunction, mode: str) -> tuple[Check, ...]:
    path = f"/{one.name}"
    if one.name == "health":
        told = {"status": "healthy", "database": "FIRESTORE", "mode": mode}
        return (
            Check(function=one.name, method="GET", path=path, verdict=_says({"status": "healthy"})),
            Check(function=one.name, method="GET", path=f"{path}/database", verdict=_says(told)),
        )
    if one.invoker is Invoker.SCHEDULER:
        return (Check(function=one.name, method="POST", path=path, verdict=_kept_out),)
    return (Check(function=one.name, method="GET", path=path, verdict=_asks_for_a_token),)


def _says(expected: dict[str, str]) -> Verdict:
    def verdict(got: Reply) -> str | None:
        if got.status != HTTPStatus.OK or not isinstance(got.body, dict):
            return f"must be 200, is {got.status}: {got.body}"
        told = {name: got.body.get(name) for name in expected}
        return None if told == expected else f"must say {expected}, says {told}"

    return verdict


def _asks_for_a_token(got: Reply) -> str | None:
    if got.status != HTTPStatus.UNAUTHORIZED:
        return f"must refuse a call without a token with 401, answers {got.status}"
    is_ours = got.media_type == "application/problem+json"
    return None if is_ours else f"the 401 is not the function's own but {got.media_type}: is it public?"


def _kept_out(got: Reply) -> str | None:
    return None if got.status in _KEPT_OUT else f"must keep strangers out, answers {got.status}"


def base_url(text: str) -> str:
    """An address that may be asked: https, or this machine. Raises `WrongUse`."""
    parts = urlsplit(text)
    if parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in _THIS_MACHINE):
        return text.rstrip("/")
    message = f"BASE_URL={text} must begin with https://, or be on this machine, as in BASE_URL=http://127.0.0.1:8080"
    raise WrongUse(message)


def smoke(url_of: Callable[[str], str], *, is_local: bool = False, pause: Callable[[float], None] = time.sleep) -> None:
    """Ask everything, say how each went. Raises `DeploymentStopped` when an answer is not what it must be."""
    failed = 0
    for check in checks(is_local=is_local):
        url = url_of(check.function) + check.path
        trouble = _checked(check, url, pause)
        failed += trouble is not None
        print(f"  ok     {check.method} {url}" if trouble is None else f"  FAILED {check.method} {url}: {trouble}")
    if failed:
        message = f"{failed} of the answers are not what they must be; docs/rollback.md says how to go back"
        raise DeploymentStopped(message)


def _checked(check: Check, url: str, pause: Callable[[float], None]) -> str | None:
    trouble: str | None = None
    for attempt in range(ATTEMPTS_MAX):
        if attempt:
            pause(PAUSE_SECONDS)
        try:
            trouble = check.verdict(_reply(check.method, url))
        except httpx.HTTPError as error:
            trouble = f"does not answer: {error}"
        if trouble is None:
            return None
    return trouble


def _reply(method: str, url: str) -> Reply:
    answer = httpx.request(method, url, timeout=SECONDS_MAX)
    try:
        body = answer.json()
    except ValueError:
        body = None
    media_type = answer.headers.get("Content-Type", "").partition(";")[0]
    return Reply(status=answer.status_code, media_type=media_type, body=body)

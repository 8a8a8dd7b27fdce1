"""A user of the HTTP interface with a clock of their own; every answer is held to the contract.

Must not know what a streak is.
"""

from __future__ import annotations

import json
import time
import uuid
from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import partial
from itertools import count
from typing import Any, Final

import httpx

from emulator.token import ISSUED_BEFORE_SECONDS, unsigned_token
from testing import contract

MONDAY: Final = "2026-03-02T09:00:00Z"
# All that users may ask of themselves; what is asked of one thing that they have is tried where such a thing is.
QUESTIONS: Final = tuple(
    one.path
    for one in contract.OPERATIONS
    if "304" in one.content["responses"]
    and not one.path.startswith("/admin")
    and "{" not in one.path
    and one.content.get("security") != []
)
JSON_TYPE: Final = "application/json"

Json = Any

_RUNS: Final = count()


class User:
    """One signed-in user. Requests are made at `now`, unless they say another time."""

    def __init__(
        self, http: httpx.Client, url: str, *, admin: bool = False, support: bool = False, uid: str | None = None
    ) -> None:
        """A user of whom nothing is known, unless `uid` says who it is."""
        self.uid = uid or f"user-{uuid.uuid4().hex}"
        self.now: str | None = MONDAY
        self._http = http
        self._url = url
        self._signed = partial(unsigned_token, self.uid, admin=admin, support=support)
        self._token = self._signed()

    def sign_in(self, *, seconds_ago: int = -1) -> None:
        """Signs in so long ago; in the second that comes, so that it is after all that was done before."""
        self._token = self._signed(now=time.time() + ISSUED_BEFORE_SECONDS - seconds_ago)

    def ask(
        self,
        method: str,
        path: str,
        body: Json = None,
        *,
        at: str | None = None,
        key: str | None = None,
        headers: dict[str, str] | None = None,
        **query: Json,
    ) -> httpx.Response:
        """Sends a request with a JSON body, if there is one, and answers its documented answer."""
        sent = headers or {}
        if key is not None:
            sent = {"Idempotency-Key": key, **sent}
        if body is None:
            return self.send(method, path, at=at, headers=sent, **query)
        answer = self.send(
            method, path, json.dumps(body).encode(), at=at, headers={"Content-Type": JSON_TYPE, **sent}, **query
        )
        operation = contract.operation_of(method, path)
        if operation and answer.is_success:
            assert contract.request_fault(operation, body) is None, "an undocumented body is accepted"
        return answer

    def send(
        self,
        method: str,
        path: str,
        content: bytes | Iterator[bytes] | None = None,
        *,
        at: str | None = None,
        headers: dict[str, str] | None = None,
        **query: Json,
    ) -> httpx.Response:
        """Sends bytes as they are, chunked when they come in pieces."""
        own = {"Authorization": f"Bearer {self._token}"}
        if moment := at or self.now:
            own["X-Simulated-Time"] = moment
        answer = self._http.request(
            method, f"{self._url}{path}", params=query or None, content=content, headers=own | (headers or {})
        )
        contract.check_answer(method, path.partition("?")[0], answer)
        return answer

    def begin(self, path: str) -> httpx.Response:
        """An answer of which nothing is read yet but its head."""
        own = {"Authorization": f"Bearer {self._token}"}
        return self._http.send(self._http.build_request("GET", f"{self._url}{path}", headers=own), stream=True)

    def get(self, path: str, *, at: str | None = None, **query: Json) -> Json:
        """What is answered to a question."""
        answer = self.ask("GET", path, at=at, **query)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def do(self, method: str, path: str, body: Json = None, *, at: str | None = None, key: str | None = None) -> Json:
        """What is answered to a command that is carried out."""
        answer = self.ask(method, path, body, at=at, key=key)
        assert answer.is_success, answer.text
        return answer.json()

    def refusal(
        self, method: str, path: str, body: Json = None, *, at: str | None = None, key: str | None = None, **query: Json
    ) -> tuple[int, str]:
        """The status and the code of a refusal."""
        return problem(self.ask(method, path, body, at=at, key=key, **query))

    def record(self, kind: str = "study_guide_completed", *, at: str | None = None, **more: Json) -> Json:
        """Records an activity."""
        return self.do("POST", "/streak/activities", {"activity_type": kind, **more}, at=at)

    def earn(self, freezes: int, *, at: str | None = None) -> None:
        """Earns freezes, 500 XP each, with activities of one category."""
        for _ in range(freezes):
            self.record("flashcard_set_completed", metadata={"correct": 1000}, at=at)


def scheduled(at: str) -> dict[str, str]:
    """The header of a run that nobody else made, scheduled a little before it is called, so that it does run."""
    moment = datetime.fromisoformat(at) - timedelta(seconds=next(_RUNS))
    return {"X-CloudScheduler-ScheduleTime": moment.strftime("%Y-%m-%dT%H:%M:%SZ")}


def problem(answer: httpx.Response) -> tuple[int, str]:
    """The status and the code of a refusal."""
    assert answer.is_error, answer.text
    return answer.status_code, answer.json()["code"]


def wrong_fields(answer: httpx.Response, code: str = "invalid_request") -> list[str]:
    """The fields that a malformed request was refused for."""
    assert problem(answer) == (422, code), answer.text
    return [one["field"] for one in answer.json()["errors"]]

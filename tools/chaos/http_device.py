"""A device that asks over HTTP: a good client, that asks again after a lost connection, a 503 or a 429.

It must not know what is right. It keeps how long each request took and how it ended.
"""

from __future__ import annotations

import time
from collections import Counter
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any, Final

import httpx

from emulator.token import unsigned_token
from testing.scenario_requests import PARTS, REQUESTS
from testing.steps import QueryStep, Step
from tools.chaos.devices import until_answered
from tools.chaos.possible_states import Response, Try

_WAIT_SECONDS: Final = 0.2
_ANSWER_SECONDS_MAX: Final = 30.0
_AGAIN: Final = (HTTPStatus.SERVICE_UNAVAILABLE, HTTPStatus.TOO_MANY_REQUESTS)


class UnexpectedAnswerError(Exception):
    """An answer that no route documents."""


@dataclass
class HttpDevice:
    """One client. `endings` counts requests by how they ended, `took_ms` how long they took."""

    base_url: str
    endings: Counter[str] = field(default_factory=Counter)
    took_ms: list[float] = field(default_factory=list)
    # Whatever is answered, a worker may have been killed.
    unexplained: int = 0

    def __post_init__(self) -> None:
        """Connects when it first asks."""
        self._http = httpx.Client(base_url=self.base_url, timeout=_ANSWER_SECONDS_MAX)

    def command(self, user_id: str, step: Step) -> list[Try]:
        """All tries of a command."""
        return until_answered(step, lambda asked: self._response(user_id, asked))

    def answer_to(self, user_id: str, step: Step) -> Any:  # noqa: ANN401 - any JSON
        """The answer to a question."""
        answer = self.command(user_id, step)[-1].response.answer or {}
        part = PARTS.get(QueryStep(step["do"]))
        return answer[part] if part else answer

    def _response(self, user_id: str, step: Step) -> Response:
        method, path, body = REQUESTS[step["do"]](step)
        headers = {"Authorization": f"Bearer {unsigned_token(user_id)}", "X-Simulated-Time": step["at"]}
        if "key" in step:
            headers["Idempotency-Key"] = step["key"]
        begun = time.monotonic()
        try:
            answer = self._http.request(method, path, json=body, headers=headers)
        except httpx.TransportError as error:
            return self._unknown(f"connection: {type(error).__name__}")
        self.took_ms.append((time.monotonic() - begun) * 1_000)
        if answer.is_success:
            self.endings["answered"] += 1
            return Response(answer=answer.json())
        code = answer.json()["code"]
        told = f"{answer.status_code} {code}"
        if answer.status_code in _AGAIN:
            return self._unknown(told)
        self.endings[told if answer.is_server_error else "refused"] += 1
        if answer.is_server_error:
            message = f"{told} to {step['do']}"
            raise UnexpectedAnswerError(message)
        return Response(refusal=code)

    def _unknown(self, ending: str) -> Response:
        self.endings[ending] += 1
        time.sleep(_WAIT_SECONDS)
        return Response()

"""A device that asks over HTTP: a good client, that asks again after a lost connection, a 503 or a 429.

It must not know what is right. It keeps how long each request took and how it ended.
"""

from __future__ import annotations

import time
from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from http import HTTPStatus
from typing import Any, Final

import httpx

from emulator.token import unsigned_token
from testing.scenario_requests import REQUESTS, Step
from tools.chaos.devices import TRIES_MAX, NeverAnsweredError
from tools.chaos.possible_states import Response, Try, at

_TRY_AGAIN_AFTER: Final = timedelta(seconds=20)
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
        """Gives a command until it is told what became of it; all tries, in order."""
        now, tries = datetime.fromisoformat(step["at"]), list[Try]()
        while not tries or tries[-1].response.is_unknown:
            if len(tries) == TRIES_MAX:
                raise NeverAnsweredError
            if tries:
                time.sleep(_WAIT_SECONDS)
            asked = at(step, now + len(tries) * _TRY_AGAIN_AFTER)
            tries.append(Try(asked, self._response(user_id, asked)))
        return tries

    def answer_to(self, user_id: str, step: Step) -> Any:  # noqa: ANN401 - any JSON
        """The answer to a question."""
        answer = self.command(user_id, step)[-1].response.answer or {}
        return answer["days"] if step["do"] == "get_calendar" else answer

    def close(self) -> None:
        """Hangs up."""
        self._http.close()

    def _response(self, user_id: str, step: Step) -> Response:
        method, path, body = REQUESTS[step["do"]](step)
        headers = {"Authorization": f"Bearer {unsigned_token(user_id)}", "X-Simulated-Time": step["at"]}
        if "key" in step:
            headers["Idempotency-Key"] = step["key"]
        begun = time.monotonic()
        try:
            response = self._http.request(method, path, json=body, headers=headers)
        except httpx.TransportError as error:
            self.endings[f"connection: {type(error).__name__}"] += 1
            return Response()
        self.took_ms.append((time.monotonic() - begun) * 1_000)
        return self._read(step, response)

    def _read(self, step: Step, response: httpx.Response) -> Response:
        if response.is_success:
            self.endings["answered"] += 1
            return Response(answer=response.json())
        code = response.json()["code"]
        if response.status_code in _AGAIN:
            self.endings[f"{response.status_code} {code}"] += 1
            return Response()
        if response.status_code >= HTTPStatus.INTERNAL_SERVER_ERROR:
            self.endings[f"{response.status_code} {code}"] += 1
            message = f"{response.status_code} {code} to {step['do']}"
            raise UnexpectedAnswerError(message)
        self.endings["refused"] += 1
        return Response(refusal=code)

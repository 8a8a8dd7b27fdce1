"""Asks the served functions over HTTP, as one user or as the operator, at any moment.

Must not know what is asked.
"""

import http.client
import json
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Any, Final, Self
from urllib.parse import urlsplit

from emulator.errors import SetupError
from emulator.token import unsigned_token

ANSWER_SECONDS_MAX: Final = 15.0
ATTEMPTS_MAX: Final = 6
PAUSE_SECONDS: Final = 0.1

_AGAIN: Final = frozenset({HTTPStatus.SERVICE_UNAVAILABLE})


class UnreachableError(SetupError):
    """Nobody listens at the server's address."""


class Refused(Exception):
    """The server understood, and said no: `status`, the stable `code`, and what it said for people.

    `retry_after_seconds` is after what time the server would say yes, None where it did not tell.
    """

    def __init__(self, status: int, problem: Mapping[str, Any], retry_after: str | None = None) -> None:
        self.status = status
        self.retry_after_seconds = int(retry_after) if retry_after and retry_after.isdecimal() else None
        self.code = str(problem.get("code", ""))
        fields = (f"{each['field']}: {each['message']}" for each in problem.get("errors", ()))
        self.detail = "; ".join(fields) or str(problem.get("detail", ""))
        super().__init__(f"{status} {self.code}: {self.detail}")


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What was answered, and whether it is the first answer given again."""

    content: dict[str, Any]
    replayed: bool


class Client:
    """One kept connection. Not to be shared between threads."""

    def __init__(
        self, base_url: str, uid: str, *, admin: bool = False, sleep: Callable[[float], None] = time.sleep
    ) -> None:
        """Connect to nothing yet. `base_url` is http://HOST:PORT; `sleep` waits before another attempt, in seconds."""
        address = urlsplit(base_url)
        self._base_url = base_url
        self._uid = uid
        self._admin = admin
        self._sleep = sleep
        self._connection = http.client.HTTPConnection(
            address.hostname or "", address.port or http.client.HTTP_PORT, timeout=ANSWER_SECONDS_MAX
        )

    def ask(
        self,
        method: str,
        path: str,
        *,
        at: datetime | None = None,
        body: Mapping[str, Any] | None = None,
        key: str | None = None,
    ) -> Answer:
        """Ask, with `at` as the request's now. A command without a `key` must be one that is harmless twice.

        Raises Refused, UnreachableError, and SetupError when the server does not answer as it should.
        """
        content = None if body is None else json.dumps(body).encode()
        headers = self._headers(at, key, has_body=content is not None)
        for attempt in range(ATTEMPTS_MAX):
            # The first one more comes at once: a server closes connections that were idle for a while.
            self._sleep(PAUSE_SECONDS * (2 ** max(0, attempt - 1) - 1))
            try:
                self._connection.request(method, path, content, headers)
                response = self._connection.getresponse()
                text = response.read()
            except ConnectionRefusedError as error:
                message = f"nothing answers at {self._base_url}"
                raise UnreachableError(message) from error
            except (OSError, http.client.HTTPException):
                # A kept connection may be closed by the server at any time, also in the middle of an answer.
                self._connection.close()
                continue
            if response.status not in _AGAIN:
                return self._answer(response, text)
        message = f"{self._base_url} did not answer {method} {path} in {ATTEMPTS_MAX} attempts"
        raise SetupError(message)

    def _headers(self, at: datetime | None, key: str | None, *, has_body: bool) -> dict[str, str]:
        headers = {"Authorization": f"Bearer {unsigned_token(self._uid, admin=self._admin)}"}
        if at is not None:
            headers["X-Simulated-Time"] = rfc3339(at)
        if key is not None:
            headers["Idempotency-Key"] = key
        if has_body:
            headers["Content-Type"] = "application/json"
        return headers

    def _answer(self, response: http.client.HTTPResponse, text: bytes) -> Answer:
        try:
            content = json.loads(text)
        except ValueError:
            content = None
        if not isinstance(content, dict) or response.status >= HTTPStatus.INTERNAL_SERVER_ERROR:
            message = f"what answers at {self._base_url} is not Unbroken, or is out of order: {response.status}"
            raise SetupError(message)
        if response.status >= HTTPStatus.BAD_REQUEST:
            raise Refused(response.status, content, response.getheader("Retry-After"))
        return Answer(content=content, replayed=response.getheader("Idempotent-Replayed") == "true")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._connection.close()


def rfc3339(at: datetime) -> str:
    """The instant as the API reads it."""
    return at.astimezone(UTC).isoformat().replace("+00:00", "Z")

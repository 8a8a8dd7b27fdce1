"""Asks the served functions over HTTP, as one user or as the operator, at any moment.

Must not know what is asked.
"""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Any, Final, Self

import httpx

from emulator.errors import SetupError
from emulator.project import requested_project
from emulator.token import Users, unsigned_token

ANSWER_SECONDS_MAX: Final = 15.0
ATTEMPTS_MAX: Final = 6
PAUSE_SECONDS: Final = 0.1


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
        """Connect to nothing yet. `base_url` is http://HOST:PORT; `sleep` waits before another attempt, in seconds.

        The user is one of the project that the variable PROJECT names. Raises SetupError where that can be none.
        """
        self._users = Users(requested_project())
        self._base_url = base_url
        self._uid = uid
        self._admin = admin
        self._sleep = sleep
        self._http = httpx.Client(base_url=base_url, timeout=ANSWER_SECONDS_MAX, trust_env=False)

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
        headers = {"Authorization": f"Bearer {unsigned_token(self._uid, admin=self._admin, of=self._users)}"}
        headers |= {"X-Simulated-Time": rfc3339(at)} if at else {}
        headers |= {"Idempotency-Key": key} if key else {}
        for attempt in range(ATTEMPTS_MAX):
            # The first one more comes at once: a server closes connections that were idle for a while.
            self._sleep(PAUSE_SECONDS * (2 ** max(0, attempt - 1) - 1))
            try:
                response = self._http.request(method, path, json=body, headers=headers)
            except httpx.ConnectError as error:
                message = f"nothing answers at {self._base_url}"
                raise UnreachableError(message) from error
            except httpx.TransportError:
                # A kept connection may be closed by the server at any time, also in the middle of an answer.
                continue
            if response.status_code != HTTPStatus.SERVICE_UNAVAILABLE:
                return self._answer(response)
        message = f"{self._base_url} did not answer {method} {path} in {ATTEMPTS_MAX} attempts"
        raise SetupError(message)

    def _answer(self, response: httpx.Response) -> Answer:
        try:
            content = response.json()
        except ValueError:
            content = None
        if not isinstance(content, dict) or response.is_server_error:
            message = f"what answers at {self._base_url} is not Unbroken, or is out of order: {response.status_code}"
            raise SetupError(message)
        if response.is_error:
            raise Refused(response.status_code, content, response.headers.get("Retry-After"))
        return Answer(content=content, replayed=response.headers.get("Idempotent-Replayed") == "true")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._http.close()


def rfc3339(at: datetime) -> str:
    """The instant as the API reads it."""
    return at.astimezone(UTC).isoformat().replace("+00:00", "Z")

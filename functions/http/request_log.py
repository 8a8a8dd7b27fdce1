"""What is logged of a request: one line when it is answered, and one more when it is refused at the door or fails.

It must not log what was sent: no header, no path, no body. A route is named by its template.
"""

from __future__ import annotations

import time
from contextlib import suppress
from http import HTTPStatus
from typing import TYPE_CHECKING, Final

from functions.http.at_once import TooManyAtOnce
from functions.http.problems import EdgeError
from streak_core.telemetry import LogEvent, log
from streak_core.telemetry.context import current
from streak_core.telemetry.operations import milliseconds_since, note_duration

if TYPE_CHECKING:
    from flask import Request, Response

    from streak_core.domain.errors import StreakError

_METHODS: Final = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})


class RequestLog:
    """The log of one request, which begins now."""

    def __init__(self, function: str, request: Request) -> None:
        self._begun = time.perf_counter()
        self._function = function
        self._method = request.method if request.method in _METHODS else "OTHER"
        self._route: str | None = None
        self._user_id: str | None = None

    def authenticated(self, user_id: str) -> None:
        """Who asks; nobody where that is not looked at."""
        self._user_id = user_id or None

    def matched(self, path: str) -> None:
        """The request is for this route of the function; `path` is the template."""
        self._route = f"/{self._function}{path.rstrip('/')}".replace("<", "{").replace(">", "}")

    def refused(self, error: StreakError) -> None:
        """The request is refused; a line is worth a refusal of who asks, of too many at once, and of nothing else."""
        if isinstance(error, TooManyAtOnce):
            # It is 503 as a failure of the service is, which it is not: the error budget is told so by this line.
            log(LogEvent.REFUSED_AT_ONCE, "a user asks for too much at once", user_id=self._user_id)
        elif isinstance(error, EdgeError) and error.reason:
            log(LogEvent.SIGN_IN_REFUSED, f"a sign-in was refused: {error.reason}", reason=error.reason)

    def failed(self, error: Exception) -> None:
        """What should not happen has happened."""
        log(
            LogEvent.REQUEST_FAILED,
            f"{self._operation} failed",
            error=error,
            route=self._route,
            method=self._method,
            user_id=self._user_id,
        )

    def completed(self, response: Response) -> None:
        """The request is answered."""
        # Nothing that is wrong here may cost the answer.
        with suppress(Exception):
            self._completed(response)

    def _completed(self, response: Response) -> None:
        duration_ms = milliseconds_since(self._begun)
        status, work = response.status_code, current()
        reads, writes = (work.tally.reads, work.tally.writes) if work else (0, 0)
        log(
            LogEvent.REQUEST_COMPLETED,
            f"{self._operation} was answered {status} after {duration_ms:.0f} ms",
            method=self._method,
            route=self._route,
            status=status,
            status_class=f"{status // 100}xx",
            duration_ms=duration_ms,
            code=_code(response),
            # Whom a failure has met is looked up by hand; of what goes well, nobody's habits are written down.
            user_id=self._user_id if status >= HTTPStatus.INTERNAL_SERVER_ERROR else None,
            reads=reads,
            writes=writes,
            retries=work.tally.retries if work else 0,
            bonuses_earned=work.tally.bonuses_earned if work else 0,
        )
        note_duration(self._operation, duration_ms, reads=reads, writes=writes)

    @property
    def _operation(self) -> str:
        return f"{self._method} {self._route or f'/{self._function} (no route)'}"


def _code(response: Response) -> str | None:
    """The code of a problem; None where all is well."""
    if response.mimetype != "application/problem+json":
        return None
    code: str = response.get_json()["code"]
    return code

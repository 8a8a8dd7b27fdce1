"""The function `calendar`: the last days of a user, one row each.

Handlers parse, call and render; they decide nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import functions_framework

from functions.http import parsing, runtime
from functions.http.dispatch import Asked, Function, Route
from functions.http.identity import authenticated_user
from functions.http.rendering import question_answer

if TYPE_CHECKING:
    from flask import Request, Response

_DAYS: Final = 30


def get_calendar(asked: Asked) -> Response:
    """GET /calendar."""
    days = parsing.query(asked.request, "days", parsing.CALENDAR_DAYS, _DAYS)
    return question_answer(asked.request, runtime.questions().calendar(asked.user_id, asked.now, days))


FUNCTION: Final = Function("calendar", authenticated_user, [Route(method="GET", path="/", handler=get_calendar)])


@functions_framework.http
def calendar(request: Request) -> Response:
    """The entry point."""
    return FUNCTION.handle(request)

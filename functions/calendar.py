"""The function `calendar`: the last days of a user, one row each.

Handlers parse, call and render; they decide nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import functions_framework

from functions.http import parsing, runtime
from functions.http.dispatch import Function, RequestContext, Route
from functions.http.identity import authenticated_user
from functions.http.rendering import versioned_response

if TYPE_CHECKING:
    from flask import Request, Response

_DAYS: Final = 30


def get_calendar(context: RequestContext) -> Response:
    """GET /calendar."""
    days = parsing.query(context.request, "days", parsing.CALENDAR_DAYS, _DAYS)
    ask, user_id, now = runtime.queries(), context.user_id, context.now
    return versioned_response(
        context.request,
        ("calendar", days, runtime.release()),
        lambda: ask.version(user_id, now),
        lambda: ask.versioned_calendar(user_id, now, days),
    )


FUNCTION: Final = Function(
    "calendar", authenticated_user, [Route(method="GET", path="/", handler=get_calendar, parameters=("days",))]
)


@functions_framework.http
def calendar(request: Request) -> Response:
    """The entry point."""
    return FUNCTION.handle(request)

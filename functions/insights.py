"""The function `insights`: what the calendar of the user who asks tells of their habits.

Handlers parse, call and render; they decide nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import functions_framework

from functions.http import runtime
from functions.http.dispatch import Function, RequestContext, Route
from functions.http.identity import authenticated_user
from functions.http.rendering import versioned_response

if TYPE_CHECKING:
    from flask import Request, Response


def get_insights(context: RequestContext) -> Response:
    """GET /insights."""
    ask, user_id, now = runtime.queries(), context.user_id, context.now
    return versioned_response(
        context.request,
        ("insights", runtime.release()),
        lambda: ask.version(user_id, now),
        lambda: ask.insights(user_id, now),
    )


FUNCTION: Final = Function("insights", authenticated_user, [Route(method="GET", path="/", handler=get_insights)])


@functions_framework.http
def insights(request: Request) -> Response:
    """The entry point."""
    return FUNCTION.handle(request)

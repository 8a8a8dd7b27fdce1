"""The function `achievements`: how far the user who asks has come with each, and which are earned.

Handlers parse, call and render; they decide nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import functions_framework

from functions.http import runtime
from functions.http.dispatch import Function, RequestContext, Route
from functions.http.identity import authenticated_user
from functions.http.rendering import query_response

if TYPE_CHECKING:
    from flask import Request, Response


def get_achievements(context: RequestContext) -> Response:
    """GET /achievements."""
    return query_response(context.request, runtime.queries().achievements(context.user_id, context.now))


FUNCTION: Final = Function(
    "achievements", authenticated_user, [Route(method="GET", path="/", handler=get_achievements)]
)


@functions_framework.http
def achievements(request: Request) -> Response:
    """The entry point."""
    return FUNCTION.handle(request)

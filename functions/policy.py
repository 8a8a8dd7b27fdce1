"""The function `policy`: what an app builds its forms from, as it is in force for the user who asks.

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


def get_policy(context: RequestContext) -> Response:
    """GET /policy."""
    return query_response(context.request, runtime.queries().policy(context.user_id, context.now))


FUNCTION: Final = Function("policy", authenticated_user, [Route(method="GET", path="/", handler=get_policy)])


@functions_framework.http
def policy(request: Request) -> Response:
    """The entry point."""
    return FUNCTION.handle(request)

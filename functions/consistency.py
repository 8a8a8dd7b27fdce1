"""The function `consistency`: which categories of this streak week are done.

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


def get_consistency(context: RequestContext) -> Response:
    """GET /consistency."""
    return query_response(context.request, runtime.queries().consistency(context.user_id, context.now))


FUNCTION: Final = Function("consistency", authenticated_user, [Route(method="GET", path="/", handler=get_consistency)])


@functions_framework.http
def consistency(request: Request) -> Response:
    """The entry point."""
    return FUNCTION.handle(request)

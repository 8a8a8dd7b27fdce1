"""The function `challenges`: what can be joined, how far the user has come, joining and leaving.

Handlers parse, call and render; they decide nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import functions_framework

from functions.http import parsing, runtime
from functions.http.dispatch import Function, RequestContext, Route
from functions.http.executing import carried_out
from functions.http.identity import authenticated_user
from functions.http.rendering import query_response
from streak_core.domain.commands import JoinChallenge, LeaveChallenge

if TYPE_CHECKING:
    from flask import Request, Response


def list_challenges(context: RequestContext) -> Response:
    """GET /challenges."""
    return query_response(context.request, runtime.queries().challenges(context.user_id, context.now))


def join_challenge(context: RequestContext, challenge: str) -> Response:
    """POST /challenges/{challenge}/join."""
    parsing.no_body(context.request)
    return carried_out(context, JoinChallenge(challenge=challenge))


def leave_challenge(context: RequestContext, challenge: str) -> Response:
    """DELETE /challenges/{challenge}/join."""
    parsing.no_body(context.request)
    return carried_out(context, LeaveChallenge(challenge=challenge))


FUNCTION: Final = Function(
    "challenges",
    authenticated_user,
    [
        Route(method="GET", path="/", handler=list_challenges),
        Route(method="POST", path="/<challenge>/join", handler=join_challenge),
        Route(method="DELETE", path="/<challenge>/join", handler=leave_challenge),
    ],
)


@functions_framework.http
def challenges(request: Request) -> Response:
    """The entry point."""
    return FUNCTION.handle(request)

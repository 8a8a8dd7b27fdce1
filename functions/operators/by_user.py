"""Everything that a user may do, done for that user: the user's own routes and handlers, under the user's id.

It must not have a handler of its own.
"""

from __future__ import annotations

from dataclasses import replace
from functools import wraps
from typing import TYPE_CHECKING, Final

from functions import calendar, consistency, insights, log, policy, profile, streak
from functions.http.dispatch import RequestContext, Route
from functions.operators.named_users import open_user

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask import Response

# Where a user's routes begin.
USER_PATH: Final = "/users/<uid>"


def for_user(handler: Callable[..., Response]) -> Callable[..., Response]:
    """The handler as it answers the user that a path names, with the caller as the actor."""

    @wraps(handler)
    def handle(context: RequestContext, *, uid: str, **named: str) -> Response:
        return handler(replace(context, user_id=open_user(context, uid), actor=context.caller.actor), **named)

    handle.__name__ = f"{handler.__name__}_for_user"
    return handle


def user_routes() -> list[Route]:
    """The routes of each function that users call, for the user that the path names."""
    functions = {
        "streak": streak.FUNCTION,
        "calendar": calendar.FUNCTION,
        "consistency": consistency.FUNCTION,
        "policy": policy.FUNCTION,
        "insights": insights.FUNCTION,
        "log": log.FUNCTION,
        "profile": profile.FUNCTION,
    }
    return [
        replace(route, path=f"{USER_PATH}/{name}{route.path}".rstrip("/"), handler=for_user(route.handler))
        for name, function in functions.items()
        for route in function.routes
    ]

"""Everything that a user may do, done for that user: the user's own routes and handlers, under the user's id.

It must not have a handler of its own.
"""

from __future__ import annotations

from dataclasses import replace
from functools import wraps
from typing import TYPE_CHECKING, Final

from functions import (
    achievements,
    calendar,
    challenges,
    consistency,
    conversations,
    ideas,
    insights,
    leaderboards,
    log,
    notices,
    policy,
    profile,
    records,
    streak,
    usage,
)
from functions.http.dispatch import RequestContext, Route
from functions.operators.looks import told
from functions.operators.named_users import served_user

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask import Response

# Where a user's routes begin.
USER_PATH: Final = "/users/<uid>"
# What is personal: a person who looks at it is told of in the trail.
PERSONAL: Final = frozenset({"profile", "conversations", "ideas", "records"})


def for_user(handler: Callable[..., Response]) -> Callable[..., Response]:
    """The handler as it answers the user that a path names, with the caller as the actor."""

    @wraps(handler)
    def handle(context: RequestContext, *, uid: str, **named: str) -> Response:
        return handler(replace(context, user_id=served_user(context, uid), actor=context.caller.actor), **named)

    handle.__name__ = f"{handler.__name__}_for_user"
    return handle


def user_routes() -> list[Route]:
    """The routes of each function that users call, for the user that the path names."""
    routes = {
        "streak": streak.FUNCTION.routes,
        "calendar": calendar.FUNCTION.routes,
        "consistency": consistency.FUNCTION.routes,
        "policy": policy.FUNCTION.routes,
        "insights": insights.FUNCTION.routes,
        "achievements": achievements.FUNCTION.routes,
        "challenges": challenges.FUNCTION.routes,
        "leaderboard": leaderboards.SEAT,
        # A device and what was read of an inbox are nobody else's to say.
        "notices": notices.PREFERENCES,
        "log": log.FUNCTION.routes,
        "profile": profile.FUNCTION.routes,
        "conversations": conversations.FUNCTION.routes,
        "usage": usage.FUNCTION.routes,
        "ideas": ideas.FUNCTION.routes,
        "records": records.FUNCTION.routes,
    }
    return [
        replace(
            route,
            path=f"{USER_PATH}/{name}{route.path}".rstrip("/"),
            handler=for_user(_handler(name, route)),
            below=None,
        )
        for name, own in routes.items()
        for route in own
    ]


def _handler(name: str, route: Route) -> Callable[..., Response]:
    return told(route.handler, name) if name in PERSONAL and route.method == "GET" else route.handler

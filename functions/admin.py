"""The function `admin`: what operators and other servers do for users, each as far as its role goes.

Handlers parse, call and render; they decide nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import functions_framework

from functions.http.dispatch import ActsFor, Function, Limits, Route
from functions.http.identity import authenticated_actor
from functions.operators import amnesties, giving, many, operations, policies, recorded, reports, trails
from functions.operators.admission import admit
from functions.operators.bringing import import_users
from functions.operators.by_user import user_routes

if TYPE_CHECKING:
    from flask import Request, Response

FUNCTION: Final = Function(
    "admin",
    authenticated_actor,
    [
        Route(method="POST", path="/import", handler=import_users),
        *user_routes(),
        *giving.ROUTES,
        *many.ROUTES,
        *policies.ROUTES,
        *amnesties.ROUTES,
        *trails.ROUTES,
        *recorded.ROUTES,
        *operations.ROUTES,
        *reports.ROUTES,
    ],
    # Whoever calls for many users asks much at once.
    Limits(acts_for=ActsFor.WHOM_IT_NAMES, questions_max=None, commands_max=None),
    admit,
)


@functions_framework.http
def admin(request: Request) -> Response:
    """The entry point."""
    return FUNCTION.handle(request)

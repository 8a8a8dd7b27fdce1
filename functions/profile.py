"""The function `profile`: who the user is and where they live.

Handlers parse, call and render; they decide nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import functions_framework

from functions.http import kept, parsing
from functions.http.dispatch import Function, RequestContext, Route
from functions.http.identity import authenticated_user
from functions.http.record_forms import record_form
from functions.http.rendering import answer, query_response

if TYPE_CHECKING:
    from collections.abc import Mapping

    from flask import Request, Response

_KIND: Final = "profile"


def get_profile(context: RequestContext) -> Response:
    """GET /profile."""
    return query_response(context.request, _told(kept.profiles().find(context.user_id)))


def change_profile(context: RequestContext) -> Response:
    """PATCH /profile."""
    sent = parsing.body(context.request, record_form(_KIND)).model_dump(mode="json", exclude_unset=True)
    profile = kept.profiles().change(context.user_id, sent, context.now, context.actor)
    return answer(_told(profile))


def _told(profile: Mapping[str, Any]) -> dict[str, Any]:
    from streak_core.records.profile import formatted_address, missing

    fields = dict.fromkeys(kept.kinds().kinds[_KIND].fields) | dict(profile)
    lacking = missing(profile)
    return {**fields, "formatted_address": formatted_address(profile), "complete": not lacking, "missing": lacking}


FUNCTION: Final = Function(
    "profile",
    authenticated_user,
    [
        Route(method="GET", path="/", handler=get_profile),
        Route(method="PATCH", path="/", handler=change_profile),
    ],
)


@functions_framework.http
def profile(request: Request) -> Response:
    """The entry point."""
    return FUNCTION.handle(request)

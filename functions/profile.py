"""The function `profile`: who the user is and where they live.

Handlers parse, call and render; they decide nothing.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

import functions_framework

from functions.http import parsing, runtime
from functions.http.dispatch import Function, RequestContext, Route
from functions.http.identity import authenticated_user
from functions.http.rendering import answer, query_response

if TYPE_CHECKING:
    from collections.abc import Mapping

    from flask import Request, Response

_KIND: Final = "profile"


def get_profile(context: RequestContext) -> Response:
    """GET /profile."""
    return query_response(context.request, _told(runtime.profiles().find(context.user_id)))


def change_profile(context: RequestContext) -> Response:
    """PATCH /profile."""
    sent = parsing.body(context.request, _form()).model_dump(mode="json", exclude_unset=True)
    profile = runtime.profiles().change(context.user_id, sent, context.now, context.actor)
    return answer(_told(profile))


def _told(profile: Mapping[str, Any]) -> dict[str, Any]:
    from streak_core.records.profile import formatted_address, missing

    fields = dict.fromkeys(runtime.kinds().kinds[_KIND].fields) | dict(profile)
    lacking = missing(profile)
    return {**fields, "formatted_address": formatted_address(profile), "complete": not lacking, "missing": lacking}


@lru_cache(maxsize=1)
def _form() -> type[parsing.Body]:
    """The form of a change, made once by what the kinds of this deployment say."""
    from streak_core.records.forms import Readers, form_of

    readers = Readers(day=parsing.day, instant=parsing.instant)
    return form_of(_KIND, runtime.kinds().kinds[_KIND], parsing.Body, readers)


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

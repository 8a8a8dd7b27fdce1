"""The function `usage`: what a user did with the app's features.

Handlers parse, call and render; they decide nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import functions_framework

from functions.http import kept, parsing
from functions.http.dispatch import Function, RequestContext, Route
from functions.http.identity import authenticated_user
from functions.http.receiving import BATCH_BYTES_MAX
from functions.http.record_forms import records_form
from functions.http.rendering import answer, given_again
from streak_core.domain.days import rfc3339

if TYPE_CHECKING:
    from flask import Request, Response

_KIND: Final = "usage"
# Of one request.
EVENTS_MAX: Final = 50


def count_usage(context: RequestContext) -> Response:
    """POST /usage."""
    form = records_form(_KIND, "events", EVENTS_MAX)
    sent = parsing.body(context.request, form, BATCH_BYTES_MAX).model_dump(mode="json", exclude_none=True)["events"]
    key = parsing.idempotency_key(context.request)
    counted = kept.usage().count(context.user_id, sent, context.now, key, context.actor)
    moments = {"at": rfc3339(counted.at), "expires_at": rfc3339(counted.expires_at)}
    return given_again(answer({"counted": counted.count, **moments}, 201), is_replayed=counted.replayed)


FUNCTION: Final = Function("usage", authenticated_user, [Route(method="POST", path="/", handler=count_usage)])


@functions_framework.http
def usage(request: Request) -> Response:
    """The entry point."""
    return FUNCTION.handle(request)

"""The function `log`: what an app notes of what its user did, in the audit trail.

Handlers parse, call and render; they decide nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import functions_framework

from functions.http import kept, parsing, runtime
from functions.http.dispatch import Function, RequestContext, Route
from functions.http.identity import authenticated_user
from functions.http.record_forms import record_form
from functions.http.rendering import answer, given_again
from streak_core.domain.days import rfc3339

if TYPE_CHECKING:
    from flask import Request, Response

_KIND: Final = "log"


def note(context: RequestContext) -> Response:
    """POST /log."""
    from streak_core.records.logbook import Logbook, Noted

    sent = parsing.body(context.request, record_form(_KIND)).model_dump(mode="json", exclude_none=True)
    own = {name: sent.pop(name) for name in ("action", "entity_type", "entity_id", "status")}
    noted = Noted(**own, details=sent.pop("details", {}), more=sent)
    key = parsing.idempotency_key(context.request)
    appended = Logbook(runtime.trails(), kept.quotas()).note(context.user_id, noted, context.now, key, context.actor)
    entry = appended.entry
    content = {"id": entry.id, "seq": entry.seq, "at": rfc3339(entry.at), "hash": entry.hash}
    return given_again(answer(content, 201), is_replayed=appended.replayed)


FUNCTION: Final = Function("log", authenticated_user, [Route(method="POST", path="/", handler=note)])


@functions_framework.http
def log(request: Request) -> Response:
    """The entry point."""
    return FUNCTION.handle(request)

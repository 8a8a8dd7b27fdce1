"""Has the trails told that a person looks for somebody, or at what is personal, before anything is shown.

It must not know what is shown.
"""

from __future__ import annotations

from functools import wraps
from typing import TYPE_CHECKING

from functions.http import parsing, runtime

if TYPE_CHECKING:
    from collections.abc import Callable

    from firebase_admin.auth import UserRecord
    from flask import Response

    from functions.http.dispatch import RequestContext


def told(handler: Callable[..., Response], kind: str) -> Callable[..., Response]:
    """The handler of a question, whose answer is told of before it is given."""

    @wraps(handler)
    def handle(context: RequestContext, **named: str) -> Response:
        from streak_core.records.looks import Looked, tell_look

        looked = Looked(kind=kind, name="/".join(parsing.path_name(value, name) for name, value in named.items()))
        # It writes, and so it waits as what writes does.
        runtime.write_gate().check(context.user_id, is_question=False)
        response = handler(context, **named)
        # What is not there nobody has seen; what is there nobody sees before it is told.
        tell_look(runtime.trails(), context.user_id, looked, context.actor, context.now)
        return response

    return handle


def tell_lookup(context: RequestContext, by: str, found: UserRecord | None) -> None:
    """Tells that somebody looks an account up by a thing of that kind; what can't be told is not shown."""
    from streak_core.records.looks import tell_lookup as telling

    runtime.write_gate().check(found.uid if found else None, is_question=False)
    telling(runtime.trails(), by, found.uid if found else None, context.caller.actor, context.now)

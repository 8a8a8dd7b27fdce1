"""Has a user's trail told that a person looks at what is personal, before it is shown.

It must not know what is shown.
"""

from __future__ import annotations

from functools import wraps
from typing import TYPE_CHECKING

from functions.http import parsing, runtime

if TYPE_CHECKING:
    from collections.abc import Callable

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

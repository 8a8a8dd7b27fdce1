"""Has a command of a request carried out, under its idempotency key and in the name of who gives it.

It must not know what the command does.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from functions.http import parsing, runtime
from functions.http.rendering import command_response

if TYPE_CHECKING:
    from flask import Response

    from functions.http.dispatch import RequestContext
    from streak_core.domain.commands import Command


def carried_out(context: RequestContext, command: Command, status: int = 200) -> Response:
    """The answer to the command. Raises what carrying it out raises."""
    key = parsing.idempotency_key(context.request)
    outcome = runtime.commands().execute(context.user_id, context.now, command, key, context.actor)
    return command_response(outcome, status)

"""Has a command of a request carried out, under its idempotency key and in the name of who gives it.

It must not know what the command does.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from functions.http import parsing, runtime
from functions.http.rendering import command_response
from streak_core.commands import Asked

if TYPE_CHECKING:
    from flask import Response

    from functions.http.dispatch import RequestContext
    from streak_core.commands import SettingsCondition
    from streak_core.domain.commands import Command


def carried_out(
    context: RequestContext, command: Command, status: int = 200, only_if: SettingsCondition | None = None
) -> Response:
    """The answer to the command, which may depend on the settings. Raises what carrying it out raises."""
    key = parsing.idempotency_key(context.request)
    asked = Asked(command=command, key=key, actor=context.actor, only_if=only_if)
    with runtime.told_if_refused(context.user_id, command, context.actor, context.now):
        return command_response(runtime.commands().answer(context.user_id, context.now, asked), status)

"""The function `maintenance`: Cloud Scheduler's nightly call.

Handlers parse, call and render; they decide nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import functions_framework

from functions.edge import runtime
from functions.edge.handling import Asked, Function, Route
from functions.edge.identity import authenticated_operator
from functions.edge.rendering import answer

if TYPE_CHECKING:
    from flask import Request, Response


def run(asked: Asked) -> Response:
    """POST /maintenance."""
    return answer(runtime.maintenance().run(asked.now))


FUNCTION: Final = Function("maintenance", authenticated_operator, [Route(method="POST", path="/", handler=run)])


@functions_framework.http
def maintenance(request: Request) -> Response:
    """The entry point."""
    return FUNCTION.handle(request)

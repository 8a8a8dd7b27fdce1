"""Makes what the framework itself would answer in HTML speak problem+json.

It must not know routes. main.py calls it while the framework loads it, once for every app.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import functions_framework
from werkzeug.exceptions import HTTPException

from functions.edge.problems import framework_problem, internal_problem

if TYPE_CHECKING:
    from flask import Response


def speak_problem_json() -> None:
    """Registers the error handlers with the app that is being made."""
    functions_framework.errorhandler(HTTPException)(framework_problem)
    functions_framework.errorhandler(Exception)(_unexpected)


def _unexpected(_: Exception) -> Response:
    return internal_problem()

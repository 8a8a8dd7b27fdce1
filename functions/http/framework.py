"""Makes what the framework itself would answer in HTML speak problem+json.

It must not know routes. main.py calls it while the framework loads it, once for every app.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import flask
import functions_framework
from werkzeug.exceptions import HTTPException, NotFound
from werkzeug.routing import PathConverter

from functions.http.correlation import REQUEST_ID_HEADER, work_of
from functions.http.problems import framework_problem, internal_problem
from functions.http.receiving import leave_unread
from streak_core.telemetry import LogEvent, log
from streak_core.telemetry.context import Work, current, during

if TYPE_CHECKING:
    from flask import Response


# What the framework answers itself, whatever the function.
_FRAMEWORKS_OWN: Final = frozenset({"/robots.txt", "/favicon.ico"})


class _AnyPath(PathConverter):
    """What the framework sends on to the function: also what has a line break in it, or begins with another slash."""

    part_isolating = False
    regex = "(?s:.+?)"


def speak_problem_json() -> None:
    """Registers the error handlers with the app that is being made, and a request id where no function gave one."""
    # Else such a path is not found before anybody asks who calls.
    flask.current_app.url_map.converters["path"] = _AnyPath
    functions_framework.errorhandler(HTTPException)(framework_problem)
    functions_framework.errorhandler(Exception)(_unexpected)
    flask.current_app.before_request(_left_unread)
    flask.current_app.after_request(_identified)
    flask.current_app.after_request(_not_elsewhere)


def _unexpected(error: Exception) -> Response:
    with during(_work()):
        log(LogEvent.REQUEST_FAILED, "the framework failed", error=error)
        return _identified(internal_problem())


def _identified(response: Response) -> Response:
    """What the framework answers itself can be found by an id as well."""
    if REQUEST_ID_HEADER not in response.headers:
        response.headers[REQUEST_ID_HEADER] = (current() or _work()).request_id
    return response


def _left_unread() -> None:
    """Of a body that no function will read: the framework would read it itself, and fail over a broken one."""
    if flask.request.routing_exception or flask.request.path in _FRAMEWORKS_OWN:
        leave_unread(flask.request)


def _not_elsewhere(response: Response) -> Response:
    """An address that the framework would send on, to a host that the request names, is none of ours."""
    return framework_problem(NotFound()) if "Location" in response.headers else response


def _work() -> Work:
    return work_of(flask.current_app.name, flask.request.headers, flask.request.remote_addr)

"""The function `backup`: Cloud Scheduler's call, each hour, that has the database exported once a day.

Handlers parse, call and render; they decide nothing.
"""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Final, assert_never

import functions_framework

from functions.http import runtime
from functions.http.dispatch import ActsFor, Function, Limits, RequestContext, Route
from functions.http.identity import authenticated_operator
from functions.http.rendering import answer
from streak_core.backup import BackupReport, BackupStatus
from streak_core.domain.days import rfc3339

if TYPE_CHECKING:
    from flask import Request, Response


def back_up(context: RequestContext) -> Response:
    """POST /backup."""
    runtime.write_gate().check(None, is_question=False)
    report = runtime.managed_backup().attend(context.now)
    match report.status:
        case BackupStatus.STARTED | BackupStatus.ALREADY_RUNNING:
            return answer(_content(report), HTTPStatus.ACCEPTED)
        case BackupStatus.COMPLETED:
            return answer(_content(report))
        case _:
            assert_never(report.status)


def _content(report: BackupReport) -> dict[str, Any]:
    export = report.export
    return {
        "date": report.day.isoformat(),
        "status": report.status.value,
        "moment": rfc3339(export.snapshot_time),
        "operation": export.operation or None,
        "documents": export.documents,
        "size_bytes": export.size_bytes,
    }


FUNCTION: Final = Function(
    "backup",
    authenticated_operator,
    [Route(method="POST", path="/", handler=back_up)],
    Limits(acts_for=ActsFor.ALL_USERS, wait_seconds_max=None, commands_max=None),
)


@functions_framework.http
def backup(request: Request) -> Response:
    """The entry point."""
    return FUNCTION.handle(request)

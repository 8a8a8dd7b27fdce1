"""The function `backup`: Cloud Scheduler's calls, each hour: an export once a day, and read back once a week.

Handlers parse, call and render; they decide nothing.
"""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Final, assert_never

import functions_framework

from functions.http import jobs, runtime
from functions.http.dispatch import ActsFor, Function, Limits, RequestContext, Route
from functions.http.identity import authenticated_operator
from functions.http.rendering import answer
from streak_core.backup import BackupReport, BackupStatus
from streak_core.backup_drill import DrillReport, DrillStatus
from streak_core.domain.days import rfc3339
from streak_core.store.drills import DrillState

if TYPE_CHECKING:
    from flask import Request, Response


def back_up(context: RequestContext) -> Response:
    """POST /backup."""
    runtime.write_gate().check(None, is_question=False)
    report = jobs.managed_backup().attend(context.now)
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


def verify_backup(context: RequestContext) -> Response:
    """POST /backup/drill."""
    runtime.write_gate().check(None, is_question=False)
    report = jobs.backup_drill().attend(context.now)
    status = HTTPStatus.ACCEPTED if report.status is DrillStatus.RUNNING else HTTPStatus.OK
    return answer(_drill_content(report), status)


def _drill_content(report: DrillReport) -> dict[str, Any]:
    one = report.drill
    return {
        "status": report.status.value,
        "date": one.day if one else None,
        "state": one.state.value if one else None,
        "verified": one is not None and one.state is DrillState.ENDED and one.failure is None,
        "documents": one.documents if one else 0,
        "users": one.users if one else 0,
        "wrong": one.wrong if one else 0,
        "failure": one.failure if one else None,
    }


FUNCTION: Final = Function(
    "backup",
    authenticated_operator,
    [Route(method="POST", path="/", handler=back_up), Route(method="POST", path="/drill", handler=verify_backup)],
    Limits(acts_for=ActsFor.ALL_USERS, wait_seconds_max=None, commands_max=None),
)


@functions_framework.http
def backup(request: Request) -> Response:
    """The entry point."""
    return FUNCTION.handle(request)

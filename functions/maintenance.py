"""The function `maintenance`: Cloud Scheduler's call, and Cloud Tasks' one call a shard where a run is fanned out.

Handlers parse, call and render; they decide nothing.
"""

from __future__ import annotations

import re
import time
from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from typing import TYPE_CHECKING, Annotated, Any, Final, assert_never

import functions_framework
from pydantic import Field, TypeAdapter

from functions.http import parsing, runtime
from functions.http.dispatch import ActsFor, Function, Limits, RequestContext, Route
from functions.http.identity import authenticated_operator
from functions.http.rendering import answer
from functions.http.shutdown import EndListener
from streak_core.domain.errors import FieldError, Malformed
from streak_core.maintenance.report import logged_if_it_fails
from streak_core.store.run_report import FannedOut, RunReport, RunStatus, report_content
from streak_core.store.sharding import SHARDS

if TYPE_CHECKING:
    from flask import Request, Response


_RETRY_AFTER_SECONDS: Final = "1"
_END: Final = EndListener(runtime.STOPPING)
_SHARD: Final = TypeAdapter[int | None](Annotated[int, Field(ge=0, lt=SHARDS)])
_RUN_ID: Final = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", re.ASCII)
_RUN_ID_FORMAT: Final = "%Y-%m-%dT%H:%M:%SZ"
_SCHEDULED: Final = "X-CloudScheduler-ScheduleTime"
# A run is named by its time: one that is not near now is not the one that is meant. Every try of a call comes within a
# day, and two clocks differ by less than five minutes.
_AHEAD_MAX: Final = timedelta(minutes=5)
_BEHIND_MAX: Final = timedelta(days=1)


def run_maintenance(context: RequestContext) -> Response:
    """POST /maintenance."""
    shard = parsing.query(context.request, "shard", _SHARD, None)
    run_id = _run_id(context)
    job = runtime.maintenance()
    with logged_if_it_fails(run_id, shard):
        runtime.schema_gate().check()
        runtime.write_gate().check(None, is_question=False)
    _END.listen()
    if shard is not None:
        return _answer(job.run_shard(run_id, shard, context.now))
    runtime.rights().finish_some()
    begun = time.monotonic()
    result = runtime.fan_out(run_id) or job.run(run_id, context.now)
    runtime.amnesties().judge_some(job, context.now, time.monotonic() - begun)
    runtime.audit_heads().log_some(context.now)
    return _answer(result)


def _run_id(context: RequestContext) -> str:
    """The run that is meant: the one a task names, else that of the scheduled time, else that of this minute."""
    named = parsing.parameter(context.request, "run_id")
    scheduled = context.request.headers.get(_SCHEDULED)
    if named is not None:
        return _near(context.now, "run_id", _named(named))
    if scheduled:
        return _near(context.now, _SCHEDULED, _scheduled(scheduled))
    return context.now.replace(second=0).strftime(_RUN_ID_FORMAT)


def _named(text: str) -> datetime:
    try:
        # `fromisoformat` alone would take many more forms, and the pattern alone days that there are not.
        return datetime.fromisoformat(text if _RUN_ID.fullmatch(text) else "")
    except ValueError as error:
        raise Malformed(FieldError("run_id", "must be the id of a run, such as 2026-03-02T04:10:00Z")) from error


def _scheduled(text: str) -> datetime:
    try:
        return parsing.instant(text).astimezone(UTC)
    except ValueError as error:
        raise Malformed(FieldError(_SCHEDULED, str(error))) from error


def _near(now: datetime, field: str, moment: datetime) -> str:
    """The id of the run of that moment. Raises `Malformed` where no call can mean it now."""
    if not now - _BEHIND_MAX <= moment <= now + _AHEAD_MAX:
        raise Malformed(FieldError(field, "must be at most a day ago, and at most five minutes ahead"))
    return moment.strftime(_RUN_ID_FORMAT)


def _answer(result: RunReport | FannedOut) -> Response:
    """What has become of the run; Cloud Scheduler and Cloud Tasks call again unless it is answered with 2xx."""
    match result.status:
        case RunStatus.SUCCESS | RunStatus.DEGRADED:
            return answer(_content(result))
        case RunStatus.FANNED_OUT:
            return answer(_content(result), HTTPStatus.ACCEPTED)
        case RunStatus.PARTIAL:
            # A run or a shard that is not done is no success: called again, it goes on.
            response = answer(_content(result), HTTPStatus.SERVICE_UNAVAILABLE)
            response.headers["Retry-After"] = _RETRY_AFTER_SECONDS
            return response
        case _:
            assert_never(result.status)


def _content(result: RunReport | FannedOut) -> dict[str, Any]:
    match result:
        case RunReport():
            return report_content(result)
        case FannedOut():
            return {"run_id": result.run_id, "status": result.status.value, "tasks": result.tasks}
        case _:
            assert_never(result)


FUNCTION: Final = Function(
    "maintenance",
    authenticated_operator,
    [Route(method="POST", path="/", handler=run_maintenance, parameters=("shard", "run_id"))],
    Limits(acts_for=ActsFor.ALL_USERS, wait_seconds_max=None, commands_max=None),
)


@functions_framework.http
def maintenance(request: Request) -> Response:
    """The entry point."""
    return FUNCTION.handle(request)

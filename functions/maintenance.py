"""The function `maintenance`: Cloud Scheduler's call, and Cloud Tasks' one call a shard where a run is fanned out.

Handlers parse, call and render; they decide nothing.
"""

from __future__ import annotations

import re
from datetime import UTC
from typing import TYPE_CHECKING, Annotated, Any, Final

import functions_framework
from pydantic import Field, TypeAdapter

from functions.http import parsing, runtime
from functions.http.dispatch import Function, Limits, RequestContext, Route
from functions.http.identity import authenticated_operator
from functions.http.rendering import answer
from functions.http.shutdown import EndListener
from streak_core.domain.errors import FieldError, Malformed
from streak_core.store.sharding import SHARDS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from flask import Request, Response


# What an answer's status says to Cloud Scheduler and Cloud Tasks; everything else is 200.
_STATUSES: Final = {"already_running": 202, "fanned_out": 202}
_SHARD_NOT_DONE: Final = 503
_END: Final = EndListener(runtime.STOPPING)
_SHARD: Final = TypeAdapter[int | None](Annotated[int, Field(ge=0, lt=SHARDS)])
_RUN_ID: Final = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", re.ASCII)
_RUN_ID_FORMAT: Final = "%Y-%m-%dT%H:%M:%SZ"


def run(context: RequestContext) -> Response:
    """POST /maintenance."""
    shard = parsing.query(context.request, "shard", _SHARD, None)
    run_id = _run_id(context)
    job = runtime.maintenance()
    _END.listen()
    if shard is not None:
        return _shard_answer(job.run_shard(run_id, shard, context.now))
    report = runtime.fan_out(run_id) or job.run(run_id, context.now)
    return answer(report, _STATUSES.get(report["status"], 200))


def _run_id(context: RequestContext) -> str:
    """The run that is meant: the one a task names, else that of the scheduled time, else that of this minute."""
    named = parsing.parameter(context.request, "run_id")
    if named is not None and not _RUN_ID.fullmatch(named):
        raise Malformed(FieldError("run_id", "must be the id of a run, such as 2026-03-02T04:10:00Z"))
    scheduled = context.request.headers.get("X-CloudScheduler-ScheduleTime")
    try:
        moment = parsing.instant(scheduled).astimezone(UTC) if scheduled else context.now.replace(second=0)
    except ValueError as error:
        raise Malformed(FieldError("X-CloudScheduler-ScheduleTime", str(error))) from error
    return named or moment.strftime(_RUN_ID_FORMAT)


def _shard_answer(report: Mapping[str, Any]) -> Response:
    """A task whose shard is not done fails, so that the queue sends it again."""
    if report["status"] != "partial":
        return answer(report)
    response = answer(report, _SHARD_NOT_DONE)
    response.headers["Retry-After"] = "1"
    return response


FUNCTION: Final = Function(
    "maintenance",
    authenticated_operator,
    [Route(method="POST", path="/", handler=run)],
    Limits(wait_seconds_max=None, commands_max=None),
)


@functions_framework.http
def maintenance(request: Request) -> Response:
    """The entry point."""
    return FUNCTION.handle(request)

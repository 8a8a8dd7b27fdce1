"""Calls of Cloud Scheduler and Cloud Tasks: which run is meant, and what is answered of it.

It must not know what a run does.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from typing import TYPE_CHECKING, Annotated, Any, Final, assert_never

from pydantic import Field, TypeAdapter

from functions.http import parsing
from functions.http.rendering import answer
from streak_core.domain.errors import FieldError, Malformed
from streak_core.store.run_report import FannedOut, RunReport, RunStatus, report_content
from streak_core.store.sharding import SHARDS

if TYPE_CHECKING:
    from flask import Response

    from functions.http.dispatch import RequestContext

# What a route that runs something knows in its query.
RUN_PARAMETERS: Final = ("shard", "run_id")

_SHARD: Final = TypeAdapter[int | None](Annotated[int, Field(ge=0, lt=SHARDS)])
_RETRY_AFTER_SECONDS: Final = "1"
_RUN_ID: Final = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", re.ASCII)
_RUN_ID_FORMAT: Final = "%Y-%m-%dT%H:%M:%SZ"
_SCHEDULED: Final = "X-CloudScheduler-ScheduleTime"
# A run is named by its time: one that is not near now is not the one that is meant. Every try of a call comes within a
# day, and two clocks differ by less than five minutes.
_AHEAD_MAX: Final = timedelta(minutes=5)
_BEHIND_MAX: Final = timedelta(days=1)


def run_id_of(context: RequestContext) -> str:
    """The run that is meant: the one a task names, else that of the scheduled time, else that of this minute."""
    named = parsing.parameter(context.request, "run_id")
    scheduled = context.request.headers.get(_SCHEDULED)
    if named is not None:
        return _near(context.now, "run_id", _named(named))
    if scheduled:
        return _near(context.now, _SCHEDULED, _scheduled(scheduled))
    return context.now.replace(second=0).strftime(_RUN_ID_FORMAT)


def shard_of(context: RequestContext) -> int | None:
    """The shard that a task is for; None of a call that is for all of them. Raises `Malformed`."""
    return parsing.query(context.request, "shard", _SHARD, None)


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


def run_response(result: RunReport | FannedOut) -> Response:
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

"""The function `maintenance`: Cloud Scheduler's call, and Cloud Tasks' one call a shard where a run is fanned out.

Handlers parse, call and render; they decide nothing.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Annotated, Final

import functions_framework
from pydantic import Field, TypeAdapter

from functions.http import jobs, parsing, runtime
from functions.http.dispatch import ActsFor, Function, Limits, RequestContext, Route
from functions.http.identity import authenticated_operator
from functions.http.runs import run_id_of, run_response
from functions.http.shutdown import EndListener
from streak_core.maintenance.report import logged_if_it_fails
from streak_core.store.sharding import SHARDS

if TYPE_CHECKING:
    from flask import Request, Response


_END: Final = EndListener(runtime.STOPPING)
_SHARD: Final = TypeAdapter[int | None](Annotated[int, Field(ge=0, lt=SHARDS)])


def run_maintenance(context: RequestContext) -> Response:
    """POST /maintenance."""
    shard = parsing.query(context.request, "shard", _SHARD, None)
    run_id = run_id_of(context)
    job = jobs.maintenance()
    with logged_if_it_fails(run_id, shard):
        runtime.schema_gate().check()
        runtime.write_gate().check(None, is_question=False)
    _END.listen()
    if shard is not None:
        return run_response(job.run_shard(run_id, shard, context.now))
    runtime.rights().finish_some()
    begun = time.monotonic()
    result = jobs.fan_out(run_id) or job.run(run_id, context.now)
    runtime.amnesties().judge_some(job, context.now, time.monotonic() - begun)
    runtime.audit_heads().log_some(context.now)
    runtime.recounting().check_some(context.now)
    jobs.placing().place_some(context.now)
    return run_response(result)


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

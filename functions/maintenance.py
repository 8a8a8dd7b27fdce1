"""The function `maintenance`: Cloud Scheduler's call, and Cloud Tasks' one call a shard where a run is fanned out.

Handlers parse, call and render; they decide nothing.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Final

import functions_framework

from functions.http import jobs, runtime
from functions.http.dispatch import ActsFor, Function, Limits, RequestContext, Route
from functions.http.identity import authenticated_operator
from functions.http.runs import RUN_PARAMETERS, run_id_of, run_response, shard_of
from functions.http.shutdown import EndListener
from streak_core.maintenance.report import logged_if_it_fails

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from flask import Request, Response

    from streak_core.maintenance.run import Maintenance


_END: Final = EndListener(runtime.STOPPING)


def run_maintenance(context: RequestContext) -> Response:
    """POST /maintenance."""
    run_id, shard = run_id_of(context), shard_of(context)
    job = jobs.maintenance()
    with logged_if_it_fails(run_id, shard):
        runtime.schema_gate().check()
        runtime.write_gate().check(None, is_question=False)
    _END.listen()
    if shard is not None:
        return run_response(job.run_shard(run_id, shard, context.now))
    runtime.rights().finish_some(jobs.is_closed)
    begun = time.monotonic()
    result = jobs.fan_out(run_id) or job.run(run_id, context.now)
    _go_on(job, context.now, begun)
    return run_response(result)


def _go_on(job: Maintenance, now: datetime, begun: float) -> None:
    """What comes after a run, one after the other; none is begun once documents are restored."""
    parts: tuple[Callable[[], None], ...] = (
        lambda: runtime.amnesties().judge_some(job, now, time.monotonic() - begun),
        lambda: runtime.audit_heads().log_some(now),
        lambda: runtime.recounting(jobs.is_closed).check_some(now),
        lambda: jobs.placing().place_some(now),
    )
    for part in parts:
        if jobs.is_closed():
            return
        part()


FUNCTION: Final = Function(
    "maintenance",
    authenticated_operator,
    [Route(method="POST", path="/", handler=run_maintenance, parameters=RUN_PARAMETERS)],
    Limits(acts_for=ActsFor.ALL_USERS, wait_seconds_max=None, commands_max=None),
)


@functions_framework.http
def maintenance(request: Request) -> Response:
    """The entry point."""
    return FUNCTION.handle(request)

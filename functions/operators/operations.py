"""What operators look at of the jobs: the runs that were begun last, and the backups that are whole.

Handlers parse, call and render; they decide nothing.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final

from functions.http import runtime
from functions.http.dispatch import RequestContext, Route
from functions.http.rendering import query_response
from streak_core.domain.days import rfc3339

if TYPE_CHECKING:
    from flask import Response

    from streak_core.store.backups import BackupRecord
    from streak_core.store.run_documents import StoredRun

# A day of hourly maintenance, with what was judged anew besides.
_RUNS_MAX: Final = 30
_TOLD: Final = ("users_processed", "freezes_applied", "streaks_broken", "errors", "duration_seconds")


def list_runs(context: RequestContext) -> Response:
    """GET /admin/runs."""
    # What is kept of a run ends by real time, whatever is simulated.
    latest = runtime.runs().latest(_RUNS_MAX, datetime.now(UTC))
    return query_response(context.request, {"runs": [_run(run_id, run) for run_id, run in latest]})


def list_backups(context: RequestContext) -> Response:
    """GET /admin/backups."""
    return query_response(context.request, {"backups": [_backup(one) for one in runtime.backups().latest()]})


def _run(run_id: str, run: StoredRun) -> dict[str, Any]:
    report = run.report
    return {
        "run_id": run_id,
        "state": run.state.value,
        "status": report.status.value if report else None,
        "started_at": rfc3339(run.started_at) if run.started_at else None,
        "updated_at": rfc3339(run.updated_at) if run.updated_at else None,
        **{name: getattr(report, name) if report else None for name in _TOLD},
    }


def _backup(one: BackupRecord) -> dict[str, Any]:
    return {
        "moment": rfc3339(one.moment),
        "ended_at": rfc3339(one.ended_at),
        "documents": one.documents,
        "verified": one.is_verified,
    }


ROUTES: Final = (
    Route(method="GET", path="/runs", handler=list_runs),
    Route(method="GET", path="/backups", handler=list_backups),
)

"""What operators look at of the jobs: their last runs, and the backups that are whole.

Handlers parse, call and render; they decide nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

from functions.http import runtime
from functions.http.dispatch import RequestContext, Route
from functions.http.rendering import query_response
from streak_core.domain.days import rfc3339

if TYPE_CHECKING:
    from flask import Response

    from streak_core.store.backups import BackupRecord
    from streak_core.store.run_documents import StoredRun


@dataclass(frozen=True, kw_only=True)
class Job:
    """A job whose runs are listed: what their ids begin with before the time of the run, how far back, and how many."""

    name: str
    prefix: str
    looked_back: timedelta
    runs_max: int

    def ids_from(self, moment: datetime) -> tuple[str, str]:
        """The id of a run of that moment, and one that is behind all of them: after every digit."""
        return f"{self.prefix}{rfc3339(moment)}", f"{self.prefix}:"


# At most 48 of maintenance and 24 of reminders are scheduled by then; the rest is room for those called by hand.
_MAINTENANCE: Final = Job(name="maintenance", prefix="", looked_back=timedelta(days=2), runs_max=200)
_REMINDERS: Final = Job(name="reminders", prefix="reminders-", looked_back=timedelta(hours=2), runs_max=200)
_TOLD: Final = ("users_processed", "freezes_applied", "streaks_broken", "errors", "duration_seconds")


def list_runs(context: RequestContext) -> Response:
    """GET /admin/runs."""
    runs = [run for job in (_MAINTENANCE, _REMINDERS) for run in _runs_of(job, context.now)]
    return query_response(context.request, {"runs": runs})


def _runs_of(job: Job, now: datetime) -> list[dict[str, Any]]:
    # What is kept of a run ends by real time, whatever is simulated.
    named = runtime.runs().named(*job.ids_from(now - job.looked_back), job.runs_max, datetime.now(UTC))
    return [_run(job, run_id, run) for run_id, run in reversed(named)]


def list_backups(context: RequestContext) -> Response:
    """GET /admin/backups."""
    return query_response(context.request, {"backups": [_backup(one) for one in runtime.backups().latest()]})


def _run(job: Job, run_id: str, run: StoredRun) -> dict[str, Any]:
    report = run.report
    return {
        "job": job.name,
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

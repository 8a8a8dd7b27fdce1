"""What operators look at of the jobs: the runs that were begun last and the backups that are whole, as kept."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from google.cloud import firestore

from emulator.token import PROJECT
from streak_core.store.backups import BackupRecord, note_backup
from tests.e2e.client import scheduled

if TYPE_CHECKING:
    from tests.e2e.client import User

LATER = "2026-03-05T09:00:00Z"


def test_the_runs_that_were_begun_last_are_listed_with_what_they_came_to(admin: User, support: User) -> None:
    named = scheduled(LATER)
    report = admin.ask("POST", "/maintenance", at=LATER, headers=named).json()
    (one,) = (run for run in support.get("/admin/runs")["runs"] if run["run_id"] == report["run_id"])
    assert (one["state"], one["status"]) == ("ended", "success")
    told = ("users_processed", "freezes_applied", "streaks_broken", "errors", "duration_seconds")
    assert {name: one[name] for name in told} == {name: report[name] for name in told}
    assert one["started_at"] <= one["updated_at"]
    # Whom a run could not settle is in its report, and in no list.
    assert "unreadable" in report
    assert "unreadable" not in one


def test_a_run_that_goes_on_is_the_first_and_has_no_figures_yet(admin: User) -> None:
    run_doc = firestore.Client(project=PROJECT).document("maintenance_runs/of-now")
    lease = {"owner": "somebody", "lease_until": datetime.now(UTC) + timedelta(seconds=90)}
    run_doc.set({"state": "running", **lease, "started_at": datetime.now(UTC) + timedelta(days=1)})
    first, *rest = admin.get("/admin/runs")["runs"]
    run_doc.delete()
    assert (first["run_id"], first["state"], first["status"], first["errors"]) == ("of-now", "running", None, None)
    assert "of-now" not in {one["run_id"] for one in rest}


def test_backups_that_are_whole_are_listed_and_where_they_lie_is_not(admin: User, support: User) -> None:
    moment = datetime(2026, 3, 2, 2, tzinfo=UTC)
    record = BackupRecord(moment=moment, ended_at=moment + timedelta(hours=1), documents=9, is_verified=True)
    note_backup(firestore.Client(project=PROJECT), record)
    expected = {"moment": "2026-03-02T02:00:00Z", "ended_at": "2026-03-02T03:00:00Z", "documents": 9, "verified": True}
    for reader in (admin, support):
        assert expected in reader.get("/admin/backups")["backups"]


def test_whoever_has_no_role_learns_nothing_of_the_jobs(user: User) -> None:
    for path in ("/admin/runs", "/admin/backups"):
        assert user.refusal("GET", path) == (403, "forbidden")

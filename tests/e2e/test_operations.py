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


def test_the_runs_of_two_days_are_listed_with_what_they_came_to(admin: User, support: User) -> None:
    named = scheduled(LATER)
    report = admin.ask("POST", "/maintenance", at=LATER, headers=named).json()
    (one,) = (run for run in support.get("/admin/runs", at=LATER)["runs"] if run["run_id"] == report["run_id"])
    assert (one["job"], one["state"], one["status"]) == ("maintenance", "ended", "success")
    told = ("users_processed", "freezes_applied", "streaks_broken", "errors", "duration_seconds")
    assert {name: one[name] for name in told} == {name: report[name] for name in told}
    assert one["started_at"] <= one["updated_at"]
    # Whom a run could not settle is in its report, and in no list.
    assert "unreadable" in report
    assert "unreadable" not in one
    days_later = support.get("/admin/runs", at="2026-03-08T09:00:00Z")["runs"]
    assert report["run_id"] not in {run["run_id"] for run in days_later}


def test_the_runs_of_a_job_are_the_latest_first_and_those_of_another_hide_none(admin: User) -> None:
    client = firestore.Client(project=PROJECT)
    lease = {"state": "running", "owner": "somebody", "lease_until": datetime.now(UTC) + timedelta(seconds=90)}
    listed = ["2194-03-05T08:00:00Z", "2194-03-05T07:00:00Z", "reminders-2194-03-05T08:55:00Z"]
    others = ["2194-03-03T08:59:00Z", "reminders-2194-03-05T06:55:00Z", "amnesty-2194"]
    for run_id in (*listed, *others):
        client.document(f"maintenance_runs/{run_id}").set(lease)
    runs = admin.get("/admin/runs", at="2194-03-05T09:00:00Z")["runs"]
    for run_id in (*listed, *others):
        client.document(f"maintenance_runs/{run_id}").delete()
    assert [run["run_id"] for run in runs] == listed
    assert [run["job"] for run in runs] == ["maintenance", "maintenance", "reminders"]
    # One that goes on has no figures yet.
    assert {(run["state"], run["status"], run["errors"], run["started_at"]) for run in runs} == {
        ("running", None, None, None)
    }


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

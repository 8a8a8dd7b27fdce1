"""The job over HTTP: who may call it, and what it reports."""

from __future__ import annotations

import random
import time
import uuid
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from google.cloud import firestore

from emulator.token import PROJECT, unsigned_token
from tests.e2e.client import User, problem, scheduled, wrong_fields
from tests.e2e.one_function import OneFunction
from tests.support.population import due_population
from tests.support.unkept import HTTP

if TYPE_CHECKING:
    from emulator.firestore import FirestoreEmulator

REPORT = (
    "run_id, status, stopped_by, shards_unfinished, users_processed, freezes_applied, streaks_broken, errors, "
    "transaction_retries, "
    "duration_seconds, users_per_second, peak_memory_mib, oldest_overdue_seconds, timestamp, "
    "documents_read, documents_written, unreadable"
)
LATER = "2026-03-05T09:00:00Z"


def run(admin: User, header: dict[str, str] | None = None) -> dict[str, Any]:
    """A run at LATER."""
    answer = admin.ask("POST", "/maintenance", at=LATER, headers=header or scheduled(LATER))
    assert answer.status_code == 200, answer.text
    report: dict[str, Any] = answer.json()
    return report


def test_an_admin_gets_the_whole_report(user: User, admin: User) -> None:
    user.earn(1)
    named = scheduled(LATER)
    report = run(admin, named)
    assert list(report) == REPORT.split(", ")
    assert report["status"] == "success"
    assert report["timestamp"] == LATER
    assert report["run_id"] == named["X-CloudScheduler-ScheduleTime"]
    assert report["users_processed"] >= 1
    assert report["freezes_applied"] >= 1
    assert report["streaks_broken"] >= 1
    assert report["oldest_overdue_seconds"] >= 29 * 3600


def test_a_second_run_finds_nothing_to_do(user: User, admin: User) -> None:
    user.record()
    run(admin)
    report = run(admin)
    assert (report["users_processed"], report["streaks_broken"], report["freezes_applied"]) == (0, 0, 0)
    assert report["oldest_overdue_seconds"] == 0


def test_it_changes_no_answer(user: User, admin: User) -> None:
    user.earn(1)
    paths = ("/streak", "/calendar", "/consistency", "/streak/events", "/streak/explain", "/streak/settings")
    before = [user.get(path, at=LATER) for path in paths]
    run(admin)
    assert [user.get(path, at=LATER) for path in paths] == before


def test_a_plain_user_may_not_call_it(user: User) -> None:
    assert user.refusal("POST", "/maintenance") == (403, "forbidden")


def test_without_a_token_it_asks_for_one(user: User) -> None:
    for header in ("", "Bearer", "Basic abc"):
        assert problem(user.ask("POST", "/maintenance", headers={"Authorization": header}))[0] == 401


def test_it_is_only_ever_posted(admin: User) -> None:
    answer = admin.ask("GET", "/maintenance")
    assert problem(answer) == (405, "method_not_allowed")
    assert answer.headers["Allow"] == "POST"


def test_a_body_is_ignored(admin: User) -> None:
    assert admin.send("POST", "/maintenance", b"anything at all", at=LATER).status_code == 200


def test_a_run_that_has_ended_answers_its_report_again(user: User, admin: User) -> None:
    named = scheduled(LATER)
    first = run(admin, named)
    user.record()
    assert run(admin, named) == first
    assert run(admin)["users_processed"] >= 1


def test_without_a_schedule_the_minute_names_the_run(admin: User) -> None:
    minute = datetime(2040, 1, 1, tzinfo=UTC) + timedelta(minutes=random.randrange(10**6))  # noqa: S311 - no secret
    at = f"{minute:%Y-%m-%dT%H:%M}:42Z"
    answer = admin.do("POST", "/maintenance", at=at)
    assert answer["run_id"] == f"{at[:16]}:00Z"


def test_a_task_settles_its_shard_and_no_other(user: User, admin: User) -> None:
    user.record()
    named = next(iter(scheduled(LATER).values()))
    reports = [admin.ask("POST", "/maintenance", at=LATER, shard=shard, run_id=named).json() for shard in (0, 63)]
    assert [(report["shard"], report["run_id"], report["status"]) for report in reports] == [
        (0, named, "success"),
        (63, named, "success"),
    ]


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ({"shard": "64"}, "shard"),
        ({"shard": "99"}, "shard"),
        ({"shard": "x"}, "shard"),
        ({"shard": "-1"}, "shard"),
        ({"shard": "1", "run_id": "tonight"}, "run_id"),
        ({"run_id": "2026-03-04T05:00:00Z/shards/07"}, "run_id"),
        ({"run_id": "2026-02-31T05:00:00Z"}, "run_id"),
        ({"run_id": "2026-03-05T24:00:00Z"}, "run_id"),
        ({"run_id": "2026-3-5T05:00:00Z"}, "run_id"),
    ],
)
def test_a_shard_or_run_that_cannot_be_is_refused(admin: User, query: dict[str, Any], field: str) -> None:
    assert wrong_fields(admin.ask("POST", "/maintenance", **query)) == [field]


@pytest.mark.parametrize(
    ("moment", "is_taken"),
    [
        ("2026-03-05T09:05:00Z", True),
        ("2026-03-05T09:05:01Z", False),
        ("2026-03-12T09:00:00Z", False),
        ("2026-03-04T09:00:00Z", True),
        ("2026-03-04T08:59:59Z", False),
        ("9999-12-31T23:59:59Z", False),
    ],
)
def test_a_run_is_one_of_now_however_it_is_named(admin: User, moment: str, *, is_taken: bool) -> None:
    header = {"X-CloudScheduler-ScheduleTime": moment}
    by_header = admin.ask("POST", "/maintenance", at=LATER, headers=header)
    by_name = admin.ask("POST", "/maintenance", at=LATER, shard=5, run_id=moment)
    if is_taken:
        assert [by_header.json()["run_id"], by_name.json()["run_id"]] == [moment, moment]
    else:
        assert wrong_fields(by_header) == ["X-CloudScheduler-ScheduleTime"]
        assert wrong_fields(by_name) == ["run_id"]


def test_while_another_call_is_at_a_run_nobody_is_told_that_it_is_done(admin: User, user: User) -> None:
    user.record()
    named = scheduled(LATER)
    run_doc = firestore.Client(project=PROJECT).document(f"maintenance_runs/{next(iter(named.values()))}")
    run_doc.set({"state": "running", "owner": "dead", "lease_until": datetime.now(UTC) + timedelta(seconds=90)})
    told = admin.ask("POST", "/maintenance", at=LATER, headers=named)
    assert problem(told) == (503, "already_running")
    assert 80 <= int(told.headers["Retry-After"]) <= 90
    run_doc.update({"lease_until": datetime.now(UTC)})
    assert run(admin, named)["users_processed"] >= 1


def test_a_scheduled_time_that_is_none_is_refused(admin: User) -> None:
    answer = admin.ask("POST", "/maintenance", headers={"X-CloudScheduler-ScheduleTime": "tonight"})
    assert wrong_fields(answer) == ["X-CloudScheduler-ScheduleTime"]


def test_a_function_that_is_told_to_end_stops_its_run_in_order(emulator: FirestoreEmulator) -> None:
    database = f"stopping-{uuid.uuid4().hex[:8]}"
    client = firestore.Client(project=PROJECT, database=database)
    due_population(client, 1_500)
    own = {
        "FIRESTORE_EMULATOR_HOST": emulator.host,
        "FIREBASE_AUTH_EMULATOR_HOST": "127.0.0.1:9099",
        "FIRESTORE_DATABASE": database,
        "MAINTENANCE_THREADS": "1",
        "MAINTENANCE_BATCH_USERS": "1",
    }
    headers = {"Authorization": f"Bearer {unsigned_token('ops', admin=True)}", "X-Simulated-Time": LATER}
    with OneFunction("maintenance", own) as function, ThreadPoolExecutor(1) as pool:
        assert function.starts()
        called = pool.submit(HTTP.post, f"{function.url}/maintenance", headers=headers, timeout=60)
        wait_for_progress(client)
        function.terminate()
        answer = called.result()
    report = answer.json()
    assert (report["status"], report["stopped_by"], answer.status_code) == ("partial", "shutdown", 503)
    assert answer.headers["Retry-After"] == "1"
    assert 0 < report["users_processed"] < 1_500
    left = [one for one in client.collection("streaks").stream() if (one.to_dict() or {})["expires_at"]]
    assert len(left) == 1_500 - report["users_processed"]


def wait_for_progress(client: firestore.Client) -> None:
    """Until the run has written something."""
    for _ in range(600):
        if next(client.collection_group("shards").limit(1).stream(), None):
            return
        time.sleep(0.05)
    pytest.fail("the run does not begin")

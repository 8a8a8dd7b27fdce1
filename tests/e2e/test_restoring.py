"""While what is stored is restored, every function says so and when to come again, and health goes on answering."""

from __future__ import annotations

import time
import uuid
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import httpx
from google.cloud import firestore

from emulator.firestore import HOST_VARIABLE
from emulator.port import HOST, free_port
from emulator.token import PROJECT, unsigned_token
from streak_core.store.write_lease import WriteLease, WriteLeases
from streak_core.write_gate import KNOWN_SECONDS
from testing import contract
from tests.e2e.one_function import OneFunction
from tests.support.unkept import HTTP

if TYPE_CHECKING:
    from emulator.firestore import FirestoreEmulator

AUTH = {"FIREBASE_AUTH_EMULATOR_HOST": f"{HOST}:9099"}
NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
PATIENCE_SECONDS = 8 * KNOWN_SECONDS


def bearer(uid: str, *, admin: bool = False) -> dict[str, str]:
    return {"Authorization": f"Bearer {unsigned_token(uid, admin=admin)}"}


def asked(function: OneFunction, method: str, path: str, uid: str = "ada", body: Any = None) -> httpx.Response:
    headers = bearer(uid, admin=uid == "ops")
    answer = HTTP.request(method, f"{function.url}{path}", headers=headers, json=body, timeout=30)
    contract.check_answer(method, path, answer)
    return answer


def settled(function: OneFunction, method: str, path: str, status: int, uid: str = "ada") -> httpx.Response:
    """The first answer of that status, once what was known of the lease is known no more."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while (answer := asked(function, method, path, uid)).status_code != status:
        assert time.monotonic() < deadline, answer.text
        time.sleep(0.5)
    return answer


def test_a_lease_closes_streak_for_whom_it_concerns_until_it_is_given_back(emulator: FirestoreEmulator) -> None:
    database = f"restoring-{uuid.uuid4().hex[:8]}"
    leases = WriteLeases(firestore.Client(project=PROJECT, database=database))
    own = {HOST_VARIABLE: emulator.host, "FIRESTORE_DATABASE": database, **AUTH}
    leases.take(WriteLease(reason="restoring", taken_at=NOW, user_ids=("ada",)), NOW)
    with OneFunction("streak", own) as function:
        assert function.starts(), function.output()
        answer = settled(function, "POST", "/streak/update", 503)
        assert answer.json()["code"] == "restoring"
        assert answer.headers["Retry-After"] == "30"
        assert asked(function, "GET", "/streak").json()["code"] == "restoring"
        assert asked(function, "POST", "/streak/update", "eve").is_success
        leases.give_back(None, NOW)
        assert settled(function, "POST", "/streak/update", 201).json()["streak"]["current_streak"] == 1


def test_what_is_closed_for_writing_is_read_but_not_exported_which_is_told_in_the_trail(
    emulator: FirestoreEmulator,
) -> None:
    database = f"restoring-{uuid.uuid4().hex[:8]}"
    leases = WriteLeases(firestore.Client(project=PROJECT, database=database))
    own = {HOST_VARIABLE: emulator.host, "FIRESTORE_DATABASE": database, **AUTH}
    leases.take(WriteLease(reason="closed", taken_at=NOW, is_readable=True), NOW)
    with OneFunction("streak", own) as function:
        assert function.starts(), function.output()
        settled(function, "POST", "/streak/update", 503)
        assert asked(function, "GET", "/streak").is_success
        assert asked(function, "GET", "/streak/export").json()["code"] == "restoring"


def test_a_lease_closes_what_operators_do_for_whom_it_concerns_and_nobody_else(emulator: FirestoreEmulator) -> None:
    database = f"restoring-{uuid.uuid4().hex[:8]}"
    leases = WriteLeases(firestore.Client(project=PROJECT, database=database))
    own = {HOST_VARIABLE: emulator.host, "FIRESTORE_DATABASE": database, **AUTH}
    grant, users = {"count": 1, "reason": "the app was down"}, ["ada", "eve"]
    moved = {"time_zone": "UTC", "current_streak": 0, "longest_streak": 0}
    bodies = {
        "/admin/grants": {**grant, "user_ids": users},
        "/admin/activities:batch": {"activities": [{"activity_type": "check_in", "user_id": one} for one in users]},
        "/admin/import": {"reason": "moved", "users": [{**moved, "user_id": one} for one in ("ada", "new")]},
    }
    leases.take(WriteLease(reason="restoring", taken_at=NOW, user_ids=("ada", "ops")), NOW)
    with OneFunction("admin", own) as function:
        assert function.starts(), function.output()
        settled(function, "GET", "/admin/users/ada/streak", 503, "ops")
        answer = asked(function, "POST", "/admin/users/ada/grants", "ops", grant)
        assert (answer.json()["code"], answer.headers["Retry-After"]) == ("restoring", "30")
        assert asked(function, "POST", "/admin/users/eve/grants", "ops", grant).is_success
        for path, body in bodies.items():
            closed, opened = asked(function, "POST", path, "ops", body).json()["results"]
            assert closed["problem"]["code"] == "restoring", path
            assert "problem" not in opened, path
        leases.give_back(None, NOW)
        leases.take(WriteLease(reason="restoring", taken_at=NOW), NOW)
        assert settled(function, "GET", "/admin/users/eve/streak", 503, "ops").json()["code"] == "restoring"
        assert asked(function, "GET", "/admin/policies", "ops").json()["code"] == "restoring"


def test_a_lease_closes_the_job_and_not_health(emulator: FirestoreEmulator) -> None:
    database = f"restoring-{uuid.uuid4().hex[:8]}"
    leases = WriteLeases(firestore.Client(project=PROJECT, database=database))
    own = {HOST_VARIABLE: emulator.host, "FIRESTORE_DATABASE": database, **AUTH}
    leases.take(WriteLease(reason="restoring", taken_at=NOW), NOW)
    with OneFunction("maintenance", own) as job, OneFunction("health", own) as health:
        assert job.starts(), job.output()
        assert health.starts(), health.output()
        answer = settled(job, "POST", "/maintenance", 503, "ops")
        assert answer.json()["code"] == "restoring"
        assert settled(health, "GET", "/health/database", 200).json()["status"] == "healthy"


def test_a_job_that_can_not_ask_whether_it_is_closed_says_that_it_could_do_nothing() -> None:
    with OneFunction("maintenance", {HOST_VARIABLE: f"127.0.0.1:{free_port()}", **AUTH}) as job:
        assert job.starts(), job.output()
        answer = asked(job, "POST", "/maintenance", "ops")
        assert (answer.status_code, answer.json()["code"]) == (503, "database_unavailable")
        assert "maintenance_failed" in job.output()

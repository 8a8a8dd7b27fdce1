"""The function `backup` over HTTP, with a stand-in of Firestore's admin API, and without any."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import httpx
import pytest
from google.cloud import firestore

from emulator.firestore import HOST_VARIABLE
from emulator.server import AUTH_EMULATOR_HOST
from emulator.token import PROJECT, unsigned_token
from streak_core.store.write_lease import WriteLease, WriteLeases
from testing.contract import check_answer
from testing.stand_in_admin import StandInAdmin, listening_admin
from tests.e2e.one_function import OneFunction
from tests.support.unkept import HTTP

if TYPE_CHECKING:
    from collections.abc import Iterator

    from emulator.firestore import FirestoreEmulator

TWO = datetime(2026, 3, 2, 2, tzinfo=UTC)


@pytest.fixture
def database() -> str:
    return f"backup-{uuid.uuid4().hex[:8]}"


@pytest.fixture
def admin() -> StandInAdmin:
    return StandInAdmin(lambda: TWO + timedelta(minutes=30))


@pytest.fixture
def prefix() -> str:
    """What stands before the names of collections."""
    return ""


@pytest.fixture
def function(emulator: FirestoreEmulator, database: str, prefix: str, admin: StandInAdmin) -> Iterator[OneFunction]:
    with listening_admin(admin) as host:
        own = {
            HOST_VARIABLE: emulator.host,
            "FIREBASE_AUTH_EMULATOR_HOST": AUTH_EMULATOR_HOST,
            "FIRESTORE_DATABASE": database,
            "FIRESTORE_ADMIN_EMULATOR_HOST": host,
            "BACKUP_BUCKET": "unbroken-backups",
            "STREAK_COLLECTION_PREFIX": prefix,
        }
        with OneFunction("backup", own) as process:
            assert process.starts(), process.output()
            yield process


def called(function: OneFunction, *, path: str = "/backup", admin: bool = True, minutes: int = 0) -> httpx.Response:
    headers = {
        "Authorization": f"Bearer {unsigned_token('ops', admin=admin)}",
        "X-Simulated-Time": (TWO + timedelta(minutes=minutes)).isoformat(),
    }
    answer = HTTP.post(f"{function.url}{path}", headers=headers, timeout=60)
    check_answer("POST", path, answer)
    return answer


def test_a_day_s_export_is_begun_once_and_told_until_it_is_whole(function: OneFunction, admin: StandInAdmin) -> None:
    begun = called(function)
    assert (begun.status_code, begun.json()["status"]) == (202, "started")
    doubled = called(function, minutes=1)
    assert (doubled.status_code, doubled.json()["status"]) == (202, "already_running")
    (export,) = admin.exports.values()
    export.is_done, export.documents = True, 3
    done = called(function, minutes=2)
    assert done.status_code == 200
    assert done.json() == {
        "date": "2026-03-02",
        "status": "completed",
        "moment": "2026-03-02T02:00:00Z",
        "operation": next(iter(admin.exports)),
        "documents": 3,
        "size_bytes": 300,
    }
    assert len(admin.exports) == 1
    assert not export.request.collection_ids


def test_once_a_week_an_export_is_read_back_and_told_until_it_is_verified(
    function: OneFunction, admin: StandInAdmin, database: str
) -> None:
    drill = "/backup/drill"
    nothing = called(function, path=drill)
    assert (nothing.status_code, nothing.json()["status"], nothing.json()["date"]) == (200, "idle", None)
    called(function)
    (export,) = admin.exports.values()
    export.is_done = True
    called(function, minutes=1)
    running = called(function, path=drill, minutes=2)
    assert (running.status_code, running.json()["state"], running.json()["verified"]) == (202, "filling", False)
    (name,) = admin.databases
    assert name.startswith(f"projects/{PROJECT}/databases/verify-20260302-")
    (read_in,) = admin.imports.values()
    read_in.is_done = True
    ended = called(function, path=drill, minutes=3)
    assert ended.status_code == 200
    assert ended.json() == {
        "status": "ended",
        "date": "2026-03-02",
        "state": "ended",
        "verified": True,
        "documents": 0,
        "users": 0,
        "wrong": 0,
        "failure": None,
    }
    assert not admin.databases
    kept = firestore.Client(project=PROJECT, database=database).document("backups/2026-03-02").get()
    assert (kept.to_dict() or {})["is_verified"] is True
    assert called(function, path=drill, minutes=4).json()["status"] == "idle"


@pytest.mark.parametrize("prefix", ["unbroken_"])
def test_beside_another_app_all_is_exported_that_an_answer_depends_on(
    function: OneFunction, admin: StandInAdmin
) -> None:
    assert called(function).status_code == 202
    (export,) = admin.exports.values()
    of_users = (
        "streaks",
        "ledger",
        "events",
        "months",
        "profiles",
        "shares",
        "notices",
        "outbox",
        "leaderboard_entries",
    )
    of_records = ("records", "audit", "keys", "conversations", "messages", "usage", "ideas", "app_records")
    kept = (
        *of_users,
        *of_records,
        "friend_pairs",
        "friend_invitations",
        "trails",
        "counters",
        "policies",
        "amnesties",
        "migrations",
        "leaderboard_standings",
    )
    assert list(export.request.collection_ids) == [f"unbroken_{name}" for name in kept]


def test_the_scheduler_and_admins_alone_have_the_database_exported(function: OneFunction, admin: StandInAdmin) -> None:
    for path in ("/backup", "/backup/drill"):
        assert HTTP.post(f"{function.url}{path}", timeout=60).status_code == 401
        assert called(function, path=path, admin=False).status_code == 403
    assert (admin.exports, admin.databases) == ({}, {})


def test_nothing_is_exported_while_something_is_restored(
    function: OneFunction, admin: StandInAdmin, database: str
) -> None:
    leases = WriteLeases(firestore.Client(project=PROJECT, database=database))
    leases.take(WriteLease(reason="restoring", taken_at=TWO), TWO)
    for path in ("/backup", "/backup/drill"):
        refused = called(function, path=path)
        assert (refused.status_code, refused.json()["code"]) == (503, "restoring")
    assert not admin.exports

"""The day's export with Google's own client against a stand-in of its API, and the records on the emulator."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from typing import TYPE_CHECKING

import grpc
import pytest
from google.rpc.code_pb2 import Code  # type: ignore[import-untyped]

from streak_core.backup import STARTING_MAX, BackupFailed, BackupReport, BackupStatus, ManagedBackup
from streak_core.config.backup import BackupRules
from streak_core.store.backups import BackupRecord, BackupStore, ExportState, note_backup
from streak_core.store.firestore_admin import BackupUnavailable, Exported, FirestoreAdmin
from streak_core.store.health import DatabaseProbe
from testing.logged import Logged
from testing.stand_in_admin import StandInAdmin, listening_admin

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.support.recorded_client import RecordedClient

TWO = datetime(2026, 3, 2, 2, 0, 7, tzinfo=UTC)
HOUR = timedelta(hours=1)
RULES = BackupRules(at=time(2), bucket="unbroken-backups")


class Clock:
    """What time the stand-in has."""

    now = TWO


def exported(host: str) -> Exported:
    return Exported(project="demo-p", database="(default)", bucket="unbroken-backups", emulator_host=host)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def admin(clock: Clock) -> StandInAdmin:
    return StandInAdmin(lambda: clock.now)


@pytest.fixture
def job(client: RecordedClient, admin: StandInAdmin) -> Iterator[ManagedBackup]:
    with listening_admin(admin) as host:
        yield ManagedBackup(BackupStore(client), FirestoreAdmin(exported(host)), RULES)


def called(job: ManagedBackup, clock: Clock, at: datetime) -> BackupReport:
    clock.now = at
    return job.attend(at)


def end(admin: StandInAdmin, *, failure: int = 0) -> None:
    """The export that was begun last ends."""
    last = list(admin.exports.values())[-1]
    last.is_done, last.documents, last.failure = True, 1_234, failure


def test_the_day_s_export_is_begun_once_of_its_minute_and_looked_up_until_it_is_done(
    client: RecordedClient, job: ManagedBackup, admin: StandInAdmin, clock: Clock
) -> None:
    begun = called(job, clock, TWO)
    assert begun.status is BackupStatus.STARTED
    (name, export), *_ = admin.exports.items()
    assert export.request.name == "projects/demo-p/databases/(default)"
    assert not export.request.collection_ids
    assert export.request.output_uri_prefix.startswith("gs://unbroken-backups/2026-03-02/")
    assert export.request.snapshot_time == TWO.replace(second=0)
    export.documents = 12
    doubled = called(job, clock, TWO + timedelta(seconds=3))
    assert (doubled.status, doubled.export.operation, doubled.export.documents) == (
        BackupStatus.ALREADY_RUNNING,
        name,
        12,
    )
    assert DatabaseProbe(lambda: client).last_backup() is None, "what runs is no backup yet"
    end(admin)
    done = called(job, clock, TWO + HOUR)
    assert (done.status, done.export.documents, done.export.size_bytes) == (BackupStatus.COMPLETED, 1_234, 123_400)
    assert called(job, clock, TWO + 23 * HOUR).status is BackupStatus.COMPLETED
    assert len(admin.exports) == 1
    kept = client.document("backups/2026-03-02").get().to_dict() or {}
    assert (kept["operation"], kept["state"], kept["documents"]) == (name, "completed", 1_234)
    assert called(job, clock, TWO + 24 * HOUR).status is BackupStatus.STARTED


def test_beside_another_app_the_collections_that_are_named_are_exported(admin: StandInAdmin) -> None:
    with listening_admin(admin) as host:
        ours = FirestoreAdmin(replace(exported(host), database="unbroken", collections=["ub_streaks", "ub_ledger"]))
        asked = admin.exports[ours.begin(TWO.replace(second=0), "2026-03-02/x")].request
    assert (asked.name, list(asked.collection_ids)) == (
        "projects/demo-p/databases/unbroken",
        ["ub_streaks", "ub_ledger"],
    )


def test_of_calls_at_the_same_moment_one_begins_the_export(
    job: ManagedBackup, admin: StandInAdmin, clock: Clock
) -> None:
    clock.now = TWO
    with ThreadPoolExecutor(4) as pool:
        statuses = [one.status for one in pool.map(lambda _: job.attend(TWO), range(4))]
    assert sorted(statuses) == [BackupStatus.ALREADY_RUNNING] * 3 + [BackupStatus.STARTED]
    assert len(admin.exports) == 1


@pytest.mark.parametrize("failure", [Code.PERMISSION_DENIED, Code.CANCELLED])
def test_an_export_that_failed_is_named_and_begun_again_by_the_next_call(
    job: ManagedBackup, admin: StandInAdmin, clock: Clock, failure: int
) -> None:
    called(job, clock, TWO)
    end(admin, failure=failure)
    with pytest.raises(BackupFailed, match=Code.Name(failure)):
        called(job, clock, TWO + HOUR)
    assert called(job, clock, TWO + HOUR).status is BackupStatus.STARTED
    places = {one.request.output_uri_prefix for one in admin.exports.values()}
    assert len(places) == 2, "Google writes into no place that is taken"


def test_an_operation_that_google_does_not_know_has_failed(
    job: ManagedBackup, admin: StandInAdmin, clock: Clock
) -> None:
    called(job, clock, TWO)
    admin.exports.clear()
    with pytest.raises(BackupFailed, match="NOT_FOUND"):
        called(job, clock, TWO + HOUR)


@pytest.mark.parametrize("refusal", [grpc.StatusCode.PERMISSION_DENIED, grpc.StatusCode.UNIMPLEMENTED])
def test_an_export_that_google_refuses_is_asked_for_again_by_the_next_call(
    job: ManagedBackup, admin: StandInAdmin, clock: Clock, refusal: grpc.StatusCode
) -> None:
    admin.refusal = refusal
    with Logged() as logged, pytest.raises(BackupUnavailable):
        called(job, clock, TWO)
    assert [line["reason"] for line in logged.of("firestore_error")] == [refusal.name]
    assert not admin.exports
    admin.refusal = None
    assert called(job, clock, TWO + timedelta(minutes=1)).status is BackupStatus.STARTED


def test_a_call_that_died_before_it_asked_is_waited_for_five_minutes(
    client: RecordedClient, job: ManagedBackup, admin: StandInAdmin, clock: Clock
) -> None:
    called(job, clock, TWO)
    client.document("backups/2026-03-02").update({"state": ExportState.STARTING.value, "operation": ""})
    assert called(job, clock, TWO + STARTING_MAX).status is BackupStatus.ALREADY_RUNNING
    assert called(job, clock, TWO + STARTING_MAX + timedelta(seconds=1)).status is BackupStatus.STARTED
    assert len(admin.exports) == 2


def standing(logged: Logged) -> list[tuple[object, object]]:
    return [(line["standing"], line["proof"]) for line in logged.of("backup_checked")]


def test_each_call_says_whether_a_backup_is_missing_or_was_read_back_by_nobody(
    client: RecordedClient, job: ManagedBackup, admin: StandInAdmin, clock: Clock
) -> None:
    with Logged() as logged:
        called(job, clock, TWO)
    assert standing(logged) == [("recent", "unverified")], "the very first one takes its time"
    end(admin)
    called(job, clock, TWO + HOUR)
    note_backup(client, BackupRecord(moment=TWO - HOUR, ended_at=TWO, documents=9, is_verified=True))
    admin.refusal = grpc.StatusCode.PERMISSION_DENIED
    moments = {
        TWO + timedelta(hours=25, minutes=59): ("recent", "verified"),
        TWO + timedelta(hours=26): ("missing", "verified"),
        TWO + timedelta(days=8): ("missing", "unverified"),
    }
    for at, expected in moments.items():
        with Logged() as logged, pytest.raises(BackupUnavailable):
            called(job, clock, at)
        assert standing(logged) == [expected]


def test_health_tells_the_latest_of_both_kinds(
    client: RecordedClient, job: ManagedBackup, admin: StandInAdmin, clock: Clock
) -> None:
    copy = BackupRecord(moment=TWO - HOUR, ended_at=TWO, documents=9, is_verified=True)
    note_backup(client, copy)
    called(job, clock, TWO)
    probe = DatabaseProbe(lambda: client)
    assert probe.last_backup() == copy
    end(admin)
    called(job, clock, TWO + HOUR)
    assert probe.last_backup() == BackupRecord(
        moment=TWO.replace(second=0), ended_at=TWO + HOUR, documents=1_234, is_verified=False
    )
    later = BackupRecord(moment=TWO + HOUR, ended_at=TWO + HOUR, documents=9, is_verified=True)
    note_backup(client, later)
    assert probe.last_backup() == later

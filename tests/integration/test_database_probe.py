"""The probe against a real database, and against one that refuses: each step once, and with a short deadline."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import grpc
import pytest
from google.cloud import firestore

from emulator.firestore import HOST_VARIABLE
from streak_core.store.backups import BackupRecord, note_backup
from streak_core.store.health import CHECKS, TIMEOUT_SECONDS, DatabaseProbe, DatabaseTrouble, Trouble
from streak_core.store.tombstones import tombstone_document
from tests.support.recorded_client import RecordedClient, Recorder
from tests.support.refusing_firestore import refusing

STEPS: dict[str, tuple[Callable[[DatabaseProbe], object], str, float]] = {
    "read": (lambda probe: probe.read(), "BatchGetDocuments", TIMEOUT_SECONDS),
    "users": (lambda probe: probe.users(), "RunAggregationQuery", TIMEOUT_SECONDS),
    "migrated_to": (lambda probe: probe.migrated_to(), "RunQuery", TIMEOUT_SECONDS),
    "last_backup": (lambda probe: probe.last_backup(), "RunQuery", TIMEOUT_SECONDS),
    "write": (lambda probe: probe.write("a"), "Commit", TIMEOUT_SECONDS),
    "delete": (lambda probe: probe.delete("a"), "Commit", TIMEOUT_SECONDS),
}


def test_what_it_writes_it_deletes_and_deleting_what_is_gone_is_fine(client: RecordedClient) -> None:
    probe = DatabaseProbe(lambda: client)
    probe.read()
    probe.write("a")
    assert [one.id for one in client.collection(CHECKS).stream()] == ["a"]
    probe.delete("a")
    probe.delete("a")
    assert list(client.collections()) == []


def test_it_writes_over_nothing(client: RecordedClient) -> None:
    probe = DatabaseProbe(lambda: client)
    probe.write("a")
    with pytest.raises(DatabaseTrouble) as refused:
        probe.write("a")
    assert refused.value.trouble is Trouble.OTHER


def test_the_last_backup_is_that_of_the_latest_moment(client: RecordedClient) -> None:
    probe = DatabaseProbe(lambda: client)
    assert probe.last_backup() is None
    at = datetime(2026, 3, 2, 2, tzinfo=UTC)
    records = [
        BackupRecord(moment=at - timedelta(days=days), ended_at=at, documents=days, is_verified=bool(days))
        for days in (1, 0, 2)
    ]
    for record in (*records, *records):
        note_backup(client, record)
    assert probe.last_backup() == records[1]
    assert len(list(client.collection("backups").stream())) == 3


def test_users_are_counted_and_not_read(client: RecordedClient, recorder: Recorder) -> None:
    for number in range(3):
        client.collection("streaks").document(f"u{number}").set({"n": number})
    client.collection("streaks").document("erased").set(tombstone_document(datetime.now(UTC)))
    recorder.calls.clear()
    assert DatabaseProbe(lambda: client).users() == 3
    assert recorder.methods() == ["RunAggregationQuery"] * 2
    limits = [request.structured_aggregation_query.structured_query.limit for _, request in recorder.calls]
    assert limits == [1_000_000] * 2


@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize(
    ("status", "trouble"),
    [
        (grpc.StatusCode.UNAVAILABLE, Trouble.SILENT),
        (grpc.StatusCode.DEADLINE_EXCEEDED, Trouble.SILENT),
        (grpc.StatusCode.NOT_FOUND, Trouble.MISSING),
        (grpc.StatusCode.PERMISSION_DENIED, Trouble.FORBIDDEN),
        (grpc.StatusCode.UNAUTHENTICATED, Trouble.NO_CREDENTIALS),
        (grpc.StatusCode.RESOURCE_EXHAUSTED, Trouble.OTHER),
        (grpc.StatusCode.INTERNAL, Trouble.OTHER),
    ],
)
def test_each_step_is_sent_once_with_a_short_deadline_and_says_why_it_failed(
    monkeypatch: pytest.MonkeyPatch, step: str, status: grpc.StatusCode, trouble: Trouble
) -> None:
    call, method, seconds = STEPS[step]
    with refusing(status) as (host, refuser):
        monkeypatch.setenv(HOST_VARIABLE, host)
        probe = DatabaseProbe(lambda: firestore.Client(project="demo-refused"))
        with pytest.raises(DatabaseTrouble) as refused:
            call(probe)
    assert refused.value.trouble is trouble
    ((name, remaining),) = refuser.calls
    assert name == method
    # A deadline travels in rounded steps.
    assert remaining < seconds + 0.5

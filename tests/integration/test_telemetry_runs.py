"""What a run tells of itself in the log, however it ends."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from google.api_core import exceptions

from streak_core.config.maintenance import MaintenanceRules
from streak_core.domain.errors import DatabaseUnavailable
from streak_core.maintenance.run import Maintenance
from streak_core.maintenance.tasks import QueueUnavailable
from streak_core.retry import Attempts, RetryRules
from streak_core.store.due import DueStore
from streak_core.store.run_report import report_content
from streak_core.store.runs import LEASE, AlreadyRunning, RunStore
from streak_core.store.sharding import SHARDS
from streak_core.telemetry.context import Work, during
from testing.logged import Logged
from tests.support.patient import Patient
from tests.support.population import due_population
from tests.support.recorded_client import RecordedClient, Recorder
from tests.support.shipped_policy import policies

NIGHT = datetime(2026, 3, 4, 5, tzinfo=UTC)
RUN = "2026-03-04T05:00:00Z"
SMALL = MaintenanceRules(threads=4, page_users=6, batch_users=3, is_paced=False)


class Impatient(DueStore):
    """A store that fails unexpectedly at one shard."""

    def page(self, shard: int, *rest: Any) -> Any:
        if shard == 5:
            message = "a secret"
            raise RuntimeError(message)
        return super().page(shard, *rest)


def job(client: RecordedClient, due: type[DueStore] = DueStore, **more: Any) -> Maintenance:
    attempts = lambda: Attempts(rules=RetryRules(attempts_max=2), sleep=lambda _: None)  # noqa: E731
    return Maintenance(due(client), RunStore(client), policies, rules=SMALL, attempts=attempts, **more)


def test_a_run_tells_its_beginning_and_every_number_of_its_report(client: RecordedClient) -> None:
    due_population(client, 20)
    with Logged() as logged:
        report = job(client).run(RUN, NIGHT)
    assert logged.events() == ["maintenance_started", "maintenance_completed"]
    (started,), (ended,) = logged.of("maintenance_started"), logged.of("maintenance_completed")
    assert (started["run_id"], started["is_new"], started["is_fanned_out"]) == (RUN, True, False)
    assert ended["severity"] == "INFO"
    assert ended["message"] == "maintenance has ended: success, 20 users"
    flat = {
        name: value
        for name, value in report_content(report).items()
        if name not in {"timestamp", "unreadable", "shards_unfinished", "stopped_by"}
    }
    assert flat.items() <= ended.items()
    assert (ended["as_of"], ended["unreadable"]) == ("2026-03-04T05:00:00Z", 0)
    assert "timestamp" not in ended


def test_a_call_that_is_answered_an_old_report_says_so(client: RecordedClient) -> None:
    job(client).run(RUN, NIGHT)
    with Logged() as logged:
        job(client).run(RUN, NIGHT)
        job(client).fan_out(RUN, lambda _: SHARDS)
    assert logged.events() == ["report_repeated"] * 2
    line = logged.of("report_repeated")[0]
    assert (line["run_id"], line["status"], line["severity"]) == (RUN, "success", "NOTICE")
    assert line["as_of"] == "2026-03-04T05:00:00Z"


def test_a_call_that_finds_the_run_somebodys_is_no_failure_and_tells_nothing(client: RecordedClient) -> None:
    RunStore(client).claim(RUN, "somebody", datetime.now(UTC))
    with Logged() as logged:
        with pytest.raises(AlreadyRunning):
            job(client).run(RUN, NIGHT)
        with pytest.raises(AlreadyRunning):
            job(client).fan_out(RUN, lambda _: SHARDS)
    assert logged.events() == []


def test_a_user_who_cannot_be_read_is_told_by_id_and_the_run_warns(client: RecordedClient) -> None:
    due_population(client, 3)
    client.document("streaks/u1").update({"schema_version": 99, "tail": {"2026-03-02": {"xp": "a secret"}}})
    with Logged() as logged:
        job(client).run(RUN, NIGHT)
    (failed,), (ended,) = logged.of("user_failed"), logged.of("maintenance_completed")
    assert (failed["user_id"], failed["severity"], failed["run_id"]) == ("u1", "ERROR", RUN)
    assert "secret" not in str(failed)
    assert (ended["status"], ended["errors"], ended["unreadable"], ended["severity"]) == ("degraded", 1, 1, "WARNING")


def test_lines_of_the_threads_name_the_request_that_the_run_is(client: RecordedClient, recorder: Recorder) -> None:
    due_population(client, 5)
    recorder.before["Commit"] = [None, exceptions.Aborted("busy")]
    with Logged() as logged, during(Work(function="maintenance", request_id="r")) as work:
        report = job(client).run(RUN, NIGHT)
    (retry,) = logged.of("transaction_retry")
    assert (retry["function"], retry["request_id"], retry["reason"]) == ("maintenance", "r", "Aborted")
    assert work.tally.retries == report.transaction_retries == 1
    assert work.tally.writes >= report.documents_written
    assert work.tally.reads >= report.documents_read


def test_a_shard_that_fails_unexpectedly_is_told_with_its_stack_and_without_what_it_quotes(
    client: RecordedClient,
) -> None:
    with Logged() as logged:
        job(client, Impatient).run(RUN, NIGHT)
    (failed,), (ended,) = logged.of("shard_failed"), logged.of("maintenance_completed")
    assert (failed["shard"], failed["error"], failed["severity"]) == (5, "RuntimeError", "ERROR")
    assert "in page" in failed["stack_trace"]
    assert "RuntimeError: a secret" not in failed["stack_trace"]
    assert failed["reason"].startswith("RuntimeError at ")
    assert (ended["status"], ended["severity"]) == ("partial", "WARNING")
    assert (ended["stopped_by"], ended["shards_unfinished"]) == ("failure", "5")


def test_a_run_that_could_do_nothing_is_told_as_failed_and_not_as_ended(
    client: RecordedClient, recorder: Recorder
) -> None:
    due_population(client, 3)
    recorder.before["BatchGetDocuments"] = [exceptions.PermissionDenied("no")]
    with Logged() as logged, pytest.raises(DatabaseUnavailable):
        job(client).run(RUN, NIGHT)
    assert logged.events() == ["firestore_error", "maintenance_failed"]
    (failed,) = logged.of("maintenance_failed")
    assert (failed["reason"], failed["run_id"], failed["severity"]) == ("database_unavailable", RUN, "CRITICAL")


def test_an_overload_without_end_is_told_as_failed(client: RecordedClient, recorder: Recorder) -> None:
    due_population(client, 3)
    recorder.before["RunQuery"] = [exceptions.DeadlineExceeded("gone")] * 400
    patient = Patient()
    with Logged() as logged, pytest.raises(DatabaseUnavailable):
        job(client, stopping=patient, clock=patient.clock).run(RUN, NIGHT)
    assert {"firestore_error", "firestore_overloaded", "maintenance_failed"} <= set(logged.events())
    assert "maintenance_completed" not in logged.events()


def test_what_should_not_happen_ends_a_run_as_failed_with_its_stack(client: RecordedClient) -> None:
    class Broken(RunStore):
        def progress(self, run_id: str, wall: datetime) -> Any:
            raise KeyError(run_id, wall)

    RunStore(client).claim(RUN, "dead", datetime.now(UTC) - LEASE)
    broken = Maintenance(DueStore(client), Broken(client), policies, rules=SMALL)
    with Logged() as logged, pytest.raises(KeyError):
        broken.run(RUN, NIGHT)
    (failed,) = logged.of("maintenance_failed")
    assert (failed["reason"], failed["error"]) == ("unexpected", "KeyError")
    assert "in progress" in failed["stack_trace"]


def test_a_run_that_is_fanned_out_tells_each_shard_and_one_end(client: RecordedClient) -> None:
    due_population(client, 10)
    with Logged() as logged:
        job(client).fan_out(RUN, lambda _: SHARDS)
        for shard in range(SHARDS):
            job(client).run_shard(RUN, shard, NIGHT)
    assert logged.events() == ["maintenance_started", *["shard_completed"] * SHARDS, "maintenance_completed"]
    assert logged.of("maintenance_started")[0]["is_fanned_out"] is True
    shards = logged.of("shard_completed")
    assert [line["shard"] for line in shards] == list(range(SHARDS))
    assert sum(line["users_processed"] for line in shards) == 10
    assert logged.of("maintenance_completed")[0]["users_processed"] == 10


def test_a_queue_that_does_not_answer_is_a_failed_run(client: RecordedClient) -> None:
    def enqueue(_: str) -> int:
        raise QueueUnavailable

    with Logged() as logged, pytest.raises(QueueUnavailable):
        job(client).fan_out(RUN, enqueue)
    assert [line["reason"] for line in logged.of("maintenance_failed")] == ["queue_unavailable"]


def test_a_report_that_cannot_be_kept_is_told_and_the_run_has_ended(client: RecordedClient) -> None:
    class Full(RunStore):
        def finish(self, *_: Any, **__: Any) -> None:
            raise DatabaseUnavailable

    with Logged() as logged:
        report = Maintenance(DueStore(client), Full(client), policies, rules=SMALL).run(RUN, NIGHT)
    assert report.status == "success"
    assert logged.events() == ["maintenance_started", "report_not_kept", "maintenance_completed"]


def test_a_lease_that_cannot_be_renewed_is_told(client: RecordedClient) -> None:
    class Gone(RunStore):
        def renew(self, *_: Any) -> None:
            raise DatabaseUnavailable

    ticks = iter(range(0, 100_000_000, 60))
    rules = MaintenanceRules(threads=1, is_paced=False, deadline_seconds=10**9)
    with Logged() as logged:
        Maintenance(DueStore(client), Gone(client), policies, rules=rules, clock=lambda: float(next(ticks))).run(
            RUN, NIGHT
        )
    assert logged.of("lease_not_renewed")[0]["run_id"] == RUN

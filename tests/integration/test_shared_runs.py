"""Runs that more than one call works on, against the emulator: one owner at a time, one end, one report."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

import pytest
from google.api_core import exceptions

from streak_core.config.maintenance import MaintenanceRules
from streak_core.domain.errors import DatabaseUnavailable
from streak_core.maintenance.report import report_of
from streak_core.maintenance.run import Maintenance
from streak_core.retry import Attempts
from streak_core.store.due import DueStore
from streak_core.store.run_documents import Counts, RunState, StoredRun
from streak_core.store.run_report import FannedOut, RunStatus, Stop
from streak_core.store.runs import LEASE, AlreadyRunning, RunStore
from streak_core.store.sharding import SHARDS, shard_of
from testing.logged import Logged
from tests.support.patient import Patient
from tests.support.population import due_population, write_due_users
from tests.support.recorded_client import RecordedClient, Recorder
from tests.support.shipped_policy import policies

NIGHT = datetime(2026, 3, 4, 5, tzinfo=UTC)
WALL = datetime(2026, 11, 20, 12, tzinfo=UTC)
# Just after the first lease was over.
LATER = WALL + LEASE + timedelta(seconds=1)
RUN = "2026-03-04T05:00:00Z"
SMALL = MaintenanceRules(threads=1, page_users=6, batch_users=3, deadline_seconds=10**9, is_paced=False)
REPORT = report_of(RUN, Counts(users_processed=7), NIGHT, 2.0)
# What the owner of a run may write over it.
WRITES: dict[str, Callable[[RunStore, str], Any]] = {
    "renew": lambda runs, owner: runs.renew(RUN, owner, LATER),
    "release": lambda runs, owner: runs.release(RUN, owner, LATER),
    "leave": lambda runs, owner: runs.leave(RUN, owner, LATER, None),
    "finish": lambda runs, owner: runs.finish(RUN, owner, LATER, REPORT),
}


def job(client: RecordedClient, runs: RunStore | None = None, due: DueStore | None = None, **more: Any) -> Maintenance:
    attempts = lambda: Attempts(sleep=lambda _: None)  # noqa: E731
    return Maintenance(
        due or DueStore(client), runs or RunStore(client), policies, rules=SMALL, attempts=attempts, **more
    )


def stored(client: RecordedClient) -> dict[str, Any]:
    return client.document(f"maintenance_runs/{RUN}").get().to_dict() or {}


def fanned_out(client: RecordedClient, *, shards: int = SHARDS) -> None:
    """A run whose tasks are enqueued, and some of which are done."""
    job(client).fan_out(RUN, lambda _: SHARDS)
    for shard in range(shards):
        job(client).run_shard(RUN, shard, NIGHT)


@pytest.mark.parametrize("write", WRITES.values(), ids=WRITES)
def test_who_lost_the_lease_writes_nothing_over_the_new_owners_run(
    client: RecordedClient, write: Callable[[RunStore, str], Any]
) -> None:
    runs = RunStore(client)
    runs.claim(RUN, "first", WALL)
    runs.claim(RUN, "second", WALL + LEASE)
    before = stored(client)
    with pytest.raises(AlreadyRunning) as told:
        write(runs, "first")
    assert told.value.retry_after_seconds == LEASE.total_seconds() - 1
    assert stored(client) == before
    write(runs, "second")
    assert stored(client) != before


@pytest.mark.parametrize("write", WRITES.values(), ids=WRITES)
def test_a_run_that_has_ended_is_written_over_by_nobody(
    client: RecordedClient, write: Callable[[RunStore, str], Any]
) -> None:
    runs = RunStore(client)
    runs.claim(RUN, "me", WALL)
    runs.finish(RUN, "me", WALL, REPORT)
    before = stored(client)
    # For the owner itself that is as if the reply had been lost.
    write(runs, "me")
    with pytest.raises(AlreadyRunning):
        write(runs, "somebody")
    assert stored(client) == before


def test_a_run_that_nobody_began_is_nobodys(client: RecordedClient) -> None:
    for write in WRITES.values():
        with pytest.raises(AlreadyRunning):
            write(RunStore(client), "me")
    assert not RunStore(client).finish_shared(RUN, "me", WALL, REPORT)
    assert stored(client) == {}


@pytest.mark.parametrize("failure", [exceptions.Aborted("busy"), exceptions.DeadlineExceeded("slow")])
def test_an_owners_write_that_meets_trouble_is_tried_again_and_given_up_after_some_times(
    client: RecordedClient, recorder: Recorder, failure: Exception
) -> None:
    runs = RunStore(client)
    runs.claim(RUN, "me", WALL)
    recorder.before["Commit"] = [failure]
    runs.renew(RUN, "me", WALL + LEASE)
    assert stored(client)["lease_until"] == WALL + 2 * LEASE
    recorder.before["Commit"] = [failure] * 9
    with pytest.raises(DatabaseUnavailable):
        runs.finish(RUN, "me", WALL, REPORT)


class TakenOver(DueStore):
    """After some pages another call takes the run over, as it may once its lease was not renewed in time."""

    pages = 0

    def __init__(self, client: RecordedClient, wall: datetime) -> None:
        super().__init__(client)
        self.runs, self.wall = RunStore(client), wall

    def page(self, *asked: Any) -> Any:
        self.pages += 1
        if self.pages == SHARDS // 2:
            self.runs.claim(RUN, "other", self.wall + LEASE)
        return super().page(*asked)


def test_a_call_whose_run_was_taken_over_stops_and_tells_no_end(client: RecordedClient) -> None:
    due_population(client, 200)
    ticks = iter(range(0, 100_000_000, 60))
    taken_over = job(client, due=TakenOver(client, WALL), wall=lambda: WALL, clock=lambda: float(next(ticks)))
    with Logged() as logged, pytest.raises(AlreadyRunning):
        taken_over.run(RUN, NIGHT)
    assert [line["message"] for line in logged.of("lease_not_renewed")] == ["another call has taken the run over"]
    assert logged.of("maintenance_completed") == logged.of("maintenance_failed") == []
    assert (stored(client)["owner"], stored(client)["state"], stored(client)["report"]) == ("other", "running", None)
    begun = RunStore(client).progress(RUN, WALL).values()
    assert 0 < sum(one.counts.users_processed for one in begun) < 200
    report = job(client, wall=lambda: WALL + 2 * LEASE).run(RUN, NIGHT)
    assert (report.status, report.users_processed) == (RunStatus.SUCCESS, 200)


def test_a_call_that_keeps_its_lease_goes_on_to_the_end(client: RecordedClient) -> None:
    due_population(client, 20)
    ticks = iter(range(0, 100_000_000, 60))
    with Logged() as logged:
        report = job(client, clock=lambda: float(next(ticks))).run(RUN, NIGHT)
    assert (report.status, logged.of("lease_not_renewed")) == (RunStatus.SUCCESS, [])
    assert stored(client)["state"] == RunState.ENDED


def test_once_documents_are_restored_a_run_writes_nothing_more_and_the_next_call_goes_on(
    client: RecordedClient,
) -> None:
    due_population(client, 200)
    asked = count()
    report = job(client, is_closed=lambda: next(asked) >= 100).run(RUN, NIGHT)
    assert (report.status, report.stopped_by) == (RunStatus.PARTIAL, Stop.RESTORING)
    assert 0 < report.users_processed < 200
    done = report.users_processed
    assert job(client, is_closed=lambda: True).run(RUN, NIGHT).users_processed == done
    assert job(client).run(RUN, NIGHT).users_processed == 200


class AtOnce(RunStore):
    """Two tasks that find all shards done, and the run not ended, at the same moment."""

    def __init__(self, client: RecordedClient, both: threading.Barrier) -> None:
        super().__init__(client)
        self.both = both

    def shards_done(self, run_id: str) -> int:
        self.both.wait(60)
        return super().shards_done(run_id)

    def find(self, run_id: str, wall: datetime) -> StoredRun | None:
        found = super().find(run_id, wall)
        self.both.wait(60)
        return found


def test_two_shards_that_are_the_last_at_once_end_the_run_once(client: RecordedClient) -> None:
    due_population(client, 64)
    fanned_out(client, shards=SHARDS - 2)
    both, gauges = threading.Barrier(2), list[Any]()
    jobs = [job(client, AtOnce(client, both), write_gauges=gauges.append) for _ in range(2)]
    with Logged() as logged, ThreadPoolExecutor(2) as pool:
        last = [pool.submit(one.run_shard, RUN, SHARDS - 2 + number, NIGHT) for number, one in enumerate(jobs)]
        assert {one.result().status for one in last} == {RunStatus.SUCCESS}
    (ended,) = logged.of("maintenance_completed")
    assert (ended["status"], ended["users_processed"]) == ("success", 64)
    assert len(gauges) == 1
    assert stored(client)["report"]["users_processed"] == 64


def test_a_task_that_is_delivered_again_after_the_end_tells_no_second_one(client: RecordedClient) -> None:
    fanned_out(client)
    before = stored(client)
    with Logged() as logged:
        again = job(client).run_shard(RUN, 5, NIGHT)
    assert (again.status, logged.of("maintenance_completed")) == (RunStatus.SUCCESS, [])
    assert stored(client) == before


def test_an_end_whose_reply_was_lost_is_told_once(client: RecordedClient, recorder: Recorder) -> None:
    fanned_out(client, shards=SHARDS - 1)

    class Lossy(RunStore):
        def finish_shared(self, *what: Any) -> bool:
            recorder.after["Commit"] = [exceptions.DeadlineExceeded("lost")]
            return super().finish_shared(*what)

    with Logged() as logged:
        job(client, Lossy(client)).run_shard(RUN, SHARDS - 1, NIGHT)
    assert recorder.after["Commit"] == []
    assert len(logged.of("maintenance_completed")) == 1
    assert stored(client)["state"] == RunState.ENDED


def test_an_end_that_cannot_be_kept_is_left_to_the_tasks_next_delivery(
    client: RecordedClient, recorder: Recorder
) -> None:
    fanned_out(client, shards=SHARDS - 1)
    recorder.before["Commit"] = [None, *[exceptions.Aborted("busy")] * 5]
    with Logged() as logged, pytest.raises(DatabaseUnavailable):
        job(client).run_shard(RUN, SHARDS - 1, NIGHT)
    assert logged.of("maintenance_completed") == []
    with Logged() as logged:
        job(client).run_shard(RUN, SHARDS - 1, NIGHT)
    assert len(logged.of("maintenance_completed")) == 1


def test_a_run_that_is_fanned_out_took_from_its_beginning_to_its_end(client: RecordedClient) -> None:
    due_population(client, 60)
    job(client, wall=lambda: WALL).fan_out(RUN, lambda _: SHARDS)
    for shard in range(SHARDS):
        job(client, wall=lambda: WALL + timedelta(minutes=10)).run_shard(RUN, shard, NIGHT)
    report = stored(client)["report"]
    assert (report["duration_seconds"], report["users_per_second"]) == (600, 0.1)


def test_shards_of_a_run_that_nobody_began_leave_none_behind_that_cannot_be_read(client: RecordedClient) -> None:
    due_population(client, 10)
    with Logged() as logged:
        reports = [job(client).run_shard(RUN, shard, NIGHT) for shard in range(SHARDS)]
    assert sum(report.users_processed for report in reports) == 10
    assert (stored(client), logged.of("maintenance_completed")) == ({}, [])
    assert job(client).run(RUN, NIGHT).status is RunStatus.SUCCESS


@pytest.mark.parametrize("shards", [0, 1, SHARDS - 1, SHARDS])
def test_a_run_that_is_fanned_out_can_be_called_again_whenever(client: RecordedClient, shards: int) -> None:
    fanned_out(client, shards=shards)
    again = job(client).fan_out(RUN, lambda _: 0)
    assert again.status is (RunStatus.SUCCESS if shards == SHARDS else RunStatus.FANNED_OUT)


def test_a_run_that_ends_while_another_call_enqueues_keeps_its_end(client: RecordedClient) -> None:
    fanned_out(client, shards=SHARDS - 1)

    def enqueue(run_id: str) -> int:
        job(client).run_shard(run_id, SHARDS - 1, NIGHT)
        return 0

    assert job(client).fan_out(RUN, enqueue) == FannedOut(run_id=RUN, tasks=0)
    assert stored(client)["state"] == RunState.ENDED


def test_a_task_that_could_do_nothing_for_an_overload_is_told_as_failed(
    client: RecordedClient, recorder: Recorder
) -> None:
    recorder.before["RunQuery"] = [exceptions.DeadlineExceeded("gone")] * 400
    patient = Patient()
    with Logged() as logged, pytest.raises(DatabaseUnavailable):
        job(client, stopping=patient, clock=patient.clock).run_shard(RUN, 7, NIGHT)
    (failed,) = logged.of("maintenance_failed")
    assert (failed["run_id"], failed["shard"], failed["reason"]) == (RUN, 7, "database_unavailable")
    assert logged.of("shard_completed") == []


def test_a_task_that_did_something_before_an_overload_is_told_as_partial(
    client: RecordedClient, recorder: Recorder
) -> None:
    write_due_users(client, [name for number in range(1_000) if shard_of(name := f"u{number}") == 7][:12])
    recorder.before["Commit"] = [None, *[exceptions.DeadlineExceeded("slow")] * 400]
    patient = Patient()
    with Logged() as logged:
        report = job(client, stopping=patient, clock=patient.clock).run_shard(RUN, 7, NIGHT)
    assert (report.status, report.stopped_by, report.users_processed) == (RunStatus.PARTIAL, Stop.OVERLOAD, 3)
    assert (logged.of("maintenance_failed"), logged.of("shard_completed")[0]["status"]) == ([], "partial")

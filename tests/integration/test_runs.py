"""Runs of the job against the emulator: doubled, late, stopped, killed, fanned out - nothing is lost or done twice."""

from __future__ import annotations

import os
import random
import signal
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from google.api_core import exceptions
from google.cloud import firestore

from streak_core.config.maintenance import MaintenanceRules
from streak_core.domain.errors import DatabaseUnavailable
from streak_core.maintenance.run import Maintenance
from streak_core.retry import Attempts
from streak_core.store.due import DueStore
from streak_core.store.run_documents import KEPT, Counts, Progress, RunState, UnreadableRun
from streak_core.store.runs import LEASE, AlreadyRunning, RunStore
from streak_core.store.sharding import SHARDS
from tests.integration.killed_job import READY
from tests.support.patient import Patient
from tests.support.population import due_population
from tests.support.recorded_client import RecordedClient, Recorder
from tests.support.shipped_policy import policies
from tests.support.warm_start import start

# When everybody of the population is due.
NIGHT = datetime(2026, 3, 4, 5, tzinfo=UTC)
WALL = datetime(2026, 11, 20, 12, tzinfo=UTC)
KILLS = 20
# All waits of a run that gives up: 1, 2, 4 … 32 s.
GIVES_UP_SECONDS = 63
SMALL = MaintenanceRules(threads=4, page_users=6, batch_users=3, is_paced=False)
RUN = "2026-03-04T05:00:00Z"


def job(client: firestore.Client, rules: MaintenanceRules = SMALL, **more: Any) -> Maintenance:
    attempts = lambda: Attempts(sleep=lambda _: None)  # noqa: E731
    return Maintenance(DueStore(client), RunStore(client), policies, rules=rules, attempts=attempts, **more)


def settled(client: firestore.Client) -> int:
    """Users of whom everything is written: the break, and no deadline any more."""
    broken = len(list(client.collection_group("events").stream()))
    rest = [one for one in client.collection("streaks").stream() if (one.to_dict() or {})["expires_at"] is None]
    assert broken == len(rest)
    return broken


def test_a_run_that_has_ended_answers_its_report_again_and_does_nothing(
    client: RecordedClient, recorder: Recorder
) -> None:
    due_population(client, 40)
    first = job(client).run(RUN, NIGHT)
    assert (first.run_id, first.status, first.users_processed) == (RUN, "success", 40)
    recorder.calls.clear()
    assert job(client).run(RUN, NIGHT + timedelta(days=1)) == first
    assert recorder.methods() == ["BatchGetDocuments"]


def test_while_a_run_goes_on_a_second_call_is_told_so_until_its_lease_is_over(client: RecordedClient) -> None:
    due_population(client, 5)
    RunStore(client).claim(RUN, "somebody", WALL)
    with pytest.raises(AlreadyRunning) as told:
        job(client, wall=lambda: WALL + LEASE - timedelta(seconds=7)).run(RUN, NIGHT)
    assert told.value.retry_after_seconds == 7
    assert job(client, wall=lambda: WALL + LEASE).run(RUN, NIGHT).users_processed == 5


def test_two_calls_at_once_are_one_run(client: RecordedClient) -> None:
    due_population(client, 60)
    with ThreadPoolExecutor(4) as pool:
        calls = [pool.submit(job(client).run, RUN, NIGHT) for _ in range(4)]
    refused = [call.exception() for call in calls if call.exception()]
    assert {type(error) for error in refused} <= {AlreadyRunning}
    # Late calls find the run ended, and are answered its report.
    answers = [call.result() for call in calls if not call.exception()]
    assert {(answer.status, answer.users_processed) for answer in answers} == {("success", 60)}
    assert settled(client) == 60


def test_a_claim_whose_reply_was_lost_is_ours_and_a_busy_one_is_tried_again(
    client: RecordedClient, recorder: Recorder
) -> None:
    recorder.after["Commit"] = [exceptions.DeadlineExceeded("lost")]
    assert RunStore(client).claim(RUN, "me", WALL).report is None
    recorder.before["Commit"] = [exceptions.Aborted("busy")]
    assert RunStore(client).claim("another", "me", WALL).is_new
    recorder.before["Commit"] = [exceptions.Aborted("busy")] * 9
    with pytest.raises(DatabaseUnavailable):
        RunStore(client).claim("third", "me", WALL)


def test_a_run_stops_at_its_deadline_and_the_next_call_goes_on_and_adds_up(client: RecordedClient) -> None:
    due_population(client, 80)
    ticks = iter(range(100_000))
    # Every look at the clock takes a second: some pages fit, and then time is up.
    first = job(client, MaintenanceRules(threads=1, page_users=6, batch_users=3, deadline_seconds=40, is_paced=False),
                clock=lambda: float(next(ticks))).run(RUN, NIGHT)  # fmt: skip
    assert (first.status, first.stopped_by) == ("partial", "deadline")
    assert first.shards_unfinished == tuple(range(first.shards_unfinished[0], SHARDS))
    assert 0 < first.users_processed < 80
    assert (client.document(f"maintenance_runs/{RUN}").get().to_dict() or {})["state"] == RunState.PARTIAL
    second = job(client).run(RUN, NIGHT)
    assert (second.status, second.users_processed, second.streaks_broken) == ("success", 80, 80)
    assert (second.stopped_by, second.shards_unfinished) == (None, ())
    assert settled(client) == 80


def test_a_process_that_is_told_to_end_stops_in_order_and_a_later_run_does_the_rest(client: RecordedClient) -> None:
    due_population(client, 60)
    stopping = threading.Event()

    class StopsSoon(DueStore):
        commits = 0

        def commit(self, batch: Any, also: Any) -> None:
            super().commit(batch, also)
            self.commits += 1
            if self.commits == 5:
                stopping.set()

    stopped = Maintenance(StopsSoon(client), RunStore(client), policies, rules=SMALL, stopping=stopping).run(RUN, NIGHT)
    assert (stopped.status, stopped.stopped_by) == ("partial", "shutdown")
    assert stopped.shards_unfinished
    later = job(client).run("2026-03-04T06:00:00Z", NIGHT + timedelta(hours=1))
    assert later.status == "success"
    assert stopped.users_processed + later.users_processed == 60
    assert settled(client) == 60


def test_a_database_that_is_overloaded_is_waited_for_and_then_left_alone(
    client: RecordedClient, recorder: Recorder
) -> None:
    due_population(client, 30)
    rules = MaintenanceRules(threads=1, page_users=6, batch_users=3, is_paced=False)
    patient = Patient()
    recorder.before["Commit"] = [None, exceptions.DeadlineExceeded("slow"), exceptions.InternalServerError("gone")]
    fine = job(client, rules, stopping=patient, clock=patient.clock).run(RUN, NIGHT)
    assert (fine.status, fine.users_processed, fine.transaction_retries) == ("success", 30, 2)
    assert len(patient.waits) == 2
    due_population(client, 30, prefix="v")
    recorder.before["Commit"] = [None, None, *[exceptions.DeadlineExceeded("slow")] * 400]
    partial = job(client, rules, stopping=patient, clock=patient.clock).run("later", NIGHT)
    recorder.before.clear()
    assert (partial.status, partial.stopped_by) == ("partial", "overload")
    assert 0 < partial.users_processed < 30
    assert GIVES_UP_SECONDS <= sum(patient.waits[2:]) <= 2 * GIVES_UP_SECONDS
    assert job(client).run("last", NIGHT).users_processed == 30 - partial.users_processed


def test_a_run_that_could_do_nothing_says_so(client: RecordedClient, recorder: Recorder) -> None:
    due_population(client, 3)
    recorder.before["RunQuery"] = [exceptions.DeadlineExceeded("gone")] * 400
    patient = Patient()
    with pytest.raises(DatabaseUnavailable):
        job(client, stopping=patient, clock=patient.clock).run(RUN, NIGHT)
    recorder.before.clear()
    assert job(client).run(RUN, NIGHT).users_processed == 3


def test_a_shard_whose_work_fails_unexpectedly_does_not_end_the_others(client: RecordedClient) -> None:
    due_population(client, 64)

    class Fails(DueStore):
        def page(self, shard: int, *rest: Any) -> Any:
            if shard == 5:
                raise RuntimeError("unexpected")
            return super().page(shard, *rest)

    report = Maintenance(Fails(client), RunStore(client), policies, rules=SMALL).run(RUN, NIGHT)
    assert (report.status, report.errors) == ("partial", 1)
    assert (report.stopped_by, report.shards_unfinished) == ("failure", (5,))
    assert report.users_processed >= 50
    assert job(client).run(RUN, NIGHT).users_processed == 64


def test_shards_that_run_as_tasks_add_up_to_one_report(client: RecordedClient) -> None:
    due_population(client, 50)
    job(client).fan_out(RUN, lambda _: SHARDS)
    for shard in range(SHARDS):
        job(client).run_shard(RUN, shard, NIGHT)
        # Cloud Tasks delivers at least once.
        again = job(client).run_shard(RUN, shard, NIGHT)
        assert again.status == "success"
    kept = client.document(f"maintenance_runs/{RUN}").get().to_dict() or {}
    assert (kept["report"]["users_processed"], kept["report"]["streaks_broken"], kept["state"]) == (50, 50, "ended")
    assert settled(client) == 50


def kill_once(client: firestore.Client, output: Path, seconds: float) -> bool:
    """Whether the run was still going on when it was killed so many seconds after its beginning."""
    output.write_bytes(b"")
    process = start("tests.integration.killed_job", [client.project, RUN, NIGHT.isoformat()], os.environ, output)
    while not output.read_text().startswith(READY):
        assert process.is_alive(), output.read_text()
        time.sleep(0.005)
    time.sleep(seconds)
    process.kill()
    process.join()
    return process.exitcode == -signal.SIGKILL


def test_a_process_killed_at_twenty_moments_loses_nothing_and_does_nothing_twice(
    client: RecordedClient, tmp_path: Path
) -> None:
    expected, killed, moments = 0, 0, random.Random(7)  # noqa: S311 - any moments, the same each time
    while killed < KILLS:
        if settled(client) == expected:
            due_population(client, 150, prefix=f"u{killed}.")
            expected += 150
        killed += kill_once(client, tmp_path / "said", moments.uniform(0, 0.6))
        # Nobody waits two minutes for the lease of the dead, and a run that has ended begins anew.
        client.document(f"maintenance_runs/{RUN}").set(
            {"lease_until": WALL - timedelta(days=killed + 1), "state": RunState.RUNNING.value, "owner": "dead"},
            merge=True,
        )
    report = job(client).run("last", NIGHT)
    assert report.status == "success"
    counted = sum(one.counts.users_processed for one in RunStore(client).progress(RUN, WALL).values())
    assert counted + report.users_processed == settled(client) == expected


def test_progress_reads_back_as_it_was(client: RecordedClient) -> None:
    runs = RunStore(client)
    progress = Progress(cursor=(NIGHT, "u1"), is_done=True)
    runs.keep_progress(RUN, 7, progress, WALL)
    assert runs.progress(RUN, WALL) == {7: progress}
    assert runs.shard_progress(RUN, 7, WALL) == progress
    assert runs.shard_progress(RUN, 8, WALL) == Progress()
    assert runs.shards_done(RUN) == 1


def test_whatever_is_written_of_a_run_says_when_it_may_be_deleted(client: RecordedClient) -> None:
    due_population(client, 20)
    job(client, wall=lambda: WALL).run(RUN, NIGHT)
    (run,) = client.collection("maintenance_runs").stream()
    shards = list(run.reference.collection("shards").stream())
    assert shards
    assert {(one.to_dict() or {})["expire_at"] for one in (run, *shards)} == {WALL + timedelta(days=90)}


def test_a_run_is_as_if_it_never_was_once_its_time_is_over_and_not_before(client: RecordedClient) -> None:
    due_population(client, 3)
    job(client, wall=lambda: WALL).run(RUN, NIGHT)
    RunStore(client).keep_progress(RUN, 7, Progress(is_done=True), WALL)
    due_population(client, 3, prefix="v")
    almost, over = WALL + KEPT - timedelta(seconds=1), WALL + KEPT
    assert job(client, wall=lambda: almost).run(RUN, NIGHT).users_processed == 3
    assert settled(client) == 3
    assert RunStore(client).progress(RUN, almost)[7].is_done
    assert RunStore(client).progress(RUN, over) == {}
    assert RunStore(client).shard_progress(RUN, 7, over) == Progress()
    assert job(client, wall=lambda: over).run(RUN, NIGHT).users_processed == 3
    assert settled(client) == 6


@pytest.mark.parametrize(
    "change",
    [{"a_field_to_come": 1}, {"state": "paused"}, {"lease_until": "later"}, {"owner": firestore.DELETE_FIELD}],
    ids=str,
)
def test_a_run_in_a_form_of_another_revision_is_refused_and_not_half_read(
    client: RecordedClient, change: dict[str, Any]
) -> None:
    due_population(client, 3)
    RunStore(client).claim(RUN, "dead", WALL)
    client.document(f"maintenance_runs/{RUN}").update(change)
    with pytest.raises(UnreadableRun):
        job(client, wall=lambda: WALL + LEASE).run(RUN, NIGHT)
    assert settled(client) == 0


@pytest.mark.parametrize("change", [{"a_field_to_come": 1}, {"counts.to_come": 1}, {"cursor": ["yesterday"]}], ids=str)
def test_progress_in_a_form_of_another_revision_is_refused_by_the_run_and_by_its_tasks(
    client: RecordedClient, change: dict[str, Any]
) -> None:
    runs = RunStore(client)
    runs.claim(RUN, "dead", WALL)
    runs.keep_progress(RUN, 7, Progress(cursor=(NIGHT, "u1"), counts=Counts(errors=1)), WALL)
    client.document(f"maintenance_runs/{RUN}/shards/07").update(change)
    with pytest.raises(UnreadableRun):
        job(client, wall=lambda: WALL + LEASE).run(RUN, NIGHT)
    with pytest.raises(UnreadableRun):
        job(client, wall=lambda: WALL).run_shard(RUN, 7, NIGHT)

"""Fan-out through the real Cloud Tasks client, against a stand-in server that keeps the queue's contract on names."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, cast

import pytest
from google.api_core.exceptions import PermissionDenied
from google.auth.exceptions import RefreshError
from google.cloud import tasks_v2

from streak_core.config.maintenance import DEADLINE_SECONDS, MaintenanceQueue
from streak_core.domain.errors import DatabaseUnavailable, Unavailable
from streak_core.maintenance.run import Maintenance
from streak_core.maintenance.tasks import QueueUnavailable, TaskQueue, shard_task_name, task_queue
from streak_core.store.due import DueStore
from streak_core.store.run_report import FannedOut
from streak_core.store.runs import RunStore
from streak_core.store.sharding import SHARDS
from testing.logged import Logged
from testing.stand_in_queue import StandInQueue, listening
from tests.support.recorded_client import RecordedClient, Recorder
from tests.support.shipped_policy import policies

if TYPE_CHECKING:
    from collections.abc import Iterator

    from emulator.firestore import FirestoreEmulator

RUN = "2026-03-04T05:00:00Z"
QUEUE = MaintenanceQueue(
    queue="projects/p/locations/l/queues/q",
    url="https://maintenance.example.com/maintenance",
    service_account="scheduler@p.iam.gserviceaccount.com",
    audience="https://maintenance.example.com",
)


@pytest.fixture
def queue() -> StandInQueue:
    return StandInQueue()


@pytest.fixture
def tasks(queue: StandInQueue) -> Iterator[TaskQueue]:
    with listening(queue) as host:
        found = task_queue(replace(QUEUE, emulator_host=host))
        yield found
        found.client.transport.close()


def test_each_shard_becomes_one_task_however_often_the_run_is_called(queue: StandInQueue, tasks: TaskQueue) -> None:
    assert tasks.add_shards(RUN) == SHARDS
    assert tasks.add_shards(RUN) == 0
    assert len(queue.tasks) == SHARDS
    assert tasks.add_shards("2026-03-05T05:00:00Z") == SHARDS
    urls = {task.http_request.url for task in queue.tasks.values()}
    assert f"{QUEUE.url}?shard=63&run_id=2026-03-04T05%3A00%3A00Z" in urls
    assert len(urls) == 2 * SHARDS
    for task in queue.tasks.values():
        assert task.http_request.oidc_token.service_account_email == QUEUE.service_account
        assert task.http_request.oidc_token.audience == QUEUE.audience
        assert task.dispatch_deadline > timedelta(seconds=DEADLINE_SECONDS)
        assert task.http_request.http_method == tasks_v2.HttpMethod.POST


def test_the_names_of_tasks_are_the_queues_own_kind_and_spread() -> None:
    names = [shard_task_name(RUN, shard) for shard in range(SHARDS)]
    assert len(set(names)) == SHARDS
    assert not [name for name in names if not name.replace("-", "").isalnum() or len(name) > 500]
    assert len({name[:2] for name in names}) > SHARDS / 4


def test_a_queue_that_does_not_answer_is_said_to_and_the_next_call_goes_on_with_what_is_missing(
    emulator: FirestoreEmulator, project_id: str, queue: StandInQueue, tasks: TaskQueue
) -> None:
    assert emulator.host
    client = RecordedClient(project_id, Recorder())
    job = Maintenance(DueStore(client), RunStore(client), policies)
    queue.room = 10
    with pytest.raises(QueueUnavailable):
        job.fan_out(RUN, tasks.add_shards)
    queue.room = 10**9
    assert job.fan_out(RUN, tasks.add_shards) == FannedOut(run_id=RUN, tasks=SHARDS - 10)
    # Every task is there: a doubled call has nothing to wait for.
    doubled = job.fan_out(RUN, tasks.add_shards)
    assert doubled == FannedOut(run_id=RUN, tasks=0)
    assert len(queue.tasks) == SHARDS


@pytest.mark.parametrize("error", [PermissionDenied("no"), RefreshError("no")])
def test_a_queue_that_lets_nobody_in_fails_the_run_which_says_why_and_the_next_call_goes_on(
    client: RecordedClient, queue: StandInQueue, tasks: TaskQueue, error: Exception
) -> None:
    class Refusing:
        def create_task(self, **_: object) -> None:
            raise error

    job = Maintenance(DueStore(client), RunStore(client), policies)
    with Logged() as logged, pytest.raises(QueueUnavailable):
        job.fan_out(RUN, TaskQueue(cast("tasks_v2.CloudTasksClient", Refusing()), QUEUE).add_shards)
    (failed,) = logged.of("maintenance_failed")
    assert (failed["reason"], failed["error"]) == ("queue_unavailable", type(error).__name__)
    assert job.fan_out(RUN, tasks.add_shards) == FannedOut(run_id=RUN, tasks=SHARDS)
    assert len(queue.tasks) == SHARDS


def test_a_queue_that_does_not_answer_is_no_database_that_does_not() -> None:
    assert issubclass(QueueUnavailable, Unavailable)
    assert not issubclass(QueueUnavailable, DatabaseUnavailable)

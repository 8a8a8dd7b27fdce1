"""Fan-out through the real Cloud Tasks client, against a stand-in server that keeps the queue's contract on names."""

from __future__ import annotations

from concurrent import futures
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import grpc
import pytest
from google.cloud import tasks_v2
from google.cloud.tasks_v2.services.cloud_tasks.transports import CloudTasksGrpcTransport

from streak_core.config_maintenance import MaintenanceQueue
from streak_core.maintenance.fanout import QueueUnavailable, fan_out, task_name
from streak_core.maintenance.rules import DEADLINE_SECONDS
from streak_core.maintenance.run import Maintenance
from streak_core.sharding import SHARDS
from streak_core.store.due import DueStore
from streak_core.store.runs import RunStore
from tests.recorded_client import RecordedClient, Recorder
from tests.shipped_policy import POLICY

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


class StandInQueue(grpc.GenericRpcHandler):  # type: ignore[misc]
    """Keeps tasks by name; a name it knows is ALREADY_EXISTS. After `room` tasks it does not answer."""

    def __init__(self) -> None:
        self.tasks: dict[str, tasks_v2.Task] = {}
        self.room = 10**9

    def service(self, details: Any) -> Any:
        if details.method != "/google.cloud.tasks.v2.CloudTasks/CreateTask":
            return None
        return grpc.unary_unary_rpc_method_handler(
            self.create,
            request_deserializer=tasks_v2.CreateTaskRequest.deserialize,
            response_serializer=tasks_v2.Task.serialize,
        )

    def create(self, request: tasks_v2.CreateTaskRequest, context: Any) -> tasks_v2.Task:
        if request.task.name in self.tasks:
            context.abort(grpc.StatusCode.ALREADY_EXISTS, "the name is taken")
        if len(self.tasks) >= self.room:
            context.abort(grpc.StatusCode.PERMISSION_DENIED, "no more")
        assert request.parent == QUEUE.queue
        self.tasks[request.task.name] = request.task
        return request.task


@pytest.fixture
def queue() -> StandInQueue:
    return StandInQueue()


@pytest.fixture
def tasks(queue: StandInQueue) -> Iterator[tasks_v2.CloudTasksClient]:
    server = grpc.server(futures.ThreadPoolExecutor(2))
    server.add_generic_rpc_handlers([queue])
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    channel = grpc.insecure_channel(f"127.0.0.1:{port}")
    yield tasks_v2.CloudTasksClient(transport=CloudTasksGrpcTransport(channel=channel))
    channel.close()
    server.stop(None)


def test_each_shard_becomes_one_task_however_often_the_run_is_called(
    queue: StandInQueue, tasks: tasks_v2.CloudTasksClient
) -> None:
    assert fan_out(tasks, QUEUE, RUN) == SHARDS
    assert fan_out(tasks, QUEUE, RUN) == 0
    assert len(queue.tasks) == SHARDS
    assert fan_out(tasks, QUEUE, "2026-03-05T05:00:00Z") == SHARDS
    urls = {task.http_request.url for task in queue.tasks.values()}
    assert f"{QUEUE.url}?shard=63&run_id=2026-03-04T05%3A00%3A00Z" in urls
    assert len(urls) == 2 * SHARDS
    for task in queue.tasks.values():
        assert task.http_request.oidc_token.service_account_email == QUEUE.service_account
        assert task.http_request.oidc_token.audience == QUEUE.audience
        assert task.dispatch_deadline > timedelta(seconds=DEADLINE_SECONDS)
        assert task.http_request.http_method == tasks_v2.HttpMethod.POST


def test_the_names_of_tasks_are_the_queues_own_kind_and_spread() -> None:
    names = [task_name(QUEUE.queue, RUN, shard).rpartition("/")[2] for shard in range(SHARDS)]
    assert len(set(names)) == SHARDS
    assert not [name for name in names if not name.replace("-", "").isalnum() or len(name) > 500]
    assert len({name[:2] for name in names}) > SHARDS / 4


def test_a_queue_that_does_not_answer_is_said_to_and_the_next_call_goes_on_with_what_is_missing(
    emulator: FirestoreEmulator, project_id: str, queue: StandInQueue, tasks: tasks_v2.CloudTasksClient
) -> None:
    assert emulator.host
    client = RecordedClient(project_id, Recorder())
    job = Maintenance(DueStore(client), RunStore(client), POLICY)
    queue.room = 10
    with pytest.raises(QueueUnavailable):
        job.fan_out(RUN, lambda run_id: fan_out(tasks, QUEUE, run_id))
    queue.room = 10**9
    assert job.fan_out(RUN, lambda run_id: fan_out(tasks, QUEUE, run_id)) == {
        "run_id": RUN,
        "status": "fanned_out",
        "tasks": SHARDS - 10,
    }
    doubled = job.fan_out(RUN, lambda run_id: fan_out(tasks, QUEUE, run_id))
    assert doubled == {"run_id": RUN, "status": "already_running"}
    assert len(queue.tasks) == SHARDS

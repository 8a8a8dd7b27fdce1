"""Fans a run out through Cloud Tasks: one task a shard, under names that enqueue nothing twice.

It must not know what a shard is settled by. The client is imported where it is used: most functions never need it.
"""

from __future__ import annotations

import hashlib
from datetime import timedelta
from typing import TYPE_CHECKING, Final
from urllib.parse import urlencode

from google.api_core import exceptions

from streak_core.domain.errors import Unavailable
from streak_core.store.failures import GOOGLES
from streak_core.store.sharding import SHARDS

if TYPE_CHECKING:
    from google.cloud.tasks_v2 import CloudTasksClient, Task

    from streak_core.config.maintenance import MaintenanceQueue

ENQUEUE_SECONDS_MAX: Final = 10.0
# The longest that Cloud Tasks waits for an HTTP target.
DISPATCH_SECONDS_MAX: Final = 1800


class QueueUnavailable(Unavailable):
    """The task queue does not answer, or lets nobody in."""

    code = "queue_unavailable"
    message = "The task queue does not answer. Try again."


def tasks_client(queue: MaintenanceQueue) -> CloudTasksClient:
    """The client of the queue, or of the stand-in that the configuration names."""
    from google.cloud import tasks_v2

    if queue.emulator_host is None:
        return tasks_v2.CloudTasksClient()
    import grpc
    from google.cloud.tasks_v2.services.cloud_tasks.transports import CloudTasksGrpcTransport

    channel = grpc.insecure_channel(queue.emulator_host)
    return tasks_v2.CloudTasksClient(transport=CloudTasksGrpcTransport(channel=channel))


def fan_out(client: CloudTasksClient, queue: MaintenanceQueue, run_id: str) -> int:
    """Enqueues a task for each shard of the run; answers how many were new. Raises `QueueUnavailable`."""
    return sum(enqueue(client, queue, _task(queue, run_id, shard)) for shard in range(SHARDS))


def task_name(queue: str, run_id: str, shard: int) -> str:
    """The name of the task of a shard: the same for the same run, and spread as the queue likes names to be."""
    spread = hashlib.sha256(f"{run_id}/{shard}".encode()).hexdigest()[:12]
    plain = "".join(letter if letter.isalnum() else "-" for letter in run_id)
    return f"{queue}/tasks/{spread}-{plain}-shard-{shard}"


def _task(queue: MaintenanceQueue, run_id: str, shard: int) -> Task:
    from google.cloud import tasks_v2

    return tasks_v2.Task(
        name=task_name(queue.queue, run_id, shard),
        # The queue waits as long as it can; left alone it would send a shard again that is still being worked on.
        dispatch_deadline=timedelta(seconds=DISPATCH_SECONDS_MAX),
        http_request=tasks_v2.HttpRequest(
            http_method=tasks_v2.HttpMethod.POST,
            url=f"{queue.url}?{urlencode({'shard': shard, 'run_id': run_id})}",
            oidc_token=tasks_v2.OidcToken(service_account_email=queue.service_account, audience=queue.audience),
        ),
    )


def enqueue(client: CloudTasksClient, queue: MaintenanceQueue, task: Task) -> int:
    """Enqueues a task; answers 0 for one whose name the queue knows. Raises `QueueUnavailable`."""
    try:
        client.create_task(parent=queue.queue, task=task, timeout=ENQUEUE_SECONDS_MAX)
    except exceptions.AlreadyExists:
        return 0
    except GOOGLES as error:
        raise QueueUnavailable from error
    return 1

"""Tasks of Cloud Tasks: a run's shards, one notice, one user's webhooks; each under a name that enqueues nothing twice.

It must not know what a task does when it comes. The client is imported where it is used: most functions never need it.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from datetime import timedelta
from functools import lru_cache
from typing import TYPE_CHECKING, Final
from urllib.parse import urlencode

from google.api_core import exceptions

from streak_core.domain.errors import Unavailable
from streak_core.store.failures import GOOGLES
from streak_core.store.sharding import SHARDS

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from google.cloud.tasks_v2 import CloudTasksClient

    from streak_core.config.maintenance import MaintenanceQueue
    from streak_core.domain.notices import Notice

ENQUEUE_SECONDS_MAX: Final = 10.0
# How long the queue waits for a task, in seconds. A shard: the longest that Cloud Tasks waits for an HTTP target; left
# alone it would send one again that is still being worked on. A notice: ten devices, one after the other. A user's
# webhooks: a call begins no attempt after a minute, and each takes less than half of one.
SHARD_SECONDS_MAX: Final = 1800
NOTICE_SECONDS_MAX: Final = 120
WEBHOOKS_SECONDS_MAX: Final = 240
_NAME_LENGTH: Final = 40


class QueueUnavailable(Unavailable):
    """The task queue does not answer, or lets nobody in."""

    code = "queue_unavailable"
    message = "The task queue does not answer. Try again."


class RemindersUnavailable(Unavailable):
    """There is no queue that notices could be sent through."""

    code = "reminders_unavailable"
    message = "REMINDER_QUEUE names no queue: nobody can be reminded here."


@lru_cache(maxsize=4)
def task_queue(queue: MaintenanceQueue) -> TaskQueue:
    """The queue with its client, or with one of the stand-in that the configuration names."""
    from google.cloud import tasks_v2

    if queue.emulator_host is None:
        return TaskQueue(tasks_v2.CloudTasksClient(), queue)
    import grpc
    from google.cloud.tasks_v2.services.cloud_tasks.transports import CloudTasksGrpcTransport

    channel = grpc.insecure_channel(queue.emulator_host)
    return TaskQueue(tasks_v2.CloudTasksClient(transport=CloudTasksGrpcTransport(channel=channel)), queue)


@dataclass(frozen=True)
class TaskQueue:
    """One queue. Everything answers how many tasks were new, and raises `QueueUnavailable`."""

    client: CloudTasksClient
    queue: MaintenanceQueue

    def add_shards(self, run_id: str) -> int:
        """A task for each shard of a run."""
        return sum(self._add_shard(run_id, shard) for shard in range(SHARDS))

    def add_notice(self, user_id: str, notice: Notice) -> int:
        """A task for a notice of a user."""
        name = _spread(f"{user_id}/{notice.notice_id}", _NAME_LENGTH)
        return self._add(name, NOTICE_SECONDS_MAX, content={"user_id": user_id, "notice_id": notice.notice_id})

    def add_webhooks(self, user_id: str, due: datetime, of: str) -> int:
        """A task for a user's webhooks, to come when due; `of` is what asks for it, which gets one task alone."""
        name = _spread(f"{user_id}/{due.isoformat()}/{of}", _NAME_LENGTH)
        return self._add(name, WEBHOOKS_SECONDS_MAX, content={"user_id": user_id}, at=due)

    def _add_shard(self, run_id: str, shard: int) -> int:
        query = urlencode({"shard": shard, "run_id": run_id})
        return self._add(shard_task_name(run_id, shard), SHARD_SECONDS_MAX, query=f"?{query}")

    def _add(
        self,
        name: str,
        seconds_max: int,
        *,
        query: str = "",
        content: Mapping[str, str] | None = None,
        at: datetime | None = None,
    ) -> int:
        from google.cloud import tasks_v2

        queue = self.queue
        task = tasks_v2.Task(
            name=f"{queue.queue}/tasks/{name}",
            schedule_time=at,
            dispatch_deadline=timedelta(seconds=seconds_max),
            http_request=tasks_v2.HttpRequest(
                http_method=tasks_v2.HttpMethod.POST,
                url=f"{queue.url}{query}",
                headers={} if content is None else {"Content-Type": "application/json"},
                body=b"" if content is None else json.dumps(content).encode(),
                oidc_token=tasks_v2.OidcToken(service_account_email=queue.service_account, audience=queue.audience),
            ),
        )
        try:
            self.client.create_task(parent=queue.queue, task=task, timeout=ENQUEUE_SECONDS_MAX)
        except exceptions.AlreadyExists:
            return 0
        except GOOGLES as error:
            raise QueueUnavailable from error
        return 1


def shard_task_name(run_id: str, shard: int) -> str:
    """The name of the task of a shard: the same for the same run."""
    plain = "".join(letter if letter.isalnum() else "-" for letter in run_id)
    return f"{_spread(f'{run_id}/{shard}', 12)}-{plain}-shard-{shard}"


def _spread(text: str, length: int) -> str:
    """A name, or the beginning of one, spread as the queue likes names to be, and without anything of the user."""
    return hashlib.sha256(text.encode()).hexdigest()[:length]

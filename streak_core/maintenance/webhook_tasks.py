"""Has users' events told through Cloud Tasks: one task a user and moment, under a name that enqueues nothing twice.

It must not know what is told, or to whom. The client is imported where it is used.
"""

from __future__ import annotations

import hashlib
import json
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from streak_core.maintenance.fanout import enqueue

if TYPE_CHECKING:
    from datetime import datetime

    from google.cloud.tasks_v2 import CloudTasksClient, Task

    from streak_core.config.maintenance import MaintenanceQueue

# A call begins no attempt after a minute, and each takes less than half of one.
DISPATCH_SECONDS_MAX: Final = 240


def enqueue_telling(client: CloudTasksClient, queue: MaintenanceQueue, user_id: str, due: datetime, of: str) -> int:
    """Enqueues a task for a user, to come when that is due; `of` is what asks for it, which gets one task alone.

    Answers 0 for one that the queue knows. Raises `QueueUnavailable`.
    """
    return enqueue(client, queue, _task(queue, user_id, due, of))


def _task(queue: MaintenanceQueue, user_id: str, due: datetime, of: str) -> Task:
    from google.cloud import tasks_v2

    # Spread as the queue likes names to be, and without anything of the user.
    name = hashlib.sha256(f"{user_id}/{due.isoformat()}/{of}".encode()).hexdigest()[:40]
    return tasks_v2.Task(
        name=f"{queue.queue}/tasks/{name}",
        schedule_time=due,
        dispatch_deadline=timedelta(seconds=DISPATCH_SECONDS_MAX),
        http_request=tasks_v2.HttpRequest(
            http_method=tasks_v2.HttpMethod.POST,
            url=queue.url,
            headers={"Content-Type": "application/json"},
            body=json.dumps({"user_id": user_id}).encode(),
            oidc_token=tasks_v2.OidcToken(service_account_email=queue.service_account, audience=queue.audience),
        ),
    )

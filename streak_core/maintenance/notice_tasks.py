"""Has notices sent through Cloud Tasks: one task a notice, under a name that enqueues nothing twice.

It must not know what a notice says. The client is imported where it is used.
"""

from __future__ import annotations

import hashlib
import json
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from streak_core.domain.errors import Unavailable
from streak_core.maintenance.fanout import enqueue

if TYPE_CHECKING:
    from google.cloud.tasks_v2 import CloudTasksClient, Task

    from streak_core.config.maintenance import MaintenanceQueue
    from streak_core.domain.notices import Notice

# Ten devices, one after the other.
DISPATCH_SECONDS_MAX: Final = 120


class RemindersUnavailable(Unavailable):
    """There is no queue that notices could be sent through."""

    code = "reminders_unavailable"
    message = "REMINDER_QUEUE names no queue: nobody can be reminded here."


def enqueue_notice(client: CloudTasksClient, queue: MaintenanceQueue, user_id: str, notice: Notice) -> int:
    """Enqueues the task of a notice; answers 0 for one that the queue knows. Raises `QueueUnavailable`."""
    return enqueue(client, queue, _task(queue, user_id, notice.notice_id))


def _task(queue: MaintenanceQueue, user_id: str, notice_id: str) -> Task:
    from google.cloud import tasks_v2

    # Spread as the queue likes names to be, and without anything of the user.
    name = hashlib.sha256(f"{user_id}/{notice_id}".encode()).hexdigest()[:40]
    return tasks_v2.Task(
        name=f"{queue.queue}/tasks/{name}",
        dispatch_deadline=timedelta(seconds=DISPATCH_SECONDS_MAX),
        http_request=tasks_v2.HttpRequest(
            http_method=tasks_v2.HttpMethod.POST,
            url=queue.url,
            headers={"Content-Type": "application/json"},
            body=json.dumps({"user_id": user_id, "notice_id": notice_id}).encode(),
            oidc_token=tasks_v2.OidcToken(service_account_email=queue.service_account, audience=queue.audience),
        ),
    )

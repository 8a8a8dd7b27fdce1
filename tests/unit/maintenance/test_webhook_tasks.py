"""The task of a user whose events are to be told: under which name, when, and with what."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Final

from streak_core.config.maintenance import MaintenanceQueue
from streak_core.maintenance.fanout import tasks_client
from streak_core.maintenance.webhook_tasks import enqueue_telling
from testing.stand_in_queue import StandInQueue, listening

DUE: Final = datetime(2026, 3, 2, 12, tzinfo=UTC)


def test_a_task_has_one_name_for_a_user_a_moment_and_who_asks_and_comes_when_it_is_due() -> None:
    stand_in = StandInQueue()
    with listening(stand_in) as host:
        queue = MaintenanceQueue(
            queue="projects/p/locations/l/queues/webhooks",
            url="https://reminders.example.com/reminders/webhooks",
            service_account="scheduler@p.iam.gserviceaccount.com",
            audience="https://reminders.example.com",
            emulator_host=host,
        )
        client = tasks_client(queue)
        asked = [("ada", DUE, "run"), ("ada", DUE, "run"), ("ada", DUE, "again"), ("ben", DUE, "run")]
        asked.append(("ada", DUE + timedelta(seconds=5), "again"))
        assert [enqueue_telling(client, queue, *one) for one in asked] == [1, 0, 1, 1, 1]
    first = next(iter(stand_in.tasks.values()))
    assert json.loads(first.http_request.body) == {"user_id": "ada"}
    assert first.http_request.url == queue.url
    assert first.schedule_time == DUE
    assert "ada" not in first.name

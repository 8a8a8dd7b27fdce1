"""Tasks of a user, whose events are to be told or a notice sent: under which name, when, and with what."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Final

from streak_core.config.maintenance import MaintenanceQueue
from streak_core.domain.notices import Notice, NoticeKind
from streak_core.maintenance.tasks import task_queue
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
        tasks = task_queue(queue)
        asked = [("ada", DUE, "run"), ("ada", DUE, "run"), ("ada", DUE, "again"), ("ben", DUE, "run")]
        asked.append(("ada", DUE + timedelta(seconds=5), "again"))
        assert [tasks.add_webhooks(*one) for one in asked] == [1, 0, 1, 1, 1]
    first = next(iter(stand_in.tasks.values()))
    assert json.loads(first.http_request.body) == {"user_id": "ada"}
    assert first.http_request.url == queue.url
    assert first.schedule_time == DUE
    assert "ada" not in first.name


def test_a_notice_of_a_user_is_one_task_however_often_it_is_asked_for() -> None:
    stand_in = StandInQueue()
    notice = Notice(notice_id="2026-03-02.reminder", kind=NoticeKind.REMINDER, day=DUE.date(), at=DUE)
    with listening(stand_in) as host:
        tasks = task_queue(
            MaintenanceQueue(
                queue="projects/p/locations/l/queues/r",
                url="https://reminders.example.com/reminders/send",
                service_account="scheduler@p.iam.gserviceaccount.com",
                audience="https://reminders.example.com",
                emulator_host=host,
            )
        )
        assert [tasks.add_notice(user_id, notice) for user_id in ("ada", "ada", "ben")] == [1, 0, 1]
    first = next(iter(stand_in.tasks.values()))
    assert json.loads(first.http_request.body) == {"user_id": "ada", "notice_id": "2026-03-02.reminder"}
    assert first.http_request.headers["Content-Type"] == "application/json"
    assert "ada" not in first.name

"""A reminder over HTTP: the run enqueues a task, and what the task asks for is decided anew."""

from __future__ import annotations

import json
import uuid
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import httpx
import pytest
from google.cloud import firestore

from emulator.token import PROJECT, unsigned_token
from streak_core.commands import StreakCommands
from streak_core.domain.commands import CheckIn, ChooseNotices
from streak_core.store.users import UserStore
from testing.stand_in_queue import StandInQueue, listening
from tests.e2e.one_function import OneFunction
from tests.support.shipped_policy import policies

if TYPE_CHECKING:
    from collections.abc import Iterator

    from emulator.firestore import FirestoreEmulator

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
EVENING = "2026-03-03T18:30:00Z"
ASKED = {"Authorization": f"Bearer {unsigned_token('ops', admin=True)}", "X-Simulated-Time": EVENING}
SEND = "https://reminders.example.com/reminders/send"
NOTICE = {"user_id": "ada", "notice_id": "2026-03-03.reminder"}


@pytest.fixture(scope="module")
def queue() -> StandInQueue:
    return StandInQueue()


@pytest.fixture(scope="module")
def function(emulator: FirestoreEmulator, queue: StandInQueue) -> Iterator[OneFunction]:
    database = f"reminders-{uuid.uuid4().hex[:8]}"
    service = StreakCommands(UserStore(firestore.Client(project=PROJECT, database=database), policies), policies)
    service.execute("ada", NOON, ChooseNotices(channels={"reminder": ["push"]}, remind_at="18:30"))
    service.execute("ada", NOON, CheckIn())
    service.execute("eve", NOON, ChooseNotices(channels={"reminder": ["email"]}, remind_at="20:30"))
    service.execute("eve", NOON, CheckIn())
    with listening(queue) as host:
        own = {
            "FIRESTORE_EMULATOR_HOST": emulator.host,
            "FIREBASE_AUTH_EMULATOR_HOST": "127.0.0.1:9099",
            "CLOUD_TASKS_EMULATOR_HOST": host,
            "FIRESTORE_DATABASE": database,
            "REMINDER_QUEUE": "projects/p/locations/l/queues/r",
            "REMINDER_URL": SEND,
            "MAINTENANCE_SERVICE_ACCOUNT": "scheduler@p.iam.gserviceaccount.com",
            "MAINTENANCE_AUDIENCE": "https://reminders.example.com",
            "STREAK_SMTP_URL": "smtp://127.0.0.1:9",
            "STREAK_MAIL_FROM": "streaks@example.com",
        }
        with OneFunction("reminders", own) as running:
            assert running.starts(), running.output()
            yield running


def called(function: OneFunction, path: str = "", body: Any = None, at: str = EVENING) -> tuple[int, Any]:
    headers = {**ASKED, "X-Simulated-Time": at}
    answer = httpx.post(f"{function.url}/reminders{path}", headers=headers, json=body, timeout=60)
    return answer.status_code, answer.json()


def test_who_is_due_becomes_a_task_under_the_name_of_the_notice_and_is_told_once(
    function: OneFunction, queue: StandInQueue
) -> None:
    # The queue may be faster than the run.
    assert called(function, "/send", NOTICE)[1]["code"] == "notice_not_written"
    status, report = called(function)
    assert (status, report["status"], report["users_processed"], report["errors"]) == (200, "success", 1, 0)
    assert called(function) == (200, report)
    (task,) = queue.tasks.values()
    assert (task.http_request.url, json.loads(task.http_request.body)) == (SEND, NOTICE)
    assert task.http_request.oidc_token.audience == "https://reminders.example.com"
    assert "ada" not in task.name
    # Ada has no device: it stands in her inbox alone.
    assert called(function, "/send", NOTICE) == (200, {"status": "sent"})
    assert called(function, "/send", NOTICE) == (200, {"status": "before"})
    assert called(function, "/send", {**NOTICE, "user_id": "nobody"}) == (200, {"status": "silenced"})
    assert called(function, "/send", {"user_id": "ada"})[1]["code"] == "invalid_request"


def test_while_nobody_says_where_a_letter_goes_its_task_is_to_come_again(function: OneFunction) -> None:
    late = "2026-03-03T20:30:00Z"
    assert called(function, at=late)[1]["users_processed"] == 1
    notice = {**NOTICE, "user_id": "eve"}
    # Nobody listens where accounts are asked about.
    for _ in range(2):
        status, problem = called(function, "/send", notice, at=late)
        assert (status, problem["code"]) == (503, "mail_unavailable")

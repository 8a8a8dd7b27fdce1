"""A run of reminders that is fanned out, over HTTP: the call enqueues a task a shard, and each task a task a notice."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import httpx
import pytest

from emulator.token import unsigned_token
from streak_core.store.sharding import SHARDS, shard_of
from testing.stand_in_queue import StandInQueue, listening
from tests.e2e.one_function import OneFunction
from tests.e2e.reminding import EVENING, SEND, environment_of, write_users
from tests.support.unkept import HTTP

if TYPE_CHECKING:
    from collections.abc import Iterator

    from emulator.firestore import FirestoreEmulator

ASKED = {
    "Authorization": f"Bearer {unsigned_token('ops', admin=True)}",
    "X-Simulated-Time": EVENING,
    "X-CloudScheduler-ScheduleTime": EVENING,
}
SHARD_QUEUE = "projects/p/locations/l/queues/reminder-shards"
ADDRESS = "https://reminders.example.com/reminders"


@pytest.fixture(scope="module")
def queue() -> StandInQueue:
    return StandInQueue()


@pytest.fixture(scope="module")
def function(emulator: FirestoreEmulator, queue: StandInQueue) -> Iterator[OneFunction]:
    database = f"fanned-{uuid.uuid4().hex[:8]}"
    write_users(database)
    fan_out = {"REMINDER_FANOUT": "cloud-tasks", "REMINDER_SHARD_QUEUE": SHARD_QUEUE, "REMINDER_SHARD_URL": ADDRESS}
    with listening(queue) as host:
        own = {
            "FIRESTORE_EMULATOR_HOST": emulator.host,
            "FIRESTORE_DATABASE": database,
            **environment_of(host),
            **fan_out,
        }
        with OneFunction("reminders", own) as running:
            assert running.starts(), running.output()
            yield running


def called(function: OneFunction, query: str = "") -> httpx.Response:
    return HTTP.post(f"{function.url}/reminders{query}", headers=ASKED, timeout=60)


def test_a_run_of_reminders_is_a_task_a_shard_and_reported_once(function: OneFunction, queue: StandInQueue) -> None:
    begun = called(function)
    assert (begun.status_code, begun.json()) == (202, {"run_id": EVENING, "status": "fanned_out", "tasks": SHARDS})
    doubled = called(function)
    assert (doubled.status_code, doubled.json()["tasks"]) == (202, 0)
    tasks = list(queue.tasks.values())
    assert {task.name.rpartition("/tasks/")[0] for task in tasks} == {SHARD_QUEUE}
    assert {task.http_request.oidc_token.audience for task in tasks} == {ADDRESS.rpartition("/")[0]}
    queries = [urlsplit(task.http_request.url).query for task in tasks]
    assert {task.http_request.url.partition("?")[0] for task in tasks} == {ADDRESS}
    answers = [called(function, f"?{query}").json() for query in queries]
    assert [(one["status"], one["users_processed"]) for one in sorted(answers, key=lambda one: one["shard"])] == [
        ("success", int(shard == shard_of("ada"))) for shard in range(SHARDS)
    ]
    (notice,) = (task for task in queue.tasks.values() if task not in tasks)
    assert notice.http_request.url == SEND
    whole = called(function)
    assert (whole.status_code, whole.json()["users_processed"]) == (200, 1)


def test_a_shard_that_there_is_not_is_refused(function: OneFunction) -> None:
    refused = called(function, f"?shard={SHARDS}")
    assert (refused.status_code, refused.json()["code"]) == (422, "invalid_request")

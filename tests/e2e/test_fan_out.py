"""A run that is fanned out, over HTTP: the function enqueues, each task calls back, the report adds the shards up."""

from __future__ import annotations

import re
import uuid
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import httpx
import pytest
from google.cloud import firestore

from emulator.token import PROJECT, unsigned_token
from streak_core.store.sharding import SHARDS
from testing.stand_in_queue import StandInQueue, listening
from tests.e2e.one_function import OneFunction
from tests.support.population import due_population
from tests.support.unkept import HTTP

if TYPE_CHECKING:
    from collections.abc import Iterator

    from emulator.firestore import FirestoreEmulator

LATER = "2026-03-05T05:00:00Z"
ASKED = {
    "Authorization": f"Bearer {unsigned_token('ops', admin=True)}",
    "X-Simulated-Time": LATER,
    "X-CloudScheduler-ScheduleTime": LATER,
}


@pytest.fixture(scope="module")
def queue() -> StandInQueue:
    return StandInQueue()


@pytest.fixture(scope="module")
def function(emulator: FirestoreEmulator, queue: StandInQueue) -> Iterator[OneFunction]:
    database = f"fanout-{uuid.uuid4().hex[:8]}"
    due_population(firestore.Client(project=PROJECT, database=database), 300)
    with listening(queue) as host:
        own = {
            "FIRESTORE_EMULATOR_HOST": emulator.host,
            "FIREBASE_AUTH_EMULATOR_HOST": "127.0.0.1:9099",
            "CLOUD_TASKS_EMULATOR_HOST": host,
            "FIRESTORE_DATABASE": database,
            "MAINTENANCE_FANOUT": "cloud-tasks",
            "MAINTENANCE_QUEUE": "projects/p/locations/l/queues/q",
            "MAINTENANCE_URL": "https://maintenance.example.com/maintenance",
            "MAINTENANCE_SERVICE_ACCOUNT": "scheduler@p.iam.gserviceaccount.com",
            "MAINTENANCE_AUDIENCE": "https://maintenance.example.com",
        }
        with OneFunction("maintenance", own) as running:
            assert running.starts(), running.output()
            yield running


def called(function: OneFunction, query: str = "") -> httpx.Response:
    return HTTP.post(f"{function.url}/maintenance{query}", headers=ASKED, timeout=60)


def test_a_run_is_fanned_out_settled_by_its_tasks_and_reported_once(function: OneFunction, queue: StandInQueue) -> None:
    begun = called(function)
    assert (begun.status_code, begun.json()) == (202, {"run_id": LATER, "status": "fanned_out", "tasks": SHARDS})
    doubled = called(function)
    assert (doubled.status_code, doubled.json()["tasks"]) == (202, 0)
    assert len(queue.tasks) == SHARDS
    addresses = [urlsplit(task.http_request.url) for task in queue.tasks.values()]
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda address: called(function, f"?{address.query}"), addresses))
    assert {answer.status_code for answer in answers} == {200}
    reports: list[dict[str, Any]] = [answer.json() for answer in answers]
    assert sum(report["users_processed"] for report in reports) == 300
    whole = called(function)
    assert whole.status_code == 200
    assert (whole.json()["status"], whole.json()["users_processed"], whole.json()["streaks_broken"]) == (
        "success",
        300,
        300,
    )


def test_a_queue_that_does_not_answer_is_said_to_and_the_next_call_enqueues_what_is_missing(
    function: OneFunction, queue: StandInQueue
) -> None:
    later = {**ASKED, "X-CloudScheduler-ScheduleTime": "2026-03-05T04:00:00Z"}
    queue.room = len(queue.tasks) + 10
    refused = HTTP.post(f"{function.url}/maintenance", headers=later, timeout=60)
    assert (refused.status_code, refused.json()["code"]) == (503, "queue_unavailable")
    assert re.fullmatch(r"\d+", refused.headers["Retry-After"])
    queue.room = 10**9
    again = HTTP.post(f"{function.url}/maintenance", headers=later, timeout=60)
    assert (again.status_code, again.json()["tasks"]) == (202, SHARDS - 10)

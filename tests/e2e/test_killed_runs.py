"""A call that is killed, and then nobody but Cloud Scheduler with its own settings: everybody is settled.

Must not know how a run is done. The time between two tries is not waited for: the stored lease is moved back by it.
"""

from __future__ import annotations

import time
import uuid
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

import httpx
import pytest
from google.cloud import firestore

from emulator.token import PROJECT, unsigned_token
from streak_core.store.runs import LEASE
from streak_core.store.sharding import SHARDS
from testing.stand_in_queue import StandInQueue, listening
from tests.e2e.one_function import OneFunction
from tests.packaging.gcloud_commands import PLAIN
from tests.support.cloud_scheduler import backoffs
from tests.support.population import due_population
from tests.support.unkept import HTTP
from tools.deploy.scheduler import scheduler_actions

if TYPE_CHECKING:
    from collections.abc import Callable

    from emulator.firestore import FirestoreEmulator

RUN: Final = "2026-03-05T05:00:00Z"
USERS: Final = 400
CALLED: Final = {
    "Authorization": f"Bearer {unsigned_token('ops', admin=True)}",
    "X-Simulated-Time": "2026-03-05T05:00:10Z",
    "X-CloudScheduler-ScheduleTime": RUN,
}
JOB: Final = next(one for one in scheduler_actions(PLAIN) if "maintenance" in one.what)


@pytest.fixture
def name() -> str:
    return f"killed-{uuid.uuid4().hex[:8]}"


@pytest.fixture
def database(name: str) -> firestore.Client:
    client = firestore.Client(project=PROJECT, database=name)
    due_population(client, USERS)
    return client


@pytest.fixture
def own(emulator: FirestoreEmulator, name: str) -> dict[str, str]:
    return {
        "FIRESTORE_EMULATOR_HOST": emulator.host,
        "FIREBASE_AUTH_EMULATOR_HOST": "127.0.0.1:9099",
        "FIRESTORE_DATABASE": name,
        "MAINTENANCE_THREADS": "1",
        "MAINTENANCE_BATCH_USERS": "1",
    }


def call(function: OneFunction, query: str = "") -> httpx.Response:
    return HTTP.post(f"{function.url}/maintenance{query}", headers=CALLED, timeout=120)


def kill_when(function: OneFunction, has_begun: Callable[[], bool]) -> None:
    """Calls it, and kills it as soon as that has begun."""
    with ThreadPoolExecutor(1) as pool:
        answer = pool.submit(call, function)
        for _ in range(1_200):
            if has_begun():
                break
            time.sleep(0.05)
        assert not answer.done()
        function.kill()
        assert isinstance(answer.exception(), httpx.TransportError)


def pass_time(database: firestore.Client, seconds: float) -> None:
    run_doc = database.document(f"maintenance_runs/{RUN}")
    lease_until = (run_doc.get().to_dict() or {})["lease_until"]
    run_doc.update({"lease_until": lease_until - timedelta(seconds=seconds)})


def tries(function: OneFunction, database: firestore.Client) -> list[httpx.Response]:
    """The answers to Cloud Scheduler's further tries, of which an answer of 2xx is the last."""
    answers: list[httpx.Response] = []
    for seconds in backoffs(JOB.command):
        pass_time(database, seconds)
        answers.append(call(function))
        if answers[-1].is_success:
            break
    return answers


def left(database: firestore.Client) -> int:
    return sum((one.to_dict() or {})["expires_at"] is not None for one in database.collection("streaks").stream())


def test_killed_in_the_middle_of_a_run(own: dict[str, str], database: firestore.Client) -> None:
    with OneFunction("maintenance", own) as first:
        assert first.starts(), first.output()
        kill_when(first, lambda: bool(list(database.collection_group("shards").limit(1).stream())))
    assert 0 < left(database) < USERS
    with OneFunction("maintenance", own) as second:
        assert second.starts(), second.output()
        at_once = call(second)
        assert (at_once.status_code, at_once.json()["code"]) == (503, "already_running")
        assert 0 < int(at_once.headers["Retry-After"]) <= LEASE.total_seconds()
        answers = tries(second, database)
    report: dict[str, Any] = answers[-1].json()
    assert (len(answers), report["status"], report["users_processed"]) == (1, "success", USERS)
    assert left(database) == 0


class SlowQueue(StandInQueue):
    """Takes as many tasks as there is room for, and lets the next one wait."""

    def create(self, request: Any, context: Any) -> Any:
        while len(self.tasks) >= self.room and context.is_active():
            time.sleep(0.05)
        return super().create(request, context)


def test_killed_while_the_tasks_are_enqueued(own: dict[str, str], database: firestore.Client) -> None:
    queue = SlowQueue()
    queue.room = 20
    with listening(queue) as host:
        own |= {
            "CLOUD_TASKS_EMULATOR_HOST": host,
            "MAINTENANCE_FANOUT": "cloud-tasks",
            "MAINTENANCE_QUEUE": "projects/p/locations/l/queues/q",
            "MAINTENANCE_URL": "https://maintenance.example.com/maintenance",
            "MAINTENANCE_SERVICE_ACCOUNT": "scheduler@p.iam.gserviceaccount.com",
            "MAINTENANCE_AUDIENCE": "https://maintenance.example.com",
        }
        with OneFunction("maintenance", own) as first:
            assert first.starts(), first.output()
            kill_when(first, lambda: len(queue.tasks) == queue.room)
        queue.room = SHARDS
        with OneFunction("maintenance", own) as second:
            assert second.starts(), second.output()
            assert call(second).status_code == HTTPStatus.SERVICE_UNAVAILABLE
            answers = tries(second, database)
            # What the dead one had sent already may have arrived.
            assert [one.status_code for one in answers] == [202]
            assert 0 < answers[0].json()["tasks"] <= SHARDS - 20
            assert len(queue.tasks) == SHARDS
            for task in queue.tasks.values():
                assert call(second, f"?{urlsplit(task.http_request.url).query}").is_success
            assert call(second).json()["users_processed"] == USERS
    assert left(database) == 0

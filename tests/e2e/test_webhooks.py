"""Webhooks over HTTP: the run enqueues a task, a trigger tells at once, and the specification's library believes it.

Must not know how what waits is kept.
"""

from __future__ import annotations

import base64
import json
import uuid
from typing import TYPE_CHECKING, Any, Final

import pytest
from google.cloud import firestore
from standardwebhooks.webhooks import Webhook

from emulator.token import PROJECT, unsigned_token
from streak_core.domain.commands import CheckIn
from testing.stand_in_endpoint import StandInEndpoint
from testing.stand_in_endpoint import listening as serving
from testing.stand_in_queue import StandInQueue, listening
from tests.e2e.one_function import OneFunction
from tests.e2e.reminding import environment_of
from tests.support.told_world import NOON, ToldWorld
from tests.support.unkept import HTTP

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from emulator.firestore import FirestoreEmulator

SECRET: Final = f"whsec_{base64.b64encode(b's' * 24).decode()}"
TELL: Final = "https://reminders.example.com/reminders/webhooks"
AT: Final = "2026-03-02T12:00:00Z"
ASKED: Final = {"Authorization": f"Bearer {unsigned_token('ops', admin=True)}", "X-Simulated-Time": AT}


@pytest.fixture(scope="module")
def server() -> StandInEndpoint:
    return StandInEndpoint()


@pytest.fixture(scope="module")
def queue() -> StandInQueue:
    return StandInQueue()


@pytest.fixture(scope="module")
def function(
    emulator: FirestoreEmulator, server: StandInEndpoint, queue: StandInQueue, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[OneFunction]:
    database = f"webhooks-{uuid.uuid4().hex[:8]}"
    world = ToldWorld(firestore.Client(project=PROJECT, database=database))
    for user_id in ("ada", "ben", "eve"):
        world.give(user_id, NOON, CheckIn())
    with listening(queue) as host, serving(server) as port:
        own = {"FIRESTORE_EMULATOR_HOST": emulator.host, "FIRESTORE_DATABASE": database, **environment_of(host)}
        own |= {"WEBHOOK_QUEUE": "projects/p/locations/l/queues/w", "WEBHOOK_URL": TELL}
        file = written(tmp_path_factory.mktemp("webhooks"), port)
        own |= {"STREAK_WEBHOOKS_FILE": str(file), "STREAK_WEBHOOK_EVENTS": "crm:streak_started"}
        with OneFunction("reminders", own) as running:
            assert running.starts(), running.output()
            yield running


def written(place: Path, port: int) -> Path:
    file = place / "webhooks.toml"
    lines = ["[endpoints.crm]", f'url = "http://127.0.0.1:{port}/in"', f'secrets = ["{SECRET}"]']
    file.write_text("\n".join(lines), encoding="utf-8")
    return file


def called(function: OneFunction, path: str = "", body: Any = None, **headers: str) -> tuple[int, Any]:
    answer = HTTP.post(f"{function.url}/reminders{path}", headers={**ASKED, **headers}, json=body, timeout=60)
    return answer.status_code, answer.json()


def test_a_run_has_a_task_for_each_user_of_whom_a_server_is_to_be_told(
    function: OneFunction, queue: StandInQueue
) -> None:
    assert called(function)[0] == 200
    tasks = [one for one in queue.tasks.values() if one.http_request.url == TELL]
    assert sorted(json.loads(one.http_request.body)["user_id"] for one in tasks) == ["ada", "ben", "eve"]


def test_a_task_tells_and_the_librarys_own_receiver_believes_it(function: OneFunction, server: StandInEndpoint) -> None:
    for _ in range(2):
        assert called(function, "/webhooks", {"user_id": "ada"}) == (200, {"due_at": None})
    (received,) = server.received
    content = Webhook(SECRET).verify(received.body, received.headers)
    assert (content["type"], content["data"]["user_id"]) == ("streak_started", "ada")


def test_a_trigger_tells_of_the_user_whose_document_was_written(function: OneFunction, server: StandInEndpoint) -> None:
    before = len(server.received)
    document = "streaks/ben/outbox/1"
    answer = called(function, "/webhooks/written", **{"Ce-Document": document, "Content-Type": "application/protobuf"})
    assert answer == (200, {"due_at": None})
    assert json.loads(server.received[before].body)["data"]["user_id"] == "ben"
    status, problem = called(function, "/webhooks/written", **{"Ce-Document": "streaks/ben"})
    assert (status, problem["errors"][0]["field"]) == (422, "Ce-Document")


def test_what_fails_has_a_task_that_comes_when_it_is_due(
    function: OneFunction, server: StandInEndpoint, queue: StandInQueue
) -> None:
    server.statuses.append(500)
    tasks = set(queue.tasks)
    assert called(function, "/webhooks", {"user_id": "eve"}) == (200, {"due_at": "2026-03-02T12:00:05Z"})
    (name,) = set(queue.tasks) - tasks
    assert queue.tasks[name].schedule_time == NOON.replace(second=5)


def test_nobody_but_the_scheduler_and_admins_has_anybody_told(function: OneFunction) -> None:
    headers = {"Authorization": f"Bearer {unsigned_token('ada')}"}
    assert called(function, "/webhooks", {"user_id": "ada"}, **headers)[0] == 403

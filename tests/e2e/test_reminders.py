"""A reminder over HTTP: the run enqueues a task, and what the task asks for is decided anew."""

from __future__ import annotations

import json
import uuid
from typing import TYPE_CHECKING, Any

import pytest

from emulator.token import unsigned_token
from testing.stand_in_queue import StandInQueue, listening
from tests.e2e.one_function import OneFunction
from tests.e2e.reminding import EVENING, LATE, NOTICE_ID, SEND, environment_of, write_users
from tests.support.unkept import HTTP

if TYPE_CHECKING:
    from collections.abc import Iterator

    from emulator.firestore import FirestoreEmulator

ASKED = {"Authorization": f"Bearer {unsigned_token('ops', admin=True)}", "X-Simulated-Time": EVENING}
NOTICE = {"user_id": "ada", "notice_id": NOTICE_ID}


@pytest.fixture(scope="module")
def queue() -> StandInQueue:
    return StandInQueue()


@pytest.fixture(scope="module")
def function(emulator: FirestoreEmulator, queue: StandInQueue) -> Iterator[OneFunction]:
    database = f"reminders-{uuid.uuid4().hex[:8]}"
    write_users(database)
    with listening(queue) as host:
        own = {"FIRESTORE_EMULATOR_HOST": emulator.host, "FIRESTORE_DATABASE": database, **environment_of(host)}
        with OneFunction("reminders", own) as running:
            assert running.starts(), running.output()
            yield running


def called(function: OneFunction, path: str = "", body: Any = None, at: str = EVENING) -> tuple[int, Any]:
    headers = {**ASKED, "X-Simulated-Time": at}
    answer = HTTP.post(f"{function.url}/reminders{path}", headers=headers, json=body, timeout=60)
    return answer.status_code, answer.json()


def test_who_is_due_becomes_a_task_under_the_name_of_the_notice_and_is_told_once(
    function: OneFunction, queue: StandInQueue
) -> None:
    # The queue may be faster than the run.
    assert called(function, "/send", NOTICE)[1]["code"] == "notice_not_written"
    status, report = called(function)
    assert (status, report["status"], report["users_processed"], report["errors"]) == (200, "success", 1, 0)
    # By the name that it can be called with, as the contract has it.
    assert report["run_id"] == EVENING
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


@pytest.mark.parametrize("notice_id", ["", "a/b", "..", "__a__"])
def test_what_can_be_no_notice_or_user_is_refused_and_no_failure_of_ours(function: OneFunction, notice_id: str) -> None:
    status, problem = called(function, "/send", {**NOTICE, "notice_id": notice_id})
    assert (status, [one["field"] for one in problem["errors"]]) == (422, ["notice_id"])
    for path, body in (("/send", NOTICE), ("/webhooks", {})):
        status, problem = called(function, path, {**body, "user_id": ""})
        assert (status, [one["field"] for one in problem["errors"]]) == (422, ["user_id"])


def test_while_nobody_says_where_a_letter_goes_its_task_is_to_come_again(
    function: OneFunction, queue: StandInQueue
) -> None:
    assert called(function, at=LATE)[1]["status"] == "success"
    notice = {**NOTICE, "user_id": "eve"}
    assert notice in [json.loads(task.http_request.body) for task in queue.tasks.values()]
    # Nobody listens where accounts are asked about.
    for _ in range(2):
        status, problem = called(function, "/send", notice, at=LATE)
        assert (status, problem["code"]) == (503, "mail_unavailable")

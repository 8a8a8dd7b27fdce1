"""The scenario tables, played over HTTP, each as a fresh user."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING

import pytest

from testing.scenario_requests import BY_OPERATORS, PARTS, REQUESTS, about, names_no_pause, told_of_one, with_pause_id
from testing.scenarios import TABLES, difference, steps_of
from testing.steps import Step

if TYPE_CHECKING:
    import httpx

    from tests.e2e.client import User


@pytest.mark.parametrize("name", TABLES)
def test_the_functions_answer_as_the_table_says(user: User, admin: User, name: str) -> None:
    for number, step in enumerate(steps_of(TABLES[name])):
        answer = _answer(admin if step["do"] in BY_OPERATORS else user, user.uid, step)
        assert _difference(step, answer) is None, f"step {number}: {step['do']} at {step['at']}"


def _answer(asking: User, uid: str, step: Step) -> httpx.Response:
    if names_no_pause(step):
        step = with_pause_id(step, asking.get("/streak/pauses", at=step["at"])["pauses"])
    method, path, body = about(uid, REQUESTS[step["do"]](step))
    return asking.ask(method, path, body, at=step["at"], key=step.get("key"))


def _difference(step: Step, answer: httpx.Response) -> str | None:
    status, told = told_of_one(answer.status_code, answer.json())
    if "expect_refused" in step:
        return difference(step["expect_refused"], told.get("code"))
    if status >= HTTPStatus.BAD_REQUEST:
        return f"refused: {answer.text}"
    part = PARTS.get(step["do"])
    got = told[part] if part else told
    return difference(step["expect"], got) if "expect" in step else None

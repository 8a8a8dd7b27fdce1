"""The scenario tables, played over HTTP, each as a fresh user."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from testing.scenario_requests import PARTS, REQUESTS, for_user, names_no_pause, with_pause_id
from testing.scenarios import TABLES, difference, steps_of
from testing.steps import OPERATOR_STEPS, Step

if TYPE_CHECKING:
    import httpx

    from tests.e2e.client import User


@pytest.mark.parametrize("name", TABLES)
def test_the_functions_answer_as_the_table_says(user: User, admin: User, name: str) -> None:
    for number, step in enumerate(steps_of(TABLES[name])):
        answer = _answer(user, admin, step)
        assert _difference(step, answer) is None, f"step {number}: {step['do']} at {step['at']}"


def _answer(user: User, admin: User, step: Step) -> httpx.Response:
    if names_no_pause(step):
        step = with_pause_id(step, user.get("/streak/pauses", at=step["at"])["pauses"])
    method, path, body = REQUESTS[step["do"]](step)
    caller = admin if step["do"] in {*OPERATOR_STEPS, "maintenance"} else user
    return caller.ask(method, for_user(path, user.uid), body, at=step["at"], key=step.get("key"))


def _difference(step: Step, answer: httpx.Response) -> str | None:
    if "expect_refused" in step:
        return difference(step["expect_refused"], answer.json().get("code"))
    if not answer.is_success:
        return f"refused: {answer.text}"
    part = PARTS.get(step["do"])
    got = answer.json()[part] if part else answer.json()
    return difference(step["expect"], got) if "expect" in step else None

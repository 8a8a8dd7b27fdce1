"""The scenario tables, played over HTTP, each as a fresh user."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from testing.scenario_requests import PARTS, REQUESTS
from testing.scenarios import TABLES, difference
from testing.steps import Step

if TYPE_CHECKING:
    import httpx

    from tests.e2e.client import User


@pytest.mark.parametrize("name", TABLES)
def test_the_functions_answer_as_the_table_says(user: User, admin: User, name: str) -> None:
    table = TABLES[name]
    zone = {"at": table["steps"][0]["at"], "do": "set_time_zone", "time_zone": table["time_zone"]}
    for number, step in enumerate([zone, *table["steps"]]):
        asks = admin if step["do"] == "maintenance" else user
        method, path, body = REQUESTS[step["do"]](step)
        answer = asks.ask(method, path, body, at=step["at"])
        assert _difference(step, answer) is None, f"step {number}: {step['do']} at {step['at']}"


def _difference(step: Step, answer: httpx.Response) -> str | None:
    if "expect_refused" in step:
        return difference(step["expect_refused"], answer.json().get("code"))
    if not answer.is_success:
        return f"refused: {answer.text}"
    part = PARTS.get(step["do"])
    got = answer.json()[part] if part else answer.json()
    return difference(step["expect"], got) if "expect" in step else None

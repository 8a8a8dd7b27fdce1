"""Random lives over HTTP, through the real functions and the emulator, answered as the model answers them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hypothesis import HealthCheck, given

from testing.lives import lives
from testing.model import ModelUser, Refused
from testing.scenario_requests import PARTS, REQUESTS
from testing.scenarios import as_json, difference
from testing.steps import Step
from tests.e2e.client import User
from tests.support.thoroughness import examples

if TYPE_CHECKING:
    import httpx


@given(lives(steps_max=16))
@examples(15, suppressed=[HealthCheck.function_scoped_fixture])
def test_a_life_over_http_is_answered_as_the_model_answers_it(
    http: httpx.Client, served: str, life: list[Step]
) -> None:
    user, admin, model = User(http, served), User(http, served, admin=True), ModelUser()
    for number, step in enumerate(life):
        told = f"step {number}: {step}"
        assert _refusal(admin if step["do"] == "maintenance" else user, step) == _model_refusal(model, step), told
        for ask in ({"do": "get_streak"}, {"do": "get_calendar", "days": 20}, {"do": "get_consistency"}):
            question = {"at": step["at"], **ask}
            method, path, _ = REQUESTS[question["do"]](question)
            answer = user.get(path, at=step["at"])
            part = PARTS.get(question["do"])
            assert difference(as_json(model.step(question)), answer[part] if part else answer) is None, told
            assert method == "GET"


def _refusal(user: User, step: Step) -> Any:
    method, path, body = REQUESTS[step["do"]](step)
    answer = user.ask(method, path, body, at=step["at"])
    return None if answer.is_success else answer.json()["code"]


def _model_refusal(model: ModelUser, step: Step) -> str | None:
    try:
        model.step(step)
    except Refused as refused:
        return refused.code
    return None

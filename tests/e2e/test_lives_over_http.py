"""Random lives over HTTP, through the real functions and the emulator, answered as the model answers them."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING

from hypothesis import HealthCheck, given
from hypothesis import strategies as st

from testing.lives import lives
from testing.reference.answers import as_told
from testing.reference.policy import Refused
from testing.reference.user import ReferenceUser
from testing.scenario_requests import BY_OPERATORS, PARTS, REQUESTS, about, names_no_pause, told_of_one
from testing.scenarios import difference
from testing.steps import CommandStep, Step
from tests.e2e.client import User
from tests.support.thoroughness import examples

if TYPE_CHECKING:
    import httpx

_QUESTIONS: tuple[Step, ...] = (
    {"do": "get_streak"},
    {"do": "get_calendar", "days": 20},
    {"do": "get_consistency"},
    {"do": "get_explain", "days": 14},
)


@given(lives(steps_max=16))
@examples(15, suppressed=[HealthCheck.function_scoped_fixture])
def test_a_life_over_http_is_answered_as_the_model_answers_it(
    http: httpx.Client, served: str, life: list[Step]
) -> None:
    user, admin, model = User(http, served), User(http, served, admin=True), ReferenceUser()
    for number, step in enumerate(life):
        told = f"step {number}: {step}"
        asked = _with_pause_id(user, step)
        refusal = _refusal(admin if step["do"] in BY_OPERATORS else user, user.uid, asked)
        assert refusal == _model_refusal(model, asked), told
        _check_answers(user, model, step["at"], told)


@given(lives(steps_max=16, may_come_along=False), st.integers(2, 6))
@examples(10, suppressed=[HealthCheck.function_scoped_fixture])
def test_a_life_sent_in_batches_over_http_is_answered_as_the_model_answers_it(
    http: httpx.Client, served: str, life: list[Step], most: int
) -> None:
    user, admin, model = User(http, served), User(http, served, admin=True), ReferenceUser()
    waiting: list[Step] = []
    for step in life:
        if step["do"] == CommandStep.RECORD:
            waiting.append({**step, "occurred_at": step.get("occurred_at", step["at"])})
        else:
            asked = _with_pause_id(user, step)
            refusal = _refusal(admin if step["do"] in BY_OPERATORS else user, user.uid, asked)
            assert refusal == _model_refusal(model, asked), step
        if len(waiting) >= most or step is life[-1]:
            _send(user, model, [{**one, "at": step["at"]} for one in waiting])
            waiting.clear()
    _check_answers(user, model, life[-1]["at"], "at the end")


def _send(user: User, model: ReferenceUser, waiting: list[Step]) -> None:
    """In batches that end at a refusal: what stood behind it is sent next."""
    while waiting:
        body = {"activities": [REQUESTS["record"](one)[2] for one in waiting], "stop_at_refusal": True}
        answer = user.do("POST", "/streak/activities:batch", body, at=waiting[0]["at"])
        tried = [one for one in answer["results"] if one["status"] != HTTPStatus.FAILED_DEPENDENCY]
        for step, part in zip(waiting, tried, strict=False):
            assert part.get("problem", {}).get("code") == _model_refusal(model, step), step
        waiting = waiting[len(tried) :]


def _check_answers(user: User, model: ReferenceUser, at: str, told: str) -> None:
    for ask in _QUESTIONS:
        question = {"at": at, **ask}
        method, path, _ = REQUESTS[question["do"]](question)
        answer = user.get(path, at=at)
        part = PARTS.get(question["do"])
        assert difference(as_told(model.step(question)), answer[part] if part else answer) is None, told
        assert method == "GET"


def _with_pause_id(user: User, step: Step) -> Step:
    if not names_no_pause(step):
        return step
    pauses = user.get("/streak/pauses", at=step["at"])["pauses"]
    return {**step, "pause_id": next((one["pause_id"] for one in pauses if one["from"] == step["from"]), "pause-0")}


def _refusal(asking: User, uid: str, step: Step) -> str | None:
    method, path, body = about(uid, REQUESTS[step["do"]](step))
    # The id of an activity is its key.
    key = None if step["do"] == CommandStep.RECORD else step.get("key")
    answer = asking.ask(method, path, body, at=step["at"], key=key)
    status, told = told_of_one(answer.status_code, answer.json())
    return None if status < HTTPStatus.BAD_REQUEST else str(told["code"])


def _model_refusal(model: ReferenceUser, step: Step) -> str | None:
    try:
        model.step(step)
    except Refused as refused:
        return refused.code
    return None

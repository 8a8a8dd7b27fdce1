"""How much one user may ask for, over HTTP, under a policy with small limits."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from emulator.places import ROOT
from emulator.token import unsigned_token
from streak_core.config import shipped_policy
from testing import contract
from tests.e2e.one_function import OneFunction
from tests.support.unkept import HTTP

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from emulator.firestore import FirestoreEmulator

NOON = "2026-03-02T12:00:00Z"


@pytest.fixture(scope="module")
def url(emulator: FirestoreEmulator, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    place: Path = tmp_path_factory.mktemp("policy") / "policy.toml"
    content = (ROOT / "streak_core" / "policy.toml").read_text()
    for name, shipped, small in (("commands_max", 600, 6), ("activities_per_day_max", 1000, 4)):
        assert f"{name} = {shipped}" in content
        content = content.replace(f"{name} = {shipped}", f"{name} = {small}")
    place.write_text(content)
    own = {
        "FIRESTORE_EMULATOR_HOST": emulator.host,
        "FIREBASE_AUTH_EMULATOR_HOST": "127.0.0.1:9099",
        "STREAK_POLICY_FILE": str(place),
    }
    with OneFunction("streak", own) as function:
        assert function.starts(), function.output()
        yield function.url


def ask(url: str, uid: str, method: str, path: str, at: str = NOON, **more: Any) -> httpx.Response:
    headers = {"Authorization": f"Bearer {unsigned_token(uid)}", "X-Simulated-Time": at}
    answer = HTTP.request(method, url + path, headers=headers, timeout=30, **more)
    contract.check_answer(method, path, answer)
    return answer


def record(url: str, uid: str, name: str, at: str = NOON) -> httpx.Response:
    activity = {"activity_type": "check_in", "activity_id": name}
    return ask(url, uid, "POST", "/streak/activities", at, json=activity)


def batch(url: str, uid: str, *names: str, stops: bool = False) -> httpx.Response:
    activities = [{"activity_type": "check_in", "activity_id": name} for name in names]
    body = {"activities": activities, "stop_at_refusal": stops}
    return ask(url, uid, "POST", "/streak/activities:batch", json=body)


def left(answer: httpx.Response) -> tuple[int, int]:
    """How many more would be accepted now, and after how many seconds one more once they are."""
    found = re.fullmatch(r'"commands";r=(\d+);t=(\d+)', answer.headers["RateLimit"])
    assert found
    return int(found[1]), int(found[2])


def test_a_command_too_many_is_told_how_long_to_wait_and_is_accepted_then(url: str) -> None:
    assert [record(url, "hasty", str(number)).status_code for number in range(4)] == [201] * 4
    for chosen in (False, True):
        assert ask(url, "hasty", "PATCH", "/streak/settings", json={"auto_freeze": chosen}).status_code == 200
    refused = ask(url, "hasty", "PATCH", "/streak/settings", json={"auto_freeze": False})
    assert (refused.status_code, refused.json()["code"]) == (429, "rate_limited")
    wait = int(refused.headers["Retry-After"])
    assert left(refused) == (0, wait)
    assert 0 < wait <= 2 * shipped_policy().limits.window_seconds
    assert ask(url, "hasty", "GET", "/streak/settings").json()["auto_freeze"] is True
    later = f"2026-03-02T12:{wait // 60:02d}:{wait % 60:02d}Z"
    assert ask(url, "hasty", "PATCH", "/streak/settings", later, json={"auto_freeze": False}).status_code == 200


def test_each_counted_answer_says_how_many_more_would_be_accepted(url: str) -> None:
    for number in range(2):
        answer = record(url, "told", str(number))
        assert answer.headers["RateLimit-Policy"] == '"commands";q=6;w=600'
        assert left(answer)[0] == 5 - number
    assert left(batch(url, "told", "1", "2"))[0] == 3
    assert left(ask(url, "told", "POST", "/streak/reset"))[0] == 2
    assert left(ask(url, "told", "DELETE", "/streak/reset"))[0] == 1
    assert left(ask(url, "told", "PATCH", "/streak/settings", json={"auto_freeze": False}))[0] == 0
    refused = batch(url, "told", "1", "3")
    assert [one.get("problem", {}).get("code") for one in refused.json()["results"]] == [None, "rate_limited"]
    assert left(refused)[0] == 0


def test_of_a_batch_that_ends_at_a_refusal_what_was_not_tried_is_not_counted(url: str) -> None:
    assert left(batch(url, "stopping", "0", "a/b", "1", "2", "3", stops=True))[0] == 5
    answer = batch(url, "stopping", "0", "1", "a/b", "2", stops=True)
    assert [one["status"] for one in answer.json()["results"]] == [201, 201, 422, 424]
    assert left(answer)[0] == 4
    for number in range(4):
        ask(url, "stopping", "PATCH", "/streak/settings", json={"auto_freeze": number % 2 == 1})
    over = batch(url, "stopping", *"0567", stops=True)
    results = over.json()["results"]
    assert [one.get("problem", {}).get("code") for one in results] == [None, "rate_limited", "not_tried", "not_tried"]
    assert (0, results[1]["retry_after_seconds"]) == left(over)


def test_an_answer_that_was_not_counted_says_nothing_of_the_limit(url: str) -> None:
    record(url, "uncounted", "0")
    uncounted = [
        record(url, "uncounted", "0"),
        ask(url, "uncounted", "GET", "/streak"),
        ask(url, "uncounted", "DELETE", "/streak/activities/unknown"),
        ask(url, "uncounted", "DELETE", "/streak/freezes/2026-03-02"),
        batch(url, "uncounted", "0"),
    ]
    assert [one.status_code for one in uncounted] == [201, 200, 404, 200, 200]
    assert [name for one in uncounted for name in one.headers if name.startswith("ratelimit")] == []
    assert left(record(url, "uncounted", "1"))[0] == 4


def test_a_repeated_request_and_another_user_are_not_limited(url: str) -> None:
    for number in range(4):
        assert record(url, "calm", str(number)).status_code == 201
    for _ in range(10):
        assert record(url, "calm", "3").status_code == 201
    assert record(url, "another", "0").status_code == 201


def test_a_day_takes_so_many_activities_and_the_next_day_some_more(url: str) -> None:
    for number in range(4):
        assert record(url, "busy", str(number)).status_code == 201
    refused = record(url, "busy", "4")
    assert (refused.status_code, refused.json()["code"]) == (409, "too_many_activities")
    assert record(url, "busy", "4", "2026-03-03T12:00:00Z").status_code == 201

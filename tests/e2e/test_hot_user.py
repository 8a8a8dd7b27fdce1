"""One user with many connections at once, and another one beside: the first is refused at once, the other is served."""

from __future__ import annotations

import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from typing import Final

import httpx

from tests.e2e.client import User

CONNECTIONS: Final = 40
REQUESTS_EACH: Final = 4
# A server that makes the other wait in line behind all of the first's takes many times as long.
OTHER_SECONDS_MAX: Final = 5.0


def outcome(answer: httpx.Response) -> tuple[int, str]:
    """The status, and the code of a refusal, which says when to come again."""
    if answer.is_success:
        return answer.status_code, ""
    assert int(answer.headers["Retry-After"]) >= 1
    return answer.status_code, answer.json()["code"]


def test_of_a_user_with_many_connections_some_commands_are_refused_at_once_and_all_others_take_effect(
    user: User, other: User
) -> None:
    other.record()

    def hammer(_: int) -> list[tuple[int, str]]:
        return [
            outcome(user.ask("POST", "/streak/activities", {"activity_type": "check_in"})) for _ in range(REQUESTS_EACH)
        ]

    with ThreadPoolExecutor(CONNECTIONS) as pool:
        hammering = [pool.submit(hammer, number) for number in range(CONNECTIONS)]
        waits = []
        while not all(one.done() for one in hammering):
            begun = time.monotonic()
            assert other.ask("GET", "/streak").json()["current_streak"] == 1
            waits.append(time.monotonic() - begun)
        told = Counter(one for each in hammering for one in each.result())
    assert set(told) == {(201, ""), (503, "contention")}
    assert waits
    assert max(waits) < OTHER_SECONDS_MAX
    listed = user.ask("GET", "/streak/activities", page_size=100).json()["activities"]
    assert len(listed) == min(told[201, ""], 100)


def test_of_a_users_questions_some_are_refused_when_there_are_many_at_once_and_none_when_there_are_few(
    user: User, other: User
) -> None:
    with ThreadPoolExecutor(CONNECTIONS) as pool:
        many = Counter(pool.map(lambda _: outcome(user.ask("GET", "/streak")), range(4 * CONNECTIONS)))
    assert set(many) <= {(200, ""), (503, "contention")}
    assert many[200, ""]
    with ThreadPoolExecutor(6) as pool:
        few = Counter(pool.map(lambda _: outcome(other.ask("GET", "/streak")), range(60)))
    assert set(few) == {(200, "")}

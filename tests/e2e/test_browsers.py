"""What browsers and caches see: preflight, shared answers, entity tags."""

from __future__ import annotations

import httpx
import pytest

from tests.e2e.client import QUESTIONS, User
from tests.support.environment import ALLOWED_ORIGIN
from tests.support.sent_notices import put_reminders

ASKING = {"Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "authorization,idempotency-key"}
OTHER_ORIGINS = [
    "https://evil.example.com",
    f"{ALLOWED_ORIGIN}.evil.com",
    ALLOWED_ORIGIN.replace("https", "http"),
    "null",
]


def shared(answer: httpx.Response) -> dict[str, str]:
    """The headers that open an answer to other origins."""
    return {name: value for name, value in answer.headers.items() if name.startswith("access-control-")}


@pytest.mark.parametrize("path", ["/streak/activities", "/calendar", "/consistency", "/maintenance"])
def test_a_preflight_is_answered_before_authentication(http: httpx.Client, served: str, path: str) -> None:
    answer = http.options(f"{served}{path}", headers={"Origin": ALLOWED_ORIGIN, **ASKING})
    assert answer.status_code == 204
    assert answer.content == b""
    assert "content-type" not in answer.headers
    opened = shared(answer)
    assert opened["access-control-allow-origin"] == ALLOWED_ORIGIN
    assert opened["access-control-allow-methods"] == answer.headers["Allow"]
    assert {"Authorization", "Content-Type", "Idempotency-Key", "If-Match", "If-None-Match"} <= set(
        opened["access-control-allow-headers"].split(", ")
    )
    assert "Origin" in answer.headers["Vary"]


def test_a_preflight_names_the_methods_of_its_path(http: httpx.Client, served: str) -> None:
    for path, methods in {
        "/streak/activities": "GET, HEAD, POST, OPTIONS",
        "/streak/activities/a": "DELETE, OPTIONS",
        "/nowhere": "OPTIONS",
    }.items():
        assert http.options(f"{served}{path}", headers={"Origin": ALLOWED_ORIGIN}).headers["Allow"] == methods


@pytest.mark.parametrize("origin", OTHER_ORIGINS)
def test_another_origin_gets_nothing_opened(http: httpx.Client, served: str, user: User, origin: str) -> None:
    assert shared(http.options(f"{served}/streak", headers={"Origin": origin, **ASKING})) == {}
    answer = user.ask("GET", "/streak", headers={"Origin": origin})
    assert answer.status_code == 200
    assert shared(answer) == {}
    assert "Origin" in answer.headers["Vary"]


def test_an_allowed_origin_may_read_answers_and_refusals(user: User) -> None:
    for method, path in (("GET", "/streak"), ("GET", "/nowhere"), ("POST", "/streak/update"), ("POST", "/maintenance")):
        opened = shared(user.ask(method, path, headers={"Origin": ALLOWED_ORIGIN}))
        assert opened["access-control-allow-origin"] == ALLOWED_ORIGIN
        assert set(opened["access-control-expose-headers"].split(", ")) == {
            "ETag",
            "Idempotent-Replayed",
            "RateLimit",
            "RateLimit-Policy",
            "Retry-After",
            "X-Request-Id",
        }


def test_without_an_origin_nothing_is_opened(user: User) -> None:
    assert shared(user.ask("GET", "/streak")) == {}


@pytest.mark.parametrize("path", QUESTIONS)
def test_an_answer_that_the_client_has_is_not_sent_again(user: User, path: str) -> None:
    user.record()
    tag = user.ask("GET", path).headers["ETag"]
    for known in (tag, f"W/{tag.removeprefix('W/')}", f'"other", {tag}', "*"):
        answer = user.ask("GET", path, headers={"If-None-Match": known})
        assert (answer.status_code, answer.content, answer.headers["ETag"]) == (304, b"", tag)
    for unknown in ('"other"', "other", ""):
        assert user.ask("GET", path, headers={"If-None-Match": unknown}).status_code == 200


# Nothing that a user does alone changes them: the rules are everybody's, nothing is offered by those that are shipped
# (test_policies has some that offer it), and friends and a seat at the leaderboards are there for who asks for them.
NOT_CHANGED = {
    "/policy",
    "/achievements",
    "/challenges",
    "/leaderboard/me",
    "/friends",
    "/friends/blocks",
    "/friends/invitations",
}


@pytest.mark.parametrize("path", sorted({*QUESTIONS} - NOT_CHANGED))
def test_an_answer_that_has_changed_is_sent(user: User, path: str) -> None:
    again = user.record()["activity"]["activity_id"]
    tag = user.ask("GET", path).headers["ETag"]
    user.earn(1)
    user.record("quiz_completed", metadata={"difficulty": "easy", "score": 60})
    user.do("PATCH", "/streak/settings", {"auto_freeze": False})
    user.do("POST", "/streak/pauses", {"from": "2026-03-20", "until": "2026-03-21"})
    user.do("DELETE", f"/streak/activities/{again}")
    user.do("POST", "/share")
    user.do("PATCH", "/profile", {"city": "Pune"})
    user.do("POST", "/conversations/a/messages", {"role": "user", "content": "hello"})
    user.do("POST", "/ideas", {"title": "A streak of walks", "description": "Every day", "category": "health"})
    user.do("PATCH", "/notices/preferences", {"language": "de"})
    put_reminders(user.uid, "2026-03-01T18:30:00Z")
    answer = user.ask("GET", path, headers={"If-None-Match": tag})
    assert answer.status_code == 200
    assert answer.headers["ETag"] != tag


def test_a_streak_that_is_the_same_a_minute_later_is_not_sent_again_and_the_next_day_it_is(user: User) -> None:
    user.record()
    tag = user.ask("GET", "/streak").headers["ETag"]
    for later, status in (("2026-03-02T09:01:00Z", 304), ("2026-03-03T03:59:59Z", 304), ("2026-03-03T04:00:00Z", 200)):
        asked = {"If-None-Match": tag, "X-Simulated-Time": later}
        assert user.ask("GET", "/streak", headers=asked).status_code == status


def test_only_none_match_is_a_condition(user: User) -> None:
    conditions = {"If-Match": '"other"', "If-Modified-Since": "Fri, 01 Jan 2100 00:00:00 GMT", "Range": "bytes=0-3"}
    assert user.ask("GET", "/streak", headers=conditions).status_code == 200
    tag = user.ask("GET", "/streak").headers["ETag"]
    assert user.ask("POST", "/streak/update", headers={"If-None-Match": tag}).status_code == 201


def test_answers_are_kept_by_nobody_but_their_user(user: User) -> None:
    assert user.ask("GET", "/streak").headers["Cache-Control"] == "private, no-cache"
    assert user.ask("POST", "/streak/update").headers["Cache-Control"] == "no-store"
    assert user.ask("GET", "/nowhere").headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("path", QUESTIONS)
def test_head_is_get_without_the_body(user: User, path: str) -> None:
    got, head = user.ask("GET", path), user.ask("HEAD", path)
    assert (head.status_code, head.content) == (200, b"")
    for name in ("ETag", "Content-Type", "Content-Length", "Cache-Control"):
        assert head.headers[name] == got.headers[name]
    assert user.ask("HEAD", path, headers={"If-None-Match": got.headers["ETag"]}).status_code == 304

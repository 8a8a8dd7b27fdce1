"""Another user's data: every documented route, asked with a second user's token and the first one's ids and tokens.

The table is held to the contract: a route that it does not have fails a test.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Final

import httpx
import pytest

from testing import contract
from tests.e2e.client import User, problem, wrong_fields
from tests.e2e.stored_user import stored_everywhere as stored
from tests.support.sent_notices import put_reminders

VICTIM_S: Final = "their-quiz"
KEY: Final = "their-key"
FREEZE: Final = "2026-03-05"
PAUSE: Final = "pause-9"
# Nobody guesses theirs; that whoever knows it sees it, and can't revoke it, is held by `test_share`.
SHARE: Final = "9vD1VbN4cXoQ2m7r5sT0wA"
CITY: Final = "Victoria Falls"
NOTE: Final = {"action": "opened", "entity_type": "lesson", "entity_id": "7", "status": "success"}
IDEA: Final = "their-idea"
CHAT: Final = "their-chat"
SAID: Final = {"role": "user", "content": "hello"}
USED: Final = {"events": [{"feature": "chat"}]}
THOUGHT: Final = {"title": "a thought", "category": "any"}
WORDS: Final = "what they said"
FRIENDLY: Final = "Their Friend"
QUIZ: Final = {"activity_type": "quiz_completed", "metadata": {"difficulty": "hard", "score": 90}}


PHONE: Final = "phone"
DEVICE: Final = {"token": "of-the-phone", "platform": "ios"}


@dataclass(frozen=True, kw_only=True)
class Attempt:
    """What the second user sends, and the answer: that to a user of whom nothing is known."""

    status: int
    code: str = ""
    path: str = ""
    body: Any = None
    key: str | None = None
    query: dict[str, str] = field(default_factory=dict)
    # The first user's page token of this listing goes with it.
    steals_page: bool = False


STOLEN_PAGE: Final = Attempt(status=422, code="invalid_request", steals_page=True)
ATTEMPTS: Final[dict[str, list[Attempt]]] = {
    "get_streak": [Attempt(status=200)],
    "erase_streak": [Attempt(status=200)],
    "export_streak": [Attempt(status=200)],
    "get_offers": [Attempt(status=200)],
    "record_activity": [
        Attempt(status=201, body=QUIZ, key=VICTIM_S),
        Attempt(status=201, body=QUIZ | {"activity_id": f"{VICTIM_S}-2"}),
    ],
    "record_activities": [Attempt(status=200, body={"activities": [QUIZ | {"activity_id": f"{VICTIM_S}-2"}]})],
    "list_activities": [Attempt(status=200), STOLEN_PAGE],
    "undo_activity": [Attempt(status=404, code="activity_not_found", path=f"/streak/activities/{VICTIM_S}")],
    "redo_activity": [Attempt(status=404, code="activity_not_found", path=f"/streak/activities/{VICTIM_S}-3/redo")],
    "check_in": [Attempt(status=201, key=VICTIM_S)],
    "reset_streak": [Attempt(status=200, key=KEY), Attempt(status=200)],
    "take_reset_back": [Attempt(status=409, code="nothing_to_take_back", key=KEY)],
    "plan_freeze": [Attempt(status=409, code="no_freeze_available", body={"date": FREEZE}, key=KEY)],
    "unplan_freeze": [Attempt(status=200, path=f"/streak/freezes/{FREEZE}")],
    "repair_streak": [Attempt(status=409, code="nothing_to_repair", key=KEY)],
    "add_pause": [Attempt(status=201, body={"from": "2026-03-03", "until": "2026-03-04"}, key=KEY)],
    "list_pauses": [Attempt(status=200)],
    "end_pause": [Attempt(status=404, code="pause_not_found", path=f"/streak/pauses/{PAUSE}")],
    "pause_streak": [Attempt(status=200, body={"from": "2026-03-03", "until": "2026-03-04"}, key=KEY)],
    "resume_streak": [Attempt(status=200, key=KEY)],
    "get_settings": [Attempt(status=200)],
    "change_settings": [Attempt(status=200, body={"auto_freeze": False}, key=KEY)],
    "explain_days": [Attempt(status=200)],
    "list_events": [Attempt(status=200), STOLEN_PAGE],
    "get_calendar": [Attempt(status=200, query={"days": "366"})],
    "get_consistency": [Attempt(status=200)],
    "get_policy": [Attempt(status=200)],
    "get_insights": [Attempt(status=200)],
    "get_achievements": [Attempt(status=200)],
    "list_challenges": [Attempt(status=200)],
    "join_challenge": [Attempt(status=404, code="challenge_not_found", path="/challenges/march/join", key=KEY)],
    "get_seat": [Attempt(status=200)],
    "join_leaderboard": [Attempt(status=200, body={"name": "Eve"}, key=KEY)],
    "leave_leaderboard": [Attempt(status=200, key=KEY)],
    "get_leaderboard": [Attempt(status=200, path="/leaderboards/week/xp")],
    "leave_challenge": [Attempt(status=200, path="/challenges/march/join", key=KEY)],
    # What is theirs with others: test_friends.
    "list_friends": [Attempt(status=200)],
    "accept_invitation": [
        Attempt(status=404, code="invitation_not_found", body={"code": "0123456789AB", "name": "Eve"}, key=KEY)
    ],
    "list_invitations": [Attempt(status=200)],
    "invite_friend": [Attempt(status=201, body={"name": "Eve"}, key=KEY)],
    "withdraw_invitation": [Attempt(status=404, code="invitation_not_found", path="/friends/invitations/{invitation}")],
    "list_blocks": [Attempt(status=200)],
    "unblock_friend": [Attempt(status=404, code="block_not_found", path="/friends/blocks/{friend}")],
    "end_friend": [Attempt(status=404, code="friend_not_found", path="/friends/{friend}")],
    "block_friend": [Attempt(status=404, code="friend_not_found", path="/friends/blocks/{friend}")],
    "get_preferences": [Attempt(status=200)],
    "choose_notices": [Attempt(status=200, body={"language": "de"}, key=KEY)],
    "list_notices": [Attempt(status=200), STOLEN_PAGE],
    "read_notices": [Attempt(status=200, body={"up_to": "2026-03-02T09:00:00Z"})],
    "register_device": [Attempt(status=409, code="nothing_chosen", path=f"/notices/devices/{PHONE}", body=DEVICE)],
    "take_device_away": [Attempt(status=200, path=f"/notices/devices/{PHONE}")],
    "make_share": [Attempt(status=409, code="nothing_to_share", body={"name": "Eve"}, key=KEY)],
    "list_shares": [Attempt(status=200)],
    "revoke_share": [Attempt(status=404, code="share_not_found", path=f"/share/{SHARE}")],
    "get_share_page": [Attempt(status=404, code="share_not_found", path=f"/share/{SHARE}")],
    "get_share_png": [Attempt(status=404, code="share_not_found", path=f"/share/{SHARE}.png")],
    "get_share_svg": [Attempt(status=404, code="share_not_found", path=f"/share/{SHARE}.svg")],
    "get_profile": [Attempt(status=200)],
    "change_profile": [Attempt(status=200, body={"city": "Pune"})],
    "note": [Attempt(status=201, body=NOTE, key=VICTIM_S)],
    "add_message": [Attempt(status=201, path=f"/conversations/{CHAT}/messages", body=SAID, key=VICTIM_S)],
    "list_messages": [
        Attempt(status=404, code="session_not_found", path=f"/conversations/{CHAT}/messages"),
        Attempt(status=422, code="invalid_request", path=f"/conversations/{CHAT}/messages", steals_page=True),
    ],
    "list_conversations": [Attempt(status=200), STOLEN_PAGE],
    "delete_conversation": [Attempt(status=404, code="session_not_found", path=f"/conversations/{CHAT}")],
    "count_usage": [Attempt(status=201, body=USED, key=VICTIM_S)],
    # No kind of an app's own is declared here; of those that are: test_app_records.
    "add_record": [Attempt(status=404, code="unknown_kind", path="/records/mood", body={"record": {}})],
    "list_records": [Attempt(status=404, code="unknown_kind", path="/records/mood")],
    "delete_record": [Attempt(status=404, code="unknown_kind", path="/records/mood/x")],
    "make_idea": [Attempt(status=201, body=THOUGHT, key=IDEA)],
    "list_ideas": [Attempt(status=200), STOLEN_PAGE],
    "get_idea": [Attempt(status=404, code="idea_not_found", path="/ideas/{idea}")],
    "mark_idea": [Attempt(status=404, code="idea_not_found", path="/ideas/{idea}", body={"selected": True})],
    "refine_idea": [
        Attempt(status=404, code="idea_not_found", path="/ideas/{idea}/refinements", body={"prompt": "more"})
    ],
    "delete_idea": [Attempt(status=404, code="idea_not_found", path="/ideas/{idea}")],
    "get_health": [Attempt(status=200)],
    "get_database_health": [Attempt(status=200)],
}
OPERATIONS: Final = {one.content["operationId"]: one for one in contract.OPERATIONS}
# Whatever is for operators, whoever is named.
FORBIDDEN: Final = [
    name for name, one in OPERATIONS.items() if one.path.startswith(("/admin", "/maintenance", "/reminders", "/backup"))
]
# What names the user, in any of the ways that a careless route might look for.
NAMED: Final = ("user_id", "uid", "userId", "user")


@pytest.fixture(scope="module")
def victim(http: httpx.Client, served: str) -> User:
    """A user with something in every place: the same for all attempts, of which none may change anything."""
    return with_everything(User(http, served), User(http, served))


@pytest.fixture(scope="module")
def asking(http: httpx.Client, served: str) -> User:
    """Another one, who asks for what is theirs, of which an export is written down."""
    return with_everything(User(http, served), User(http, served))


def with_everything(other: User, friend: User) -> User:
    """They with something in every place, and with that friend."""
    other.now = "2026-03-01T09:00:00Z"
    other.do("POST", "/streak/reset")
    other.earn(2)
    other.now = "2026-03-02T09:00:00Z"
    for key in (VICTIM_S, f"{VICTIM_S}-2", f"{VICTIM_S}-3"):
        other.do("POST", "/streak/activities", QUIZ, key=key)
    other.do("DELETE", f"/streak/activities/{VICTIM_S}-3")
    other.do("POST", "/streak/freezes", {"date": FREEZE}, key=KEY)
    pause = other.do("POST", "/streak/pauses", {"from": "2026-03-07", "until": "2026-03-08"})["pause"]
    assert pause["pause_id"] == PAUSE
    other.do("PATCH", "/streak/settings", {"time_zone": "Europe/Amsterdam"})
    other.do("PATCH", "/profile", {"city": CITY})
    other.do("POST", "/log", NOTE, key=VICTIM_S)
    for key in (IDEA, f"{IDEA}-2"):
        other.do("POST", "/ideas", {**THOUGHT, "title": WORDS}, key=key)
    other.do("POST", "/usage", {"events": [{"feature": "chat", "duration_seconds": 7}]}, key=VICTIM_S)
    for chat in (CHAT, f"{CHAT}-2"):
        for _ in range(2):
            other.do("POST", f"/conversations/{chat}/messages", {**SAID, "content": WORDS})
    other.do("PATCH", "/notices/preferences", {"channels": {"reminder": ["push"]}})
    other.do("PUT", f"/notices/devices/{PHONE}", DEVICE)
    code, _ = [other.do("POST", "/friends/invitations", {"name": FRIENDLY})["code"] for _ in range(2)]
    friend.do("POST", "/friends", {"code": code, "name": FRIENDLY})
    put_reminders(other.uid, "2026-03-01T18:30:00Z", "2026-03-02T08:00:00Z")
    return other


@pytest.fixture(scope="module")
def before(victim: User) -> dict[str, Any]:
    """Everything of that user, which is there after each attempt too, and the names of all collections."""
    return stored(victim.uid)


def path_of(attempt: Attempt, operation: contract.Operation, victim: User) -> str:
    """The path of an attempt, with an id in it that the service gave the first user."""
    path = attempt.path or operation.path
    ids: dict[str, Callable[[], str]] = {
        "{idea}": lambda: victim.get("/ideas")["ideas"][0]["idea_id"],
        "{invitation}": lambda: victim.get("/friends/invitations")["invitations"][0]["code"],
        "{friend}": lambda: victim.get("/friends")["friends"][0]["friend_id"],
    }
    for name, found in ids.items():
        path = path.replace(name, found()) if name in path else path
    return path


def test_the_table_has_every_documented_route() -> None:
    assert sorted([*ATTEMPTS, *FORBIDDEN]) == sorted(OPERATIONS)


@pytest.mark.parametrize("name", FORBIDDEN)
def test_what_is_for_operators_is_forbidden_whoever_is_named(
    user: User, victim: User, before: dict[str, Any], name: str
) -> None:
    operation = OPERATIONS[name]
    for uid in (victim.uid, user.uid):
        path = re.sub(r"{\w+}", VICTIM_S, operation.path.replace("{uid}", uid))
        assert user.refusal(operation.method, path) == (403, "forbidden")
    assert stored(victim.uid) == before


@pytest.mark.parametrize("name", ATTEMPTS)
def test_a_route_shows_and_changes_the_caller_s_data_alone(
    user: User, victim: User, before: dict[str, Any], name: str
) -> None:
    operation = OPERATIONS[name]
    for attempt in ATTEMPTS[name]:
        path, query = path_of(attempt, operation, victim), dict(attempt.query)
        if attempt.steals_page:
            query["page_token"] = victim.get(path, page_size="1")["next_page_token"]
        # Their name in the headers is no way in either.
        headers = {"X-User-Id": victim.uid, "X-Forwarded-User": victim.uid, "Cookie": f"uid={victim.uid}"}
        answer = user.ask(operation.method, path, attempt.body, key=attempt.key, headers=headers, **query)
        assert answer.status_code == attempt.status, answer.text
        assert not attempt.code or problem(answer) == (attempt.status, attempt.code)
        assert answer.headers.get("Idempotent-Replayed") is None
        assert not shows(answer.text, victim)
    assert stored(victim.uid) == before


@pytest.mark.parametrize("name", ATTEMPTS)
def test_no_query_names_a_user(user: User, victim: User, before: dict[str, Any], name: str) -> None:
    attempt, operation = ATTEMPTS[name][0], OPERATIONS[name]
    path, query = path_of(attempt, operation, victim), attempt.query | dict.fromkeys(NAMED, victim.uid)
    answer = user.ask(operation.method, path, attempt.body, key=attempt.key, headers={}, **query)
    assert wrong_fields(answer, "unknown_parameter") == list(NAMED)
    assert stored(victim.uid) == before


@pytest.mark.parametrize("name", [name for name in ATTEMPTS if "requestBody" in OPERATIONS[name].content])
def test_no_body_names_a_user(user: User, victim: User, name: str) -> None:
    operation = OPERATIONS[name]
    for attempt in ATTEMPTS[name]:
        for member in NAMED:
            body = {**(attempt.body or {}), member: victim.uid}
            answer = user.ask(operation.method, path_of(attempt, operation, victim), body)
            assert problem(answer) == (422, "invalid_request")
            assert [one["field"] for one in answer.json()["errors"]] == [member]


@pytest.mark.parametrize(
    "name",
    [
        *("get_streak", "get_offers", "get_calendar", "list_activities", "list_events", "list_pauses", "get_settings"),
        *("export_streak", "get_profile", "list_conversations", "list_friends", "list_invitations"),
    ],
)
def test_a_victim_s_own_answer_does_show_it(asking: User, name: str) -> None:
    operation = OPERATIONS[name]
    assert shows(asking.ask(operation.method, operation.path).text, asking)


def test_a_victim_s_entity_tag_tells_nobody_whether_two_have_the_same(user: User, victim: User) -> None:
    tag = victim.ask("GET", "/streak").headers["ETag"]
    assert user.ask("GET", "/streak", headers={"If-None-Match": tag}).status_code == 200


def shows(text: str, victim: User) -> bool:
    """Whether an answer has anything that only the first user's data could have put there."""
    # An export has many lines, and shows that of anybody else who is named in it.
    said = json.loads(text) if text and "\n" not in text else {}
    streak = said.get("streak", said)
    return (
        victim.uid in text
        or "Europe/Amsterdam" in text
        or streak.get("current_streak", 0) > 1
        or streak.get("xp_total", 0) > 100
        or any(one["activity_type"] == "flashcard_set_completed" for one in said.get("activities", ()))
        or any(one["type"] == "freeze_earned" for one in said.get("events", ()))
        or any(one.get("activity_id") == f"{VICTIM_S}-3" for one in said.get("offers", ()))
        or PAUSE in text
        or CITY in text
        or WORDS in text
        or FRIENDLY in text
        or f"{CHAT}-2" in text
    )

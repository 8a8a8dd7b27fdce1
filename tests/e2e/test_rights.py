"""Erasing and exporting over HTTP: who may, what is answered, and that a file is sent as it is read."""

from __future__ import annotations

import json
import re
import time
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any, Final

import httpx
import pytest
from google.cloud import firestore

from emulator.token import PROJECT
from functions.http.at_once import QUESTIONS_MAX
from testing import contract
from tests.e2e.client import MONDAY, User, problem
from tests.e2e.stored_user import stored
from tests.support.stored_life import write_documents

if TYPE_CHECKING:
    from collections.abc import Iterator

GUIDE: Final = {"activity_type": "study_guide_completed"}
RECENT_SECONDS: Final = 300
NAMED: Final = {"{date}": "2026-03-03", "{span}": "week", "{by}": "xp"}
# A path of each operation of users, with something in the place of each name but the user's own.
PATHS: Final = {
    one.content["operationId"]: re.sub(r"{(?!uid)\w+}", lambda name: NAMED.get(name[0], "pause-1"), one.path)
    for one in contract.OPERATIONS
    if "410" in one.content["responses"]
}
METHODS: Final = {one.content["operationId"]: one.method for one in contract.OPERATIONS}
# What a user's own route is, of the same that is done for the user.
OWN: Final = {one.content["operationId"]: one.content.get("x-for-user") for one in contract.OPERATIONS}
BODIES: Final[dict[str, Any]] = {
    "record_activity": GUIDE,
    "plan_freeze": {"date": "2026-03-03"},
    "add_pause": {"from": "2026-03-03", "until": "2026-03-04"},
    "pause_streak": {"from": "2026-03-03", "until": "2026-03-04"},
    "record_activities": {"activities": [{**GUIDE, "activity_id": "a"}]},
    "grant_freezes_for_user": {"count": 1, "reason": "asked"},
    "excuse_days_for_user": {"from": "2026-03-03", "until": "2026-03-03", "reason": "asked"},
    "restore_for_user": {"day": "2026-03-01", "reason": "asked"},
    "grant_xp_for_user": {"amount": 5, "reason": "asked"},
    "block_for_user": {"reason": "asked"},
    "unblock_for_user": {"reason": "asked"},
    "change_settings": {"auto_freeze": False},
    "change_profile": {"city": "Pune"},
    "note": {"action": "opened", "entity_type": "lesson", "entity_id": "7", "status": "success"},
    "add_message": {"role": "user", "content": "hello"},
    "count_usage": {"events": [{"feature": "chat"}]},
    "add_record": {"record": {}},
    "make_idea": {"title": "A journal", "category": "habit"},
    "mark_idea": {"selected": True},
    "refine_idea": {"prompt": "shorter"},
    "join_leaderboard": {"name": "Ada"},
    "hide_from_leaderboard_for_user": {"reason": "asked"},
    "show_on_leaderboard_for_user": {"reason": "asked"},
    "accept_invitation": {"code": "0123-4567-89AB", "name": "Ada"},
    "invite_friend": {"name": "Ada"},
    "choose_notices": {"language": "de"},
    "read_notices": {"up_to": "2026-03-02T09:00:00Z"},
    "register_device": {"token": "t", "platform": "web"},
}


def lines_of(text: str) -> list[dict[str, Any]]:
    """The lines of an export."""
    return [json.loads(line) for line in text.splitlines()]


def of_user(user: User) -> dict[str, Any]:
    """All documents of the user, by path."""
    return {path: one for path, one in stored(user.uid).items() if path.startswith("streaks/") and one is not None}


@pytest.fixture(scope="module")
def erased(http: httpx.Client, served: str) -> User:
    """Who was erased, and stays so whatever is asked."""
    user = User(http, served)
    user.record()
    user.do("DELETE", "/streak")
    return user


def test_a_user_is_erased_and_what_still_arrives_is_gone(user: User) -> None:
    user.record()
    answer = user.do("DELETE", "/streak")
    assert answer["finished"] is True
    assert of_user(user).keys() == {f"streaks/{user.uid}"}
    assert of_user(user)[f"streaks/{user.uid}"].keys() == {"schema_version", "erased_at"}
    assert user.refusal("POST", "/streak/activities", GUIDE) == (410, "user_erased")
    assert user.do("DELETE", "/streak") == answer


@pytest.mark.parametrize("name", [name for name in PATHS if not name.startswith("erase")])
def test_every_route_of_a_user_says_that_the_user_was_erased(erased: User, admin: User, name: str) -> None:
    before = of_user(erased)
    path, body = PATHS[name].format(uid=erased.uid), BODIES.get(OWN[name] or name)
    asking = admin if path.startswith("/admin") else erased
    # In a batch each activity has a name of its own.
    key = None if path.endswith(":batch") else "k"
    assert asking.refusal(METHODS[name], path, body, key=key) == (410, "user_erased")
    assert of_user(erased) == before


def test_whoever_signs_in_again_begins_anew_and_the_other_phone_does_not(
    user: User, http: httpx.Client, served: str
) -> None:
    user.record()
    phone = User(http, served, uid=user.uid)
    user.do("DELETE", "/streak")
    user.sign_in()
    assert user.get("/streak")["longest_streak"] == 0
    assert user.record()["streak"]["current_streak"] == 1
    before = of_user(user)
    assert phone.refusal("POST", "/streak/activities", GUIDE, key="late") == (410, "user_erased")
    assert phone.refusal("GET", "/streak") == (410, "user_erased")
    assert phone.refusal("DELETE", "/streak") == (410, "user_erased")
    assert of_user(user) == before


def test_who_begins_anew_with_records_alone_is_within_operators_reach_and_the_other_phone_erases_nothing(
    user: User, admin: User, http: httpx.Client, served: str
) -> None:
    user.record()
    phone = User(http, served, uid=user.uid)
    user.do("DELETE", "/streak")
    reason, message = {"reason": "abuse"}, {"role": "user", "content": "hello"}
    block = f"/admin/users/{user.uid}/block"
    assert admin.refusal("POST", block, reason) == (410, "user_erased")
    user.sign_in()
    user.do("POST", "/conversations/a/messages", message)
    assert phone.refusal("DELETE", "/streak") == (410, "user_erased")
    assert [one["session_id"] for one in user.get("/conversations")["conversations"]] == ["a"]
    assert admin.get(f"/admin/users/{user.uid}/conversations") == user.get("/conversations")
    admin.do("POST", block, reason)
    assert user.refusal("POST", "/conversations/a/messages", message) == (403, "blocked")
    assert user.refusal("DELETE", "/streak") == (403, "blocked")
    assert phone.refusal("GET", "/conversations") == (410, "user_erased")


def test_erasing_needs_a_recent_sign_in_and_says_how_to_get_one(user: User) -> None:
    user.record()
    user.sign_in(seconds_ago=RECENT_SECONDS + 5)
    before = of_user(user)
    refused = user.ask("DELETE", "/streak")
    assert problem(refused) == (401, "recent_sign_in_required")
    assert refused.headers["WWW-Authenticate"] == 'Bearer error="insufficient_user_authentication", max_age="300"'
    assert "last 5 minutes" in refused.json()["detail"]
    assert of_user(user) == before
    # All else is as it was.
    assert user.get("/streak")["current_streak"] == 1
    user.sign_in(seconds_ago=RECENT_SECONDS - 20)
    assert user.do("DELETE", "/streak")["finished"] is True


def test_a_sign_in_is_recent_by_the_servers_own_clock(user: User) -> None:
    user.record()
    user.sign_in(seconds_ago=RECENT_SECONDS + 5)
    for moment in (MONDAY, "2036-03-02T09:00:00Z"):
        assert user.refusal("DELETE", "/streak") == (401, "recent_sign_in_required"), moment


def test_a_renewed_token_is_no_new_sign_in(user: User, http: httpx.Client, served: str) -> None:
    user.record()
    user.do("DELETE", "/streak")
    # Issued anew, for the same sign-in.
    renewed = User(http, served, uid=user.uid)
    assert renewed.refusal("GET", "/streak") == (410, "user_erased")


def test_an_operator_erases_for_a_user_with_a_recent_sign_in_of_the_operator_s_own(
    user: User, other: User, admin: User, support: User
) -> None:
    user.record()
    other.record()
    home = f"/admin/users/{user.uid}/streak"
    before, others = of_user(user), of_user(other)
    assert support.refusal("DELETE", home) == (403, "forbidden")
    admin.sign_in(seconds_ago=RECENT_SECONDS + 5)
    assert admin.refusal("DELETE", home) == (401, "recent_sign_in_required")
    assert of_user(user) == before
    admin.sign_in()
    erased = admin.do("DELETE", home)
    assert erased["finished"] is True
    assert of_user(user).keys() == {f"streaks/{user.uid}"}
    assert user.refusal("POST", "/streak/activities", GUIDE) == (410, "user_erased")
    # For an operator who erased nobody of their own, it is the user's sign-in that counts: nobody's, here.
    assert admin.refusal("POST", f"{home}/activities", GUIDE) == (410, "user_erased")
    assert admin.do("DELETE", home) == erased
    assert of_user(other) == others
    assert admin.get("/streak")["current_streak"] == 0


def test_what_is_exported_for_a_user_is_the_user_s_own_export(user: User, support: User) -> None:
    user.record()
    own = lines_of(user.ask("GET", "/streak/export").text)
    told = lines_of(support.ask("GET", f"/admin/users/{user.uid}/streak/export").text)
    # The first one is told in the audit trail, once a day, which the second one has.
    assert [one["collection"] for one in told[1:-1] if one not in own] == ["records", "audit", "keys"]
    assert [one for one in told[1:-1] if one in own] == own[1:-1]
    assert (told[0]["user_id"], len(told)) == (user.uid, own[-1]["lines"] + 3)


def test_an_export_says_that_an_operator_gave_a_command_and_never_who(user: User, admin: User) -> None:
    admin.do("POST", f"/admin/users/{user.uid}/streak/activities", GUIDE, key="given")
    for exported in (
        user.ask("GET", "/streak/export").text,
        admin.ask("GET", f"/admin/users/{user.uid}/streak/export").text,
    ):
        given = next(line["data"] for line in lines_of(exported) if line.get("id") == "activity.given")
        assert given["entry"]["actor"] == {"kind": "admin"}
        assert admin.uid not in exported


def test_an_export_has_what_operators_did_without_their_words(user: User, admin: User, support: User) -> None:
    user.record()
    home, why = f"/admin/users/{user.uid}", "her neighbour Kim complained"
    admin.do("POST", f"{home}/grants", {"count": 1, "reason": why}, key="g1")
    admin.do("POST", f"{home}/block", {"until": "2026-03-05T09:00:00Z", "reason": why})
    assert support.refusal("POST", f"{home}/grants", {"count": 99, "reason": why}) == (409, "freezes_full")
    exported = user.ask("GET", "/streak/export").text
    assert "neighbour" not in exported
    told = [line["data"]["entry"] for line in lines_of(exported) if line.get("collection") == "audit"]
    assert [(one["action"], one["status"], one["actor"]) for one in told if one["action"] != "export"] == [
        ("grant_freezes", "success", {"kind": "admin"}),
        ("block", "success", {"kind": "admin"}),
        ("grant_freezes", "failed", {"kind": "support"}),
    ]
    asked = [line["data"]["request"] for line in lines_of(exported) if line.get("collection") == "ledger"]
    assert {"count": 1, "over_cap": False} in asked
    assert "neighbour" in str(admin.get(f"{home}/audit"))


def test_an_export_has_every_document_as_it_is_stored(user: User) -> None:
    user.now = "2026-01-05T09:00:00Z"
    user.do("PATCH", "/streak/settings", {"time_zone": "Europe/Amsterdam"})
    user.earn(2)
    user.now = MONDAY
    user.record(metadata={})
    answer = user.ask("GET", "/streak/export")
    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == "application/x-ndjson"
    assert answer.headers["Cache-Control"] == "no-store"
    first, *documents, last = lines_of(answer.text)
    assert (first["format_version"], first["user_id"]) == (1, user.uid)
    assert last == {"lines": len(documents) + 2}
    home = f"streaks/{user.uid}"
    places = {
        home if one["collection"] == "streaks" else f"{home}/{one['collection']}/{one['id']}" for one in documents
    }
    assert places == of_user(user).keys()
    assert {one["collection"] for one in documents} == {"streaks", "ledger", "months", "events"}
    own = documents[0]["data"]
    assert own["time_zone"] == "Europe/Amsterdam"
    assert own["state"]["settings"]["zones"]
    recorded = next(one["data"] for one in documents if one["id"].startswith("activity."))
    assert recorded["entry"]["activity"]["xp"] == recorded["answer"]["activity"]["xp_awarded"]


def test_of_whom_nothing_is_stored_the_export_is_empty_and_leaves_no_trace(user: User) -> None:
    assert [line.keys() for line in lines_of(user.ask("GET", "/streak/export").text)] == [
        {"format_version", "user_id", "exported_at"},
        {"lines"},
    ]
    assert of_user(user) == {}


def test_the_head_of_an_export_has_no_body(user: User) -> None:
    for _ in range(2 * QUESTIONS_MAX):
        answer = user.send("HEAD", "/streak/export")
        assert (answer.status_code, answer.content) == (200, b"")


def many(uid: str, documents: int) -> dict[str, dict[str, Any]]:
    """So many entries of a ledger, of some kilobytes each."""
    return {f"streaks/{uid}/ledger/x{number:05d}": {"text": "x" * 4_000, "seq": number} for number in range(documents)}


def test_an_export_that_is_being_sent_takes_one_of_the_users_places(user: User, other: User) -> None:
    write_documents(firestore.Client(project=PROJECT), many(user.uid, 2_000))
    other.record()
    with ThreadPoolExecutor(QUESTIONS_MAX) as pool:
        held = list(pool.map(lambda _: user.begin("/streak/export"), range(QUESTIONS_MAX)))
        assert user.refusal("GET", "/streak") == (503, "contention")
        assert other.get("/streak")["current_streak"] == 1
        for one in held:
            one.close()
    # Who hangs up gives the place back, as soon as the server notices.
    assert any(user.ask("GET", "/streak").status_code == 200 for _ in patience())


def patience() -> Iterator[int]:
    """Asks once more for a while."""
    for attempt in range(100):
        yield attempt
        time.sleep(0.1)


def test_a_large_export_is_whole(user: User) -> None:
    write_documents(firestore.Client(project=PROJECT), many(user.uid, 450))
    lines = lines_of(user.ask("GET", "/streak/export").text)
    assert [line["id"] for line in lines[1:-1]] == [f"x{number:05d}" for number in range(450)]


def test_the_job_goes_on_with_an_erasing_that_broke_off(user: User, admin: User) -> None:
    client = firestore.Client(project=PROJECT)
    user.record()
    user.do("DELETE", "/streak")
    client.document(f"streaks/{user.uid}").update({"erasing": True})
    write_documents(client, many(user.uid, 3))
    user.sign_in()
    assert user.refusal("POST", "/streak/activities", GUIDE) == (503, "erasing_unfinished")
    assert admin.ask("POST", "/maintenance", at="2026-05-02T09:00:00Z").is_success
    assert of_user(user).keys() == {f"streaks/{user.uid}"}
    assert user.record()["streak"]["current_streak"] == 1

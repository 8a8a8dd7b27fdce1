"""What operators do is in the audit trail, whatever route it came by; nobody changes it, and nobody else reads it."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Final

import pytest
from google.cloud import firestore

from emulator.token import PROJECT
from testing.contract import OPERATIONS
from tests.e2e.client import problem
from tests.support.shipped_policy import TEXT

if TYPE_CHECKING:
    from tests.e2e.client import Json, User

# Longer ago no sign-in is good for an erasing.
RECENT_SECONDS: Final = 300
LATER: Final = "2026-03-05T09:00:00Z"
REASON: Final = {"reason": "she wrote to us"}
# What is done, and what the trail calls it.
ACTS: Final[dict[str, tuple[str, str, Json]]] = {
    "grant_freezes": ("POST", "grants", {"count": 1, **REASON}),
    "excuse_days": ("POST", "excuses", {"from": "2026-03-04", "until": "2026-03-04", **REASON}),
    "restore": ("POST", "restorations", {"day": "2026-03-03", **REASON}),
    "grant_xp": ("POST", "xp", {"amount": 20, **REASON}),
    "block": ("POST", "block", {"until": "2026-03-09T09:00:00Z", **REASON}),
    "record": ("POST", "streak/activities", {"activity_type": "study_guide_completed", "activity_id": "a1"}),
    "settings": ("PATCH", "streak/settings", {"auto_freeze": False}),
}


def trail(reader: User, user: User, **query: Json) -> list[Json]:
    entries: list[Json] = reader.get(f"/admin/users/{user.uid}/audit", **query)["entries"]
    return entries


def everybodys(admin: User) -> list[Json]:
    entries: list[Json] = admin.get("/admin/audit")["entries"]
    return entries


@pytest.mark.parametrize("action", ACTS)
def test_an_act_for_a_user_is_in_the_users_trail(user: User, admin: User, support: User, action: str) -> None:
    user.record()
    method, path, body = ACTS[action]
    sent = {"User-Agent": "tests/1", "X-Forwarded-For": "198.51.100.7"}
    answer = admin.ask(method, f"/admin/users/{user.uid}/{path}", body, at=LATER, headers=sent)
    assert answer.is_success, answer.text
    [entry] = trail(support, user)
    assert (entry["action"], entry["actor"]) == (action, {"kind": "admin", "id": admin.uid})
    assert (entry["status"], entry["subject"]) == ("success", {"kind": "user", "id": user.uid})
    assert (entry["at"], entry["user_agent"]) == (LATER, "tests/1")
    # Nothing stands in front of a local server, so that what a request says of others' addresses is not believed.
    assert entry["ip_address"] == "127.0.0.0"
    assert entry["request_id"] == answer.headers["X-Request-Id"]
    assert entry["details"].items() >= ({"reason": REASON["reason"]} if "reason" in body else {}).items()
    assert 0 <= entry["duration_ms"] < 60_000


def test_what_a_user_does_is_in_no_trail(user: User, admin: User) -> None:
    user.record()
    user.do("POST", "/streak/update")
    assert trail(admin, user) == []


LOOKS: Final = {
    "profile": ("profile", ""),
    "conversations": ("conversations", ""),
    "conversations/s1/messages": ("conversations", "s1"),
    "ideas": ("ideas", ""),
}


def test_whoever_looks_at_what_is_personal_is_in_the_trail_once_a_day(user: User, admin: User, support: User) -> None:
    home = f"/admin/users/{user.uid}"
    # Of somebody who has nothing there is nothing to see.
    support.get(f"{home}/profile")
    assert trail(admin, user) == []
    user.do("POST", "/conversations/s1/messages", {"role": "user", "content": "hello"})
    for path in LOOKS:
        for _ in range(2):
            support.get(f"{home}/{path}")
    support.get(f"{home}/streak")
    user.get("/profile")
    told = trail(admin, user)[::-1]
    assert [(one["entity_type"], one["entity_id"]) for one in told] == list(LOOKS.values())
    assert {(one["action"], one["status"], one["actor"]["id"]) for one in told} == {("look", "success", support.uid)}
    admin.get(f"{home}/profile")
    support.get(f"{home}/profile", at=LATER)
    assert [one["actor"]["id"] for one in trail(admin, user)[:2]] == [support.uid, admin.uid]
    assert support.refusal("GET", f"{home}/conversations/{'x' * 200}/messages") == (422, "invalid_request")
    assert len(trail(admin, user)) == len(LOOKS) + 2


def test_what_the_trail_can_not_be_told_is_not_shown(user: User, support: User) -> None:
    user.do("PATCH", "/profile", {"city": "Pune"})
    home = firestore.Client(project=PROJECT).document(f"records/{user.uid}")
    stored = home.get().to_dict() or {}
    home.update({"audit": "x"})
    assert support.refusal("GET", f"/admin/users/{user.uid}/profile") == (503, "user_incomplete")
    home.set(stored)
    assert support.get(f"/admin/users/{user.uid}/profile")["city"] == "Pune"


def test_a_refusal_is_in_the_trail_and_what_has_no_form_is_not(user: User, admin: User) -> None:
    user.record()
    path = f"/admin/users/{user.uid}/grants"
    assert admin.refusal("POST", path, {"count": 99, **REASON}) == (409, "freezes_full")
    assert admin.refusal("POST", path, {"count": 0, **REASON}) == (422, "invalid_request")
    [entry] = trail(admin, user)
    assert (entry["action"], entry["status"], entry["code"]) == ("grant_freezes", "failed", "freezes_full")
    assert entry["details"]["count"] == 99


def test_what_is_refused_of_many_is_one_entry_with_how_many_by_code(user: User, other: User, admin: User) -> None:
    other.record()
    old, fine = {"activity_type": "check_in", "occurred_at": "2026-01-01T09:00:00Z"}, {"activity_type": "check_in"}
    many = [old, {**old, "metadata": {}}, fine, {"activity_type": 7}]
    path = f"/admin/users/{user.uid}/streak/activities:batch"
    results = admin.do("POST", path, {"activities": many, "stop_at_refusal": False})["results"]
    refused, recorded = trail(admin, user)
    assert (recorded["action"], recorded["status"]) == ("record", "success")
    assert (refused["action"], refused["status"], refused["code"]) == (
        "record",
        "failed",
        results[0]["problem"]["code"],
    )
    # What has no form was no act.
    assert refused["details"] == {"refused": {results[0]["problem"]["code"]: 2}}
    of_both = [{**one, "user_id": who.uid} for who in (user, other) for one in (old, old)]
    admin.do("POST", "/admin/activities:batch", {"activities": of_both})
    assert [len(trail(admin, one)) for one in (user, other)] == [3, 1]
    # Of grants each user has a result, and an entry, of their own.
    granted = {"user_ids": [user.uid, other.uid], "count": 99, **REASON}
    admin.do("POST", "/admin/grants", granted)
    assert [trail(admin, one)[0]["code"] for one in (user, other)] == ["freezes_full"] * 2


def test_what_a_role_does_not_allow_is_in_the_trail_once_a_day(user: User, admin: User, support: User) -> None:
    user.record()
    home = f"/admin/users/{user.uid}"
    for _ in range(2):
        assert support.refusal("POST", f"{home}/xp", {"amount": 5, **REASON}) == (403, "forbidden")
    assert support.refusal("DELETE", f"{home}/streak") == (403, "forbidden")
    # Reading is no act; who has no role is nobody who acts; and what names no user has no trail.
    assert support.refusal("GET", "/admin/policies") == (403, "forbidden")
    assert user.refusal("POST", f"{home}/xp", {"amount": 5, **REASON}) == (403, "forbidden")
    assert support.refusal("POST", "/admin/users/a%20b/xp", {"amount": 5, **REASON}) == (403, "forbidden")
    told = trail(admin, user)
    assert [(one["action"], one["status"], one["code"]) for one in told] == [
        ("erase_streak", "failed", "forbidden"),
        ("grant_xp", "failed", "forbidden"),
    ]
    assert (told[1]["entity_type"], told[1]["entity_id"]) == ("route", "POST /users/<uid>/xp")
    assert {one["actor"]["id"] for one in told} == {support.uid}
    before = everybodys(admin)
    for _ in range(2):
        assert support.refusal("POST", "/admin/amnesties", REASON) == (403, "forbidden")
    [entry] = [one for one in everybodys(admin) if one not in before]
    assert (entry["action"], entry["code"], entry["actor"]["id"]) == ("declare_amnesty", "forbidden", support.uid)


def test_whoever_asks_for_made_up_ids_makes_no_document_of_them_and_is_told_of_once_a_day(
    admin: User, support: User
) -> None:
    database = firestore.Client(project=PROJECT)
    made_up = [f"{support.uid}-made-up-{number}" for number in range(4)]
    for uid in made_up:
        assert support.refusal("POST", f"/admin/users/{uid}/xp", {"amount": 5, **REASON}) == (403, "forbidden")
        # What its role allows, and is refused.
        assert support.refusal("POST", f"/admin/users/{uid}/grants", {"count": 99, **REASON}) == (409, "freezes_full")
    assert not [uid for uid in made_up if database.document(f"records/{uid}").get().exists]
    mine = [one for one in everybodys(admin) if one["actor"]["id"] == support.uid]
    assert [(one["action"], one["code"], one["entity_id"]) for one in reversed(mine)] == [
        ("grant_xp", "forbidden", "POST /users/<uid>/xp"),
        ("grant_freezes", "freezes_full", ""),
    ]
    assert not [one for one in mine if "made-up" in str(one)]


def test_a_refusal_about_whoever_was_erased_begins_nothing_anew(user: User, admin: User, support: User) -> None:
    user.record()
    user.do("DELETE", "/streak")
    database = firestore.Client(project=PROJECT)
    stored = [database.document(f"{home}/{user.uid}") for home in ("streaks", "records")]
    before = [one.get().to_dict() for one in stored]
    assert support.refusal("POST", f"/admin/users/{user.uid}/xp", {"amount": 5, **REASON}) == (403, "forbidden")
    assert [one.get().to_dict() for one in stored] == before
    [entry] = [one for one in everybodys(admin) if one["actor"]["id"] == support.uid]
    assert entry["code"] == "forbidden"
    assert user.uid not in str(entry)


def test_refusals_of_what_is_no_command_are_in_the_trail_too(user: User, admin: User) -> None:
    user.record()
    begun = {"effective_from": "2026-03-02", "toml": TEXT, **REASON}
    assert admin.refusal("POST", "/admin/policies", begun) == (422, "too_soon")
    assert admin.refusal("DELETE", "/admin/policies/0") == (409, "policy_has_begun")
    assert admin.refusal("DELETE", "/admin/amnesties/1000000") == (404, "amnesty_not_found")
    mine = [one for one in everybodys(admin) if one["actor"]["id"] == admin.uid and one["status"] == "failed"]
    assert [(one["action"], one["code"], one["entity_type"]) for one in reversed(mine)] == [
        ("publish_policy", "too_soon", "policy"),
        ("withdraw_policy", "policy_has_begun", "policy"),
        ("withdraw_amnesty", "amnesty_not_found", "amnesty"),
    ]


def test_an_erasing_that_was_refused_is_in_the_trail_of_the_user(user: User, admin: User) -> None:
    user.record()
    admin.sign_in(seconds_ago=RECENT_SECONDS + 5)
    assert admin.refusal("DELETE", f"/admin/users/{user.uid}/streak") == (401, "recent_sign_in_required")
    [entry] = trail(admin, user)
    assert (entry["action"], entry["status"], entry["code"]) == ("erase", "failed", "recent_sign_in_required")


def test_what_is_done_for_many_is_in_the_trail_of_each(user: User, other: User, admin: User) -> None:
    ids = [user.uid, other.uid]
    admin.do("POST", "/admin/grants", {"user_ids": ids, "count": 1, **REASON})
    admin.do("POST", "/admin/grants", {"user_ids": ids, "count": 1, "validate_only": True, **REASON})
    admin.do("POST", "/admin/excuses", {"user_ids": ids, "from": "2026-03-01", "until": "2026-03-01", **REASON})
    for one in (user, other):
        assert [entry["action"] for entry in trail(admin, one)] == ["excuse_days", "grant_freezes"]


def test_who_is_brought_along_has_it_in_the_trail(user: User, admin: User) -> None:
    one = {"user_id": user.uid, "time_zone": "UTC", "current_streak": 0, "longest_streak": 3}
    for _ in range(2):
        admin.do("POST", "/admin/import", {"users": [one], **REASON})
    assert [entry["action"] for entry in trail(admin, user)] == ["open"]


def test_policies_and_amnesties_are_in_the_trail_of_everybody(admin: User, support: User) -> None:
    before = len(everybodys(admin))
    day = (date.fromisoformat(LATER[:10]) + timedelta(days=300)).isoformat()
    policy = {"effective_from": day, "toml": TEXT, **REASON}
    number = admin.do("POST", "/admin/policies", policy)["number"]
    admin.do("POST", "/admin/policies", policy)
    admin.do("DELETE", f"/admin/policies/{number}", {"reason": "not yet"})
    window = {"from": "2025-01-01T00:00:00Z", "until": "2025-01-01T01:00:00Z"}
    amnesty = admin.do("POST", "/admin/amnesties", {**window, **REASON})["id"]
    admin.do("DELETE", f"/admin/amnesties/{amnesty}")
    told = support.get("/admin/audit", page_size=4)["entries"]
    assert len(everybodys(admin)) == min(before + 4, 20)
    assert [(one["action"], one["entity_type"], one["entity_id"]) for one in told] == [
        ("withdraw_amnesty", "amnesty", amnesty),
        ("declare_amnesty", "amnesty", amnesty),
        ("withdraw_policy", "policy", str(number)),
        ("publish_policy", "policy", str(number)),
    ]
    assert {one["actor"]["id"] for one in told} == {admin.uid}
    # Why something was withdrawn is told where it was said.
    assert [told[index]["details"] for index in range(3)] == [{}, {**window, **REASON}, {"reason": "not yet"}]
    assert admin.refusal("DELETE", f"/admin/amnesties/{amnesty}", {"reason": "x" * 501}) == (422, "invalid_request")
    assert admin.refusal("DELETE", f"/admin/policies/{number}", {"because": "x"}) == (422, "invalid_request")


def test_exports_and_the_erasing_are_in_the_trail_of_which_the_erasing_alone_is_left(user: User, admin: User) -> None:
    user.record()
    user.ask("GET", "/streak/export")
    admin.ask("GET", f"/admin/users/{user.uid}/streak/export")
    told = trail(admin, user)
    assert [(one["action"], one["actor"]["kind"]) for one in told] == [("export", "admin"), ("export", "user")]
    user.sign_in()
    user.do("DELETE", "/streak")
    [left] = trail(admin, user)
    assert (left["action"], left["actor"], left["details"]) == ("erase", {"kind": "user", "id": user.uid}, {})
    assert (left["ip_address"], left["user_agent"]) == (None, None)
    assert left["previous_hash"] == told[0]["hash"]


def test_a_trail_is_read_page_by_page_the_latest_first(user: User, admin: User) -> None:
    for _ in range(3):
        admin.do("POST", f"/admin/users/{user.uid}/xp", {"amount": 1, **REASON})
    path = f"/admin/users/{user.uid}/audit"
    first = admin.get(path, page_size=2)
    second = admin.get(path, page_size=2, page_token=first["next_page_token"])
    assert [one["seq"] for one in (*first["entries"], *second["entries"])] == [3, 2, 1]
    assert second["next_page_token"] is None
    assert (first["missing"], second["missing"]) == ([], [])
    newer, older = first["entries"]
    assert newer["previous_hash"] == older["hash"]


def test_no_route_changes_a_trail_and_no_user_reads_one(user: User, admin: User) -> None:
    assert {one.method for one in OPERATIONS if one.path.endswith("/audit")} == {"get"} or {
        one.method for one in OPERATIONS if one.path.endswith("/audit")
    } == {"GET"}
    for path in (f"/admin/users/{user.uid}/audit", "/admin/audit"):
        assert problem(user.ask("GET", path)) == (403, "forbidden")
        for method in ("POST", "PUT", "PATCH", "DELETE"):
            assert admin.ask(method, path).status_code == 405

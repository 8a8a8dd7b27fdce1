"""What only operators do for a user: each with its reason, and told the user without who it was."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final

import pytest

from testing.contract import OPERATIONS
from tests.e2e.client import problem
from tests.e2e.stored_user import stored

if TYPE_CHECKING:
    from tests.e2e.client import Json, User

LATER: Final = "2026-03-05T09:00:00Z"
REASON: Final = {"reason": "the app was down, she wrote to us"}
GIVEN: Final[dict[str, Json]] = {
    "grants": {"count": 1},
    "excuses": {"from": "2026-03-04", "until": "2026-03-04"},
    "restorations": {"day": "2026-03-03"},
    "xp": {"amount": 20},
    "block": {"until": "2026-03-09T09:00:00Z"},
}


def home(user: User, what: str) -> str:
    return f"/admin/users/{user.uid}/{what}"


@pytest.mark.parametrize("what", GIVEN)
def test_without_a_reason_nothing_is_given(user: User, admin: User, what: str) -> None:
    user.record()
    before = stored(user.uid)
    for reason in ({}, {"reason": ""}, {"reason": " \n"}):
        answer = admin.ask("POST", home(user, what), {**GIVEN[what], **reason}, at=LATER)
        assert problem(answer) == (422, "reason_required")
    assert stored(user.uid) == before
    admin.do("POST", home(user, what), {**GIVEN[what], **REASON}, at=LATER)


def test_a_reason_has_an_end(user: User, admin: User) -> None:
    admin.do("POST", home(user, "xp"), {"amount": 1, "reason": "r" * 500})
    assert admin.refusal("POST", home(user, "xp"), {"amount": 1, "reason": "r" * 501}) == (422, "invalid_request")


@pytest.mark.parametrize("what", GIVEN)
def test_what_was_given_is_in_the_ledger_with_who_and_why_and_the_user_reads_neither(
    user: User, admin: User, what: str
) -> None:
    user.record()
    told = admin.do("POST", home(user, what), {**GIVEN[what], **REASON}, at=LATER)
    assert {event["details"]["by"] for event in told["events"]} == {"support"}
    (entry,) = [one for path, one in stored(user.uid).items() if "/ledger/" in path and one["seq"] == 2]
    assert json.loads(entry["entry"])["actor"] == {"kind": "admin", "id": admin.uid}
    assert json.loads(entry["request"])["reason"] == REASON["reason"]
    own = [user.get(path, at=LATER) for path in ("/streak", "/streak/events", "/streak/explain", "/calendar")]
    assert told["events"][0] in own[1]["events"]
    for private in (admin.uid, REASON["reason"]):
        assert private not in json.dumps(own)


def test_the_table_has_every_command_of_operators_for_one_user() -> None:
    commands = {one.path for one in OPERATIONS if "x-command" in one.content and one.path.startswith("/admin/users/")}
    # What is put there, and taken away, gives nothing: test_leaderboards.
    hidden = "/admin/users/{uid}/leaderboard/hidden"
    assert commands == {*(f"/admin/users/{{uid}}/{what}" for what in GIVEN), hidden}


@pytest.mark.parametrize("what", GIVEN)
def test_a_key_is_of_one_command_which_is_carried_out_once(user: User, admin: User, what: str) -> None:
    user.record()
    first = admin.ask("POST", home(user, what), {**GIVEN[what], **REASON}, at=LATER, key="one")
    others = [("POST", other, GIVEN[other]) for other in GIVEN if other != what] + [("DELETE", "block", {})]
    befores = []
    # What failed is counted in a collection that comes with the first of it.
    for _ in range(2):
        befores.append(stored(user.uid))
        again = admin.ask("POST", home(user, what), {**GIVEN[what], **REASON}, at=LATER, key="one")
        assert (first.status_code, again.json(), again.headers["Idempotent-Replayed"]) == (200, first.json(), "true")
        for method, other, body in others:
            answer = admin.ask(method, home(user, other), {**body, **REASON}, at=LATER, key="one")
            assert problem(answer) == (422, "idempotency_key_reused"), other
    after = stored(user.uid)
    assert after == befores[1] == {**befores[0], "collections": after["collections"]}


def test_a_grant_that_is_asked_for_again_under_its_key_is_given_once(user: User, support: User) -> None:
    first = support.ask("POST", home(user, "grants"), {**GIVEN["grants"], **REASON}, key="one")
    again = support.ask("POST", home(user, "grants"), {**GIVEN["grants"], **REASON}, key="one")
    assert (again.json(), again.headers["Idempotent-Replayed"]) == (first.json(), "true")
    assert user.get("/streak")["freezes_available"] == 1


def test_a_blocked_user_reads_and_is_told_until_when_nothing_may_be_changed(user: User, admin: User) -> None:
    user.record()
    user.do("PATCH", "/notices/preferences", {"language": "de"})
    admin.do("POST", home(user, "block"), {**GIVEN["block"], **REASON}, at=LATER)
    refused = user.ask("POST", "/streak/update", at=LATER)
    assert problem(refused) == (403, "blocked")
    assert refused.json()["until"] == "2026-03-09T09:00:00Z"
    # What others see or what is sent to is added to no more, and may be taken away.
    phone = "/notices/devices/phone"
    assert problem(user.ask("PUT", phone, {"token": "t", "platform": "web"}, at=LATER)) == (403, "blocked")
    assert user.do("DELETE", phone, at=LATER) == {"devices": []}
    assert user.get("/streak", at=LATER)["current_streak"] == 0
    assert user.do("POST", "/streak/update", at="2026-03-09T09:00:00Z")["streak"]["current_streak"] == 1


def test_a_block_without_an_end_holds_until_it_is_lifted(user: User, admin: User) -> None:
    admin.do("POST", home(user, "block"), REASON)
    assert user.ask("POST", "/streak/update", at="2027-03-09T09:00:00Z").json()["until"] is None
    assert admin.get(home(user, "block")) == {"blocked": True, "until": None}
    assert admin.refusal("DELETE", home(user, "block")) == (422, "reason_required")
    told = admin.do("DELETE", home(user, "block"), REASON)
    assert told["block"] == admin.get(home(user, "block")) == {"blocked": False, "until": None}
    user.do("POST", "/streak/update")


def test_an_operator_acts_for_a_blocked_user(user: User, admin: User) -> None:
    admin.do("POST", home(user, "block"), REASON)
    activity = {"activity_type": "study_guide_completed"}
    told = admin.do("POST", home(user, "streak/activities"), activity)
    assert told["streak"]["current_streak"] == 1

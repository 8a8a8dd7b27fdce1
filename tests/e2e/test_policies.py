"""Policies in time over HTTP. Each is published for a year that no other test lives in, and the server is shared."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import pytest

from streak_core.domain.rules import KNOWN_AFTER
from tests.e2e.client import problem, wrong_fields
from tests.support.shipped_policy import POLICY, TEXT

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.e2e.client import Json, User

# A Monday.
NOW: Final = "2190-03-01T09:00:00Z"
CHEAPER: Final = TEXT.replace("xp_per_freeze = 500", "xp_per_freeze = 300")
assert KNOWN_AFTER.total_seconds() == 600


def body(**fields: Any) -> Json:
    return {"effective_from": "2190-03-08", "toml": CHEAPER, "reason": "freezes are too dear", **fields}


@pytest.fixture
def publisher(admin: User) -> Iterator[User]:
    """An admin of that year, who leaves nothing in force."""
    admin.now = NOW
    yield admin
    for one in admin.get("/admin/policies")["policies"]:
        if one["number"] and one["state"] == "to_come":
            admin.do("DELETE", f"/admin/policies/{one['number']}")


def test_a_policy_is_published_listed_shown_and_withdrawn(publisher: User) -> None:
    told = publisher.do("POST", "/admin/policies", body())
    number = told["number"]
    expected = {
        "number": number,
        "effective_from": "2190-03-08",
        "state": "to_come",
        "published_at": NOW,
        "withdrawn_at": None,
        "by": f"admin:{publisher.uid}",
        "reason": "freezes are too dear",
    }
    assert told == expected
    listed = publisher.get("/admin/policies")["policies"]
    assert listed[0]["number"] == 0
    assert listed[0]["state"] == "in_force"
    assert listed[-1] == expected
    assert publisher.get(f"/admin/policies/{number}") == {**expected, "toml": CHEAPER}
    assert publisher.get("/admin/policies/0")["toml"] == TEXT
    assert publisher.do("POST", "/admin/policies", body())["number"] == number
    withdrawn = publisher.do("DELETE", f"/admin/policies/{number}")
    assert withdrawn == {**expected, "state": "withdrawn", "withdrawn_at": NOW}
    assert publisher.do("DELETE", f"/admin/policies/{number}", at="2190-03-20T09:00:00Z") == withdrawn


def test_a_policy_that_does_not_validate_is_refused_field_by_field(publisher: User) -> None:
    wrong = CHEAPER.replace("held_max = 5", "held_max = 500").replace("late_days_max = 14", "late_days_max = 0")
    answer = publisher.ask("POST", "/admin/policies", body(toml=wrong))
    assert wrong_fields(answer) == ["toml.activities.late_days_max", "toml.freezes.held_max"]
    assert wrong_fields(publisher.ask("POST", "/admin/policies", body(toml="["))) == ["toml"]
    assert wrong_fields(publisher.ask("POST", "/admin/policies", body(tolm="x"))) == ["tolm"]


def test_a_policy_begins_neither_too_soon_nor_where_too_little_is_kept_and_has_a_reason(publisher: User) -> None:
    def refused(**fields: Any) -> tuple[int, str]:
        return publisher.refusal("POST", "/admin/policies", body(**fields))

    assert refused(effective_from="2190-03-02") == (422, "too_soon")
    patient = CHEAPER.replace("late_days_max = 14", "late_days_max = 30")
    assert refused(toml=patient) == (422, "tails_too_short")
    assert refused(reason=" ") == (422, "reason_required")
    publisher.do("POST", "/admin/policies", body(toml=patient, effective_from="2190-03-25"))
    publisher.do("POST", "/admin/policies", body(effective_from="2190-03-03"))


def test_a_policy_that_has_begun_somewhere_stays(publisher: User) -> None:
    number = publisher.do("POST", "/admin/policies", body())["number"]
    # In UTC+14 that day begins at 14:00 of the day before.
    assert publisher.refusal("DELETE", f"/admin/policies/{number}", at="2190-03-07T13:50:00Z") == (
        409,
        "policy_has_begun",
    )
    publisher.do("DELETE", f"/admin/policies/{number}", at="2190-03-07T13:49:59Z")
    assert publisher.refusal("DELETE", "/admin/policies/0") == (409, "policy_has_begun")
    for unknown in ("999999999", "1234567890", "one", "-1"):
        assert publisher.refusal("DELETE", f"/admin/policies/{unknown}") == (404, "policy_not_found")


def test_a_user_s_days_go_by_the_policy_of_each(publisher: User, user: User) -> None:
    """One day of 300 XP before the change gives no freeze, one after it does."""
    publisher.do("POST", "/admin/policies", body())
    user.now = "2190-03-07T09:00:00Z"
    user.record("flashcard_set_completed", metadata={"correct": 600})
    assert user.get("/streak", at="2190-03-08T03:00:00Z")["freezes_available"] == 0
    user.now = "2190-03-08T09:00:00Z"
    user.record("flashcard_set_completed", metadata={"correct": 600})
    assert user.get("/streak", at="2190-03-09T09:00:00Z")["freezes_available"] == 1


def test_an_app_is_told_what_it_can_send_and_when_that_changes(publisher: User, user: User) -> None:
    told = user.get("/policy", at=NOW)
    assert told["next"] is None
    assert (told["number"], told["effective_from"]) == (0, None)
    assert told["categories"] == list(POLICY.categories)
    assert told["milestones"] == {"days": [7, 14, 30, 60, 100], "then_every": 100}
    assert told["limits"]["late_days_max"] == 14
    types = {one["activity_type"]: one for one in told["activity_types"]}
    assert list(types) == list(POLICY.activity_types)
    assert types["quiz_completed"] == {
        "activity_type": "quiz_completed",
        "category": "quiz",
        "counts": "when_xp",
        "fields": [
            {"name": "difficulty", "kind": "choice", "choices": ["easy", "hard"]},
            {"name": "score", "kind": "number", "minimum": 0, "maximum": 100},
        ],
    }
    number = publisher.do("POST", "/admin/policies", body())["number"]
    assert user.get("/policy", at="2190-03-01T09:09:59Z")["next"] is None
    following = {"number": number, "effective_from": "2190-03-08"}
    assert user.get("/policy", at="2190-03-01T09:10:00Z")["next"] == following
    begun = user.get("/policy", at="2190-03-08T04:00:00Z")
    assert following.items() <= begun.items()
    assert (begun["next"], begun["limits"]["xp_per_freeze"]) == (None, 300)
    user.do("PATCH", "/streak/settings", {"time_zone": "America/New_York"}, at="2190-03-07T12:00:00Z")
    assert user.get("/policy", at="2190-03-08T04:00:00Z")["number"] == 0


def test_what_a_policy_offers_is_earned_joined_and_told(publisher: User, user: User) -> None:
    offers = f"""{CHEAPER}
[achievements.two]
by = "streak"
target = 2

[challenges.march]
from = 2190-03-08
until = 2190-03-31
any_activity = true
target = 2
reward = {{ xp = 50 }}
"""
    publisher.do("POST", "/admin/policies", body(toml=offers))
    user.now = "2190-03-08T09:00:00Z"
    assert user.do("POST", "/challenges/march/join", key="join") == user.do(
        "POST", "/challenges/march/join", key="join"
    )
    assert user.refusal("POST", "/challenges/april/join") == (404, "challenge_not_found")
    user.record("check_in")
    tags = {path: user.ask("GET", path).headers["ETag"] for path in ("/achievements", "/challenges")}
    user.now = "2190-03-09T09:00:00Z"
    events = user.record("check_in", activity_id="last")["events"]
    assert [event["type"] for event in events][-2:] == ["challenge_completed", "achievement_unlocked"]
    assert user.get("/streak")["xp_total"] == 50
    assert user.refusal("DELETE", "/challenges/march/join") == (409, "challenge_completed")
    for path, tag in tags.items():
        assert user.ask("GET", path, headers={"If-None-Match": tag}).status_code == 200
    user.do("DELETE", "/streak/activities/last")
    assert user.get("/streak")["xp_total"] == 0
    [two], [march] = user.get("/achievements")["achievements"], user.get("/challenges")["challenges"]
    assert (two["progress"], two["earned_at"]) == (1, "2190-03-09T09:00:00Z")
    assert (march["progress"], march["completed"]) == (1, False)
    user.do("DELETE", "/challenges/march/join")
    assert not user.get("/challenges")["challenges"][0]["joined"]


@pytest.mark.parametrize("who", ["user", "support"])
def test_nobody_but_an_admin_publishes(request: pytest.FixtureRequest, who: str) -> None:
    caller: User = request.getfixturevalue(who)
    caller.now = NOW
    assert problem(caller.ask("POST", "/admin/policies", body())) == (403, "forbidden")
    assert caller.refusal("GET", "/admin/policies") == (403, "forbidden")

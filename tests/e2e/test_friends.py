"""Friend streaks over HTTP: two who live a day apart, what each is told, and what a stranger is not."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

import pytest
from google.cloud import firestore

from emulator.token import PROJECT
from tests.e2e.client import MONDAY, User, problem, wrong_fields

if TYPE_CHECKING:
    import httpx

# The first and nearly the last to begin a day: 24 hours apart.
FIRST, LAST = "Pacific/Kiritimati", "Pacific/Honolulu"
GUIDE: Final = {"activity_type": "study_guide_completed"}
ROW: Final = {
    "friend_id",
    "name",
    "own_name",
    "kept_today",
    "friend_streak",
    "longest_friend_streak",
    "since",
}


def befriend(user: User, other: User, at: str = MONDAY) -> Any:
    """What the other user is told of the first, whose invitation they accept."""
    code = user.do("POST", "/friends/invitations", {"name": "Ada"}, at=at)["code"]
    return other.do("POST", "/friends", {"code": code, "name": "Ben"}, at=at)


def friend(user: User, at: str) -> Any:
    [found] = user.get("/friends", at=at)["friends"]
    assert found.keys() == ROW
    return found


def after(moment: str, hours: float) -> str:
    return (datetime.fromisoformat(moment) + timedelta(hours=hours)).isoformat()


@pytest.fixture
def third(http: httpx.Client, served: str) -> User:
    """A user whom neither of the two knows."""
    return User(http, served)


def test_two_who_live_a_day_apart_keep_the_same_dates_each_in_their_own_days(user: User, other: User) -> None:
    for one, zone in ((user, FIRST), (other, LAST)):
        one.do("PATCH", "/streak/settings", {"time_zone": zone})
    befriend(user, other)
    for number in range(6):
        # Noon of a date for the one, and of the date before for the other.
        noon = after("2026-03-03T12:00:00+14:00", 24 * number)
        user.do("POST", "/streak/update", at=noon)
        seen, theirs = friend(user, noon), friend(other, noon)
        assert seen["friend_streak"] == theirs["friend_streak"] == max(0, number - 1)
        assert (seen["kept_today"], theirs["kept_today"]) == (False, True)
        later = after(noon, 1)
        other.do("POST", "/streak/update", at=later)
        seen, theirs = friend(user, later), friend(other, later)
        assert seen["friend_streak"] == theirs["friend_streak"] == number
        assert seen["kept_today"]
    # The one keeps no day more: it ends for both with the end of that date in Kiritimati.
    other.do("POST", "/streak/update", at="2026-03-08T13:00:00-10:00")
    ends = "2026-03-10T04:00:00+14:00"
    for one in (user, other):
        told = [friend(one, at) for at in (after(ends, -0.01), ends)]
        assert [each["friend_streak"] for each in told] == [6, 0]
        assert told[1]["longest_friend_streak"] == 6


def test_whatever_is_recorded_late_or_undone_is_judged_as_if_it_had_always_been_so(user: User, other: User) -> None:
    befriend(user, other)
    for number in range(4):
        noon = after(MONDAY, 24 * number)
        user.do("POST", "/streak/update", at=noon)
        if number != 1:
            other.do(
                "POST", "/streak/activities", {"activity_type": "study_guide_completed"}, at=noon, key=f"a{number}"
            )
    last = after(MONDAY, 73)
    assert friend(user, last)["friend_streak"] == 2
    late = {**GUIDE, "occurred_at": after(MONDAY, 24)}
    other.do("POST", "/streak/activities", late, at=last, key="a1")
    assert friend(user, last)["friend_streak"] == friend(other, last)["friend_streak"] == 4
    other.do("DELETE", "/streak/activities/a1", at=last)
    assert friend(user, last)["friend_streak"] == friend(other, last)["friend_streak"] == 2


def test_a_code_is_taken_as_it_is_typed_and_what_can_be_none_is_refused_by_its_field(user: User, other: User) -> None:
    code = user.do("POST", "/friends/invitations", {"name": "  Ada  "})
    assert code["name"] == "Ada"
    typed = code["code"].lower().replace("-", " ").replace("1", "l").replace("0", "o")
    for wrong in ("", "7KQM-2XWA", "7KQM-2XWA-9T4U", f"{code['code']}0"):
        answer = other.ask("POST", "/friends", {"code": wrong, "name": "Ben"})
        assert wrong_fields(answer) == ["code"]
    assert other.do("POST", "/friends", {"code": typed, "name": "Ben"})["name"] == "Ada"


@pytest.mark.parametrize("name", ["", "ada@example.org", "a" * 33, "www.example.org", "Ada\u202e"])
def test_a_name_that_nobody_else_should_see_is_refused(user: User, other: User, name: str) -> None:
    assert user.refusal("POST", "/friends/invitations", {"name": name}) == (422, "name_not_allowed")
    code = user.do("POST", "/friends/invitations", {"name": "Ada"})["code"]
    answer = other.ask("POST", "/friends", {"code": code, "name": name})
    assert problem(answer) == (422, "name_not_allowed")
    assert [one["field"] for one in answer.json()["errors"]] == ["name"]
    # The code is still open.
    other.do("POST", "/friends", {"code": code, "name": "Ben"})


def test_the_same_key_begins_one_friend_streak(user: User, other: User) -> None:
    invited = user.ask("POST", "/friends/invitations", {"name": "Ada"}, key="k")
    again = user.ask("POST", "/friends/invitations", {"name": "Ada"}, key="k")
    assert again.json() == invited.json()
    assert again.headers["Idempotent-Replayed"] == "true"
    body = {"code": invited.json()["code"], "name": "Ben"}
    made = other.ask("POST", "/friends", body, key="k")
    again = other.ask("POST", "/friends", body, key="k")
    assert (again.json(), again.headers["Idempotent-Replayed"]) == (made.json(), "true")
    assert other.refusal("POST", "/friends", body) == (404, "invitation_not_found")
    user.do("DELETE", f"/friends/{made.json()['friend_id']}")
    assert other.refusal("POST", "/friends", body, key="k") == (404, "friend_not_found")


def test_whoever_blocks_is_known_to_nobody(user: User, other: User) -> None:
    friend_id = befriend(user, other)["friend_id"]
    block = user.do("PUT", f"/friends/blocks/{friend_id}")
    assert user.do("PUT", f"/friends/blocks/{friend_id}") == block
    assert user.get("/friends/blocks") == {"blocks": [block]}
    assert (user.get("/friends"), other.get("/friends")) == ({"friends": []}, {"friends": []})
    assert other.get("/friends/blocks") == {"blocks": []}
    unknown = other.ask("POST", "/friends", {"code": "0000-0000-0000", "name": "Ben"})
    code = user.do("POST", "/friends/invitations", {"name": "Ada"})["code"]
    refused = other.ask("POST", "/friends", {"code": code, "name": "Ben"})
    assert (refused.status_code, refused.json()) == (unknown.status_code, unknown.json())
    user.do("DELETE", f"/friends/blocks/{block['friend_id']}")
    assert user.refusal("DELETE", f"/friends/blocks/{block['friend_id']}") == (404, "block_not_found")
    other.do("POST", "/friends", {"code": code, "name": "Ben"})


def test_a_stranger_is_told_of_nobody_and_ends_blocks_and_withdraws_nothing(
    user: User, other: User, third: User
) -> None:
    eve = third
    friend_id = befriend(user, other)["friend_id"]
    code = user.do("POST", "/friends/invitations", {"name": "Ada"})["code"]
    ended = user.do("POST", "/friends/invitations", {"name": "Ada"})["code"]
    user.do("DELETE", f"/friends/invitations/{ended}")
    before = user.get("/friends"), user.get("/friends/invitations")
    assert eve.get("/friends") == {"friends": []}
    assert eve.refusal("DELETE", f"/friends/{friend_id}") == (404, "friend_not_found")
    assert eve.refusal("PUT", f"/friends/blocks/{friend_id}") == (404, "friend_not_found")
    assert eve.refusal("DELETE", f"/friends/blocks/{friend_id}") == (404, "block_not_found")
    for each in (code, ended, "0000-0000-0000", "none", "a" * 500):
        assert eve.refusal("DELETE", f"/friends/invitations/{each}") == (404, "invitation_not_found")
    assert eve.refusal("POST", "/friends", {"code": ended, "name": "Eve"}) == (404, "invitation_not_found")
    assert (user.get("/friends"), user.get("/friends/invitations")) == before
    assert user.refusal("POST", "/friends", {"code": code, "name": "Ada"}) == (409, "own_invitation")


def test_an_export_has_the_own_side_of_friends_alone(user: User, other: User, third: User) -> None:
    friend_id = befriend(user, other)["friend_id"]
    blocking = befriend(other, third)["friend_id"]
    other.do("PUT", f"/friends/blocks/{blocking}")
    theirs = befriend(third, user)["friend_id"]
    third.do("PUT", f"/friends/blocks/{theirs}")
    code = user.do("POST", "/friends/invitations", {"name": "Ada"})["code"]
    text = user.ask("GET", "/streak/export").text
    lines = [json.loads(line) for line in text.splitlines()]
    found = {line["id"]: line["data"] for line in lines if line.get("collection", "").startswith("friend_")}
    assert found.keys() == {friend_id, code.replace("-", "")}
    assert (found[friend_id]["name"], found[friend_id]["friend_name"]) == ("Ada", "Ben")
    assert other.uid not in text
    assert third.uid not in text
    told = other.ask("GET", "/streak/export").text
    assert blocking in told
    assert user.uid not in told


def test_who_is_erased_is_gone_from_the_list_of_friends(user: User, other: User) -> None:
    befriend(user, other)
    user.do("DELETE", "/streak")
    assert other.get("/friends") == {"friends": []}
    assert user.refusal("GET", "/friends") == (410, "user_erased")


def test_of_a_friend_who_cant_be_read_days_are_null_also_in_the_answer_to_an_acceptance(
    user: User, other: User
) -> None:
    code = user.do("POST", "/friends/invitations", {"name": "Ada"})["code"]
    body = {"code": code, "name": "Ben"}
    user.do("POST", "/streak/update")
    made = other.ask("POST", "/friends", body, key="k").json()
    assert (made["kept_today"], made["friend_streak"]) == (True, 0)
    home = firestore.Client(project=PROJECT).document(f"streaks/{user.uid}")
    before = home.get().to_dict() or {}
    home.set({"title": "a recipe"})
    try:
        again = other.ask("POST", "/friends", body, key="k")
        listed = other.get("/friends")
        assert user.refusal("GET", "/friends") == (409, "foreign_document")
    finally:
        # Others look at all users of this database.
        home.set(before)
    unknown = dict.fromkeys(("kept_today", "friend_streak", "longest_friend_streak"))
    assert (again.status_code, again.json()) == (201, {**made, **unknown})
    assert listed == {"friends": [{**made, **unknown}]}
    assert other.get("/friends") == {"friends": [made]}

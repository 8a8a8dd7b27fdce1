"""Many activities in one request: each is answered as if it came alone, and the streak is told once, after all."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any, Final

import pytest
from google.cloud import firestore

from emulator.token import PROJECT
from streak_core.batches import ACTIVITIES_MAX
from testing.contract import OPERATIONS
from tests.e2e.client import User, problem, wrong_fields
from tests.e2e.stored_user import stored

if TYPE_CHECKING:
    import httpx

    from tests.e2e.client import Json

BATCH: Final = "/streak/activities:batch"
GUIDE: Final = {"activity_type": "study_guide_completed"}
QUIZ: Final = {"activity_type": "quiz_completed", "metadata": {"difficulty": "hard", "score": 90}}
# What a phone kept in a plane, with what would be refused alone.
KEPT: Final[list[Json]] = [
    {**GUIDE, "activity_id": "a", "occurred_at": "2026-02-28T09:00:00Z"},
    {**QUIZ, "activity_id": "b", "occurred_at": "2026-03-01T09:00:00Z", "time_zone": "Asia/Tokyo"},
    {**GUIDE, "activity_id": "too-late", "occurred_at": "2026-02-01T09:00:00Z"},
    {**GUIDE, "activity_id": "b"},
    {**GUIDE, "activity_id": "a", "occurred_at": "2026-02-28T09:00:00Z"},
    {"activity_type": "dancing", "activity_id": "c"},
    {**GUIDE, "activity_id": "d", "score": 1},
    {**GUIDE, "activity_id": "e"},
]


def told_alone(user: User, activity: Json) -> tuple[int, Json]:
    """What an activity is answered that is sent alone."""
    answer = user.ask("POST", "/streak/activities", activity)
    said = answer.json()
    return answer.status_code, (said["code"] if answer.is_error else (said["activity"], said["events"]))


def told(result: Json) -> tuple[int, Json]:
    """The same of a part of a batch."""
    status = result["status"]
    return status, (result["problem"]["code"] if "problem" in result else (result["activity"], result["events"]))


def test_each_is_answered_as_if_it_came_alone_and_the_streak_once(user: User, other: User) -> None:
    alone = [told_alone(other, one) for one in KEPT]
    answer = user.do("POST", BATCH, {"activities": KEPT})
    assert [told(one) for one in answer["results"]] == alone
    assert [status for status, _ in alone] == [201, 201, 422, 422, 201, 422, 422, 201]
    assert [one.get("replayed") for one in answer["results"]][4] is True
    assert answer["streak"].items() <= {**user.get("/streak"), "streak_created": True}.items()
    assert {**user.get("/streak"), "user_id": ""} == {**other.get("/streak"), "user_id": ""}
    assert user.get("/calendar") == other.get("/calendar")
    ours, theirs = (
        {path.replace(one.uid, ""): fields["entry"] for path, fields in stored(one.uid).items() if "/ledger/" in path}
        for one in (user, other)
    )
    assert ours == theirs


def test_the_same_batch_again_changes_nothing(user: User) -> None:
    first = user.do("POST", BATCH, {"activities": KEPT})
    before = stored(user.uid)
    again = user.do("POST", BATCH, {"activities": KEPT})
    assert [told(one) for one in again["results"]] == [told(one) for one in first["results"]]
    assert all(one["replayed"] for one in again["results"] if "replayed" in one)
    assert stored(user.uid) == before


def test_a_batch_that_ends_at_a_refusal_is_as_if_no_more_had_been_sent(user: User, other: User) -> None:
    alone = [told_alone(other, one) for one in KEPT[:3]]
    answer = user.do("POST", BATCH, {"activities": KEPT, "stop_at_refusal": True})
    assert [told(one) for one in answer["results"][:3]] == alone
    assert [status for status, _ in alone] == [201, 201, 422]
    assert [told(one) for one in answer["results"][3:]] == [(424, "not_tried")] * 5
    assert answer["streak"].items() <= {**user.get("/streak"), "streak_created": True}.items()
    assert {**user.get("/streak"), "user_id": ""} == {**other.get("/streak"), "user_id": ""}
    assert user.get("/calendar") == other.get("/calendar")
    before = stored(user.uid)
    assert sum("/ledger/" in path for path in before) == 2
    # Sent again, as after an answer that was lost, and then without what was refused, until there is nothing left.
    again = user.do("POST", BATCH, {"activities": KEPT, "stop_at_refusal": True})
    assert [told(one) for one in again["results"]] == [told(one) for one in answer["results"]]
    assert [one["replayed"] for one in again["results"][:2]] == [True, True]
    assert stored(user.uid) == before
    assert [told(one) for one in in_turn(user, KEPT[3:])] == [told_alone(other, one) for one in KEPT[3:]]
    assert {**user.get("/streak"), "user_id": ""} == {**other.get("/streak"), "user_id": ""}


def in_turn(user: User, waiting: list[Json]) -> list[Json]:
    """What each is answered where what was not tried is sent once more, without what was refused before it."""
    results: list[Json] = []
    while waiting:
        answer = user.do("POST", BATCH, {"activities": waiting, "stop_at_refusal": True})
        tried = [one for one in answer["results"] if one["status"] != 424]
        results, waiting = results + tried, waiting[len(tried) :]
    return results


def test_whether_a_batch_ends_at_a_refusal_is_yes_or_no(user: User) -> None:
    for said in ("yes", 1, None):
        answer = user.ask("POST", BATCH, {"activities": KEPT[:1], "stop_at_refusal": said})
        assert wrong_fields(answer) == ["stop_at_refusal"]
    whole = user.do("POST", BATCH, {"activities": KEPT[2:5], "stop_at_refusal": False})
    assert [one["status"] for one in whole["results"]] == [422, 201, 201]


def test_a_batch_of_500_is_recorded_and_one_of_501_is_refused_whole(user: User) -> None:
    many = [{**GUIDE, "activity_id": f"n{n}"} for n in range(ACTIVITIES_MAX + 1)]
    assert wrong_fields(user.ask("POST", BATCH, {"activities": many})) == ["activities"]
    assert wrong_fields(user.ask("POST", BATCH, {"activities": []})) == ["activities"]
    answer = user.do("POST", BATCH, {"activities": many[:-1]})
    assert {one["status"] for one in answer["results"]} == {201}
    assert answer["streak"]["xp_total"] == user.get("/streak")["xp_total"] == ACTIVITIES_MAX * 15


def test_a_key_is_for_a_single_command(user: User) -> None:
    assert wrong_fields(user.ask("POST", BATCH, {"activities": KEPT}, key="k")) == ["Idempotency-Key"]


def test_whoever_is_blocked_is_told_so_for_each(user: User, admin: User) -> None:
    admin.do("POST", f"/admin/users/{user.uid}/block", {"reason": "spam"})
    answer = user.do("POST", BATCH, {"activities": [{**GUIDE, "activity_id": "a"}]})
    assert [told(one) for one in answer["results"]] == [(403, "blocked")]
    assert answer["streak"]["current_streak"] == 0


@pytest.fixture
def users(http: httpx.Client, served: str) -> list[User]:
    """Some users of whom nothing is known."""
    return [User(http, served) for _ in range(3)]


def test_an_operator_records_for_many_in_one_request(users: list[User], admin: User) -> None:
    sent = [{**GUIDE, "activity_id": f"n{n}", "user_id": users[n % 3].uid} for n in range(7)]
    sent += [{**GUIDE, "user_id": "a b"}, GUIDE, {**GUIDE, "activity_id": "n0", "user_id": users[0].uid}]
    answer = admin.do("POST", "/admin/activities:batch", {"activities": sent})
    assert [one["status"] for one in answer["results"]] == [201] * 7 + [422, 422, 201]
    assert [one["user_id"] for one in answer["results"][:3]] == [user.uid for user in users]
    assert answer["results"][-1]["replayed"] is True
    assert {one["user_id"]: one["xp_total"] for one in answer["streaks"]} == {
        user.uid: user.get("/streak")["xp_total"] for user in users
    }
    for_one = admin.do("POST", f"/admin/users/{users[0].uid}{BATCH}", {"activities": [{**QUIZ, "activity_id": "q"}]})
    assert for_one["streak"]["xp_total"] == users[0].get("/streak")["xp_total"]


def test_a_batch_for_many_ends_for_those_of_whom_one_was_refused(users: list[User], admin: User) -> None:
    late = {**GUIDE, "occurred_at": "2026-01-02T09:00:00Z"}
    first, second, _ = (user.uid for user in users)
    sent = [
        {**GUIDE, "activity_id": "a", "user_id": first},
        {**late, "activity_id": "b", "user_id": first},
        {**late, "activity_id": "a", "user_id": second},
        {**GUIDE, "activity_id": "c", "user_id": first},
        {**GUIDE, "activity_id": "b", "user_id": second},
        {**GUIDE, "user_id": "a b"},
        {**GUIDE, "user_id": "a b"},
    ]
    answer = admin.do("POST", "/admin/activities:batch", {"activities": sent, "stop_at_refusal": True})
    assert [one["status"] for one in answer["results"]] == [201, 422, 422, 424, 424, 422, 424]
    assert [one["user_id"] for one in answer["results"]] == [one["user_id"] for one in sent]
    assert [(one["user_id"], one["xp_total"]) for one in answer["streaks"]] == [(first, 15), (second, 0)]
    for_one = [{name: value for name, value in sent[place].items() if name != "user_id"} for place in (3, 1, 0)]
    told_for = admin.do("POST", f"/admin/users/{first}{BATCH}", {"activities": for_one, "stop_at_refusal": True})
    assert [one["status"] for one in told_for["results"]] == [201, 422, 424]


MANY: Final[dict[str, Json]] = {
    "/admin/grants": {"count": 5},
    "/admin/excuses": {"from": "2026-03-03", "until": "2026-03-04"},
}


def test_the_table_has_every_command_for_many_users_under_a_key() -> None:
    of_many = [one for one in OPERATIONS if one.path.startswith("/admin/") and "{uid}" not in one.path]
    key = {"$ref": "#/components/parameters/IdempotencyKey"}
    assert [one.path for one in of_many if key in one.content.get("parameters", ())] == [*MANY]


@pytest.mark.parametrize("path", MANY)
def test_the_same_is_done_for_many_and_tried_before(users: list[User], support: User, path: str) -> None:
    body: dict[str, Any] = {**MANY[path], "user_ids": [user.uid for user in users], "reason": "the app was down"}
    tried = support.do("POST", path, {**body, "validate_only": True}, key="one")
    assert all(stored(user.uid)[f"streaks/{user.uid}"] is None for user in users)
    done = support.do("POST", path, body, key="one")
    assert (tried["validate_only"], done["validate_only"]) == (True, False)
    assert [one["streak"] for one in tried["results"]] == [one["streak"] for one in done["results"]]
    assert [(one["user_id"], one["status"]) for one in done["results"]] == [(user.uid, 200) for user in users]
    again = support.do("POST", path, body, key="one")
    assert [one["replayed"] for one in again["results"]] == [True] * 3


def test_one_that_is_refused_keeps_no_other_from_being_granted(users: list[User], support: User) -> None:
    support.do("POST", f"/admin/users/{users[1].uid}/grants", {"count": 5, "reason": "first"})
    body = {"count": 1, "reason": "again", "user_ids": [users[0].uid, users[1].uid, "a b"]}
    done = support.do("POST", "/admin/grants", body)
    assert [one["status"] for one in done["results"]] == [200, 409, 422]
    assert done["results"][1]["problem"]["code"] == "freezes_full"
    assert users[0].get("/streak")["freezes_available"] == 1


def test_one_who_can_not_be_read_keeps_no_other_from_an_answer(users: list[User], admin: User) -> None:
    home = firestore.Client(project=PROJECT).document(f"streaks/{users[1].uid}")
    home.set({"schema_version": 0})
    sent = [{**GUIDE, "activity_id": "a", "user_id": user.uid} for user in users]
    try:
        recorded = admin.do("POST", "/admin/activities:batch", {"activities": sent})
        granted = admin.do(
            "POST", "/admin/grants", {"count": 1, "reason": "r", "user_ids": [user.uid for user in users]}
        )
    finally:
        home.delete()
    assert [one["status"] for one in recorded["results"]] == [201, 500, 201]
    assert [one["status"] for one in granted["results"]] == [200, 500, 200]
    for answer in (recorded, granted):
        assert answer["results"][1]["problem"]["code"] == "internal_error"
    assert len(recorded["streaks"]) == 2


@pytest.mark.parametrize("path", MANY)
def test_many_are_at_most_a_hundred_each_once_and_with_a_reason(support: User, path: str) -> None:
    names = [f"user-{uuid.uuid4().hex}" for _ in range(101)]
    body = {**MANY[path], "reason": "r"}
    assert wrong_fields(support.ask("POST", path, {**body, "user_ids": names})) == ["user_ids"]
    assert wrong_fields(support.ask("POST", path, {**body, "user_ids": names[:1] * 2})) == ["user_ids"]
    assert wrong_fields(support.ask("POST", path, {**body, "user_ids": []})) == ["user_ids"]
    assert problem(support.ask("POST", path, {**MANY[path], "user_ids": names[:1]})) == (422, "reason_required")

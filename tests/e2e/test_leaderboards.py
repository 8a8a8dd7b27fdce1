"""Leaderboards over HTTP: who takes part, who stands where, what is hidden, and that nobody is known but by a name."""

from __future__ import annotations

import json
import uuid
from typing import TYPE_CHECKING, Any

import pytest

from tests.e2e.client import User, problem, wrong_fields

if TYPE_CHECKING:
    from collections.abc import Callable

    import httpx

TUESDAY = "2026-03-03T09:00:00Z"
GUIDE = {"activity_type": "study_guide_completed"}


@pytest.fixture
def another(http: httpx.Client, served: str) -> Callable[[], User]:
    return lambda: User(http, served)


def group_of_today() -> str:
    """A group that no other test has."""
    return f"g{uuid.uuid4().hex[:12]}"


def joined(user: User, name: str, group: str) -> User:
    user.do("PUT", "/leaderboard/me", {"name": name, "group": group})
    return user


def board(user: User, group: str, path: str = "week/xp", **query: Any) -> Any:
    return user.get(f"/leaderboards/{path}", group=group, **query)


def test_who_takes_part_stands_by_name_and_score_and_only_they_know_which_row_is_theirs(
    user: User, another: Callable[[], User]
) -> None:
    group, other, looking = group_of_today(), another(), another()
    joined(user, "Ada", group)
    joined(other, "Bo", group)
    user.record()
    other.record()
    user.record()
    seen = board(user, group)
    assert seen["top"] == [{"rank": 1, "name": "Ada", "score": 30, "me": True}, {"rank": 2, "name": "Bo", "score": 15}]
    assert seen["me"] == {"rank": 1, "exact": True, "score": 30}
    assert (seen["period"], seen["final"], seen["around"]) == ("2026-03-02", False, seen["top"])
    stranger = board(looking, group)
    assert [{**row, "me": None} for row in stranger["top"]] == [{**row, "me": None} for row in seen["top"]]
    assert (stranger["me"], stranger["around"]) == (None, [])
    text = json.dumps(stranger)
    assert user.uid not in text
    assert other.uid not in text
    assert [row["rank"] for row in board(looking, group, "all/streak")["top"]] == [1, 1]


def test_late_undone_redone_and_repeated_activities_count_as_the_calendar_has_them(user: User) -> None:
    group = group_of_today()
    joined(user, "Ada", group)
    first = user.record(at=TUESDAY)["activity"]["activity_id"]
    late = {**GUIDE, "activity_id": "late", "occurred_at": "2026-03-02T09:00:00Z"}
    for _ in range(2):
        user.do("POST", "/streak/activities", late, at=TUESDAY)

    def stands() -> tuple[int, int, int]:
        week = [row["xp"] for row in user.get("/calendar", at=TUESDAY, days=2)["days"]]
        seat = user.get("/leaderboard/me", at=TUESDAY)
        xp, streak = (
            next((row["score"] for row in board(user, group, f"week/{by}", at=TUESDAY)["top"]), 0)
            for by in ("xp", "streak")
        )
        assert (seat["week"]["xp"], seat["week"]["streak"], sum(week)) == (xp, streak, xp)
        return xp, streak, seat["all"]["xp"]

    assert stands() == (30, 2, 30)
    user.do("DELETE", f"/streak/activities/{first}", at=TUESDAY)
    assert stands() == (15, 1, 15)
    user.do("POST", f"/streak/activities/{first}/redo", at=TUESDAY)
    assert stands() == (30, 2, 30)
    user.do("POST", "/streak/activities:batch", {"activities": [{**GUIDE, "activity_id": "b"}]}, at=TUESDAY)
    assert stands() == (45, 2, 45)


def test_a_name_that_others_may_not_see_is_refused_with_why_and_the_nearest_one_is_taken(user: User) -> None:
    for name in ("ada@example.org", "\u202eada", "\u0410da", "x" * 33, " "):
        answer = user.ask("PUT", "/leaderboard/me", {"name": name})
        assert wrong_fields(answer, "name_not_allowed") == ["name"]
    assert user.do("PUT", "/leaderboard/me", {"name": " " + "x" * 32})["leaderboard"]["name"] == "x" * 32
    assert wrong_fields(user.ask("PUT", "/leaderboard/me", {"name": "Ada", "group": "a/b"})) == ["group"]
    assert wrong_fields(user.ask("PUT", "/leaderboard/me", {})) == ["name"]


@pytest.mark.parametrize(
    ("path", "query", "field"),
    [
        ("year/xp", {}, "span"),
        ("week/length", {}, "by"),
        ("week/xp", {"period": "next"}, "period"),
        ("week/xp", {"period": ""}, "period"),
        ("all/xp", {"period": "last"}, "period"),
        ("week/xp", {"group": "a b"}, "group"),
    ],
)
def test_a_board_that_there_is_not_is_refused_with_what_is_wrong(
    user: User, path: str, query: dict[str, Any], field: str
) -> None:
    assert wrong_fields(user.ask("GET", f"/leaderboards/{path}", **query)) == [field]


def test_the_last_week_is_seen_until_it_is_final_and_after(user: User) -> None:
    group = group_of_today()
    joined(user, "Ada", group)
    user.record()
    for at, is_final in (("2026-03-11T15:00:00Z", False), ("2026-03-11T16:00:00Z", True)):
        last = board(user, group, at=at, period="last")
        assert (last["period"], last["final"], last["top"][0]["score"]) == ("2026-03-02", is_final, 15)
    assert board(user, group, at="2026-03-11T16:00:00Z")["top"] == []


def test_whom_an_operator_hides_is_told_so_and_seen_by_nobody_and_the_trail_tells_of_it(
    user: User, admin: User, another: Callable[[], User]
) -> None:
    group, looking = group_of_today(), another()
    joined(user, "Ada", group)
    user.record()
    place = f"/admin/users/{user.uid}/leaderboard/hidden"
    assert admin.refusal("PUT", place, {}) == (422, "reason_required")
    assert admin.do("PUT", place, {"reason": "a rude name"})["leaderboard"]["hidden"] is True
    assert board(looking, group)["top"] == []
    own = board(user, group)
    assert (own["top"], own["me"]) == ([], None)
    assert user.get("/leaderboard/me")["hidden"] is True
    user.record()
    acts = admin.get(f"/admin/users/{user.uid}/audit")["entries"]
    assert [one["action"] for one in acts if "leaderboard" in one["action"]] == ["hide_from_leaderboard"]
    admin.do("DELETE", place, {"reason": "not so rude"})
    assert board(looking, group)["top"] == [{"rank": 1, "name": "Ada", "score": 30}]


def test_an_answer_that_has_changed_is_sent_and_no_other(user: User) -> None:
    group = group_of_today()
    joined(user, "Ada", group)
    user.record()
    for path in ("/leaderboard/me", f"/leaderboards/week/xp?group={group}"):
        tag = user.ask("GET", path).headers["ETag"]
        assert user.ask("GET", path, headers={"If-None-Match": tag}).status_code == 304
        user.record()
        assert user.ask("GET", path, headers={"If-None-Match": tag}).status_code == 200


def test_nobody_else_hides_anybody(user: User, another: Callable[[], User]) -> None:
    place = f"/admin/users/{another().uid}/leaderboard/hidden"
    assert problem(user.ask("PUT", place, {"reason": "envy"})) == (403, "forbidden")


def test_whoever_leaves_or_is_erased_is_seen_no_more(user: User, another: Callable[[], User]) -> None:
    group, other = group_of_today(), another()
    for one, name in ((user, "Ada"), (other, "Bo")):
        joined(one, name, group)
        one.record()
    assert user.do("DELETE", "/leaderboard/me")["leaderboard"]["joined"] is False
    assert [row["name"] for row in board(other, group)["top"]] == ["Bo"]
    other.do("DELETE", "/streak")
    assert board(user, group)["top"] == []

"""Activities and events page by page: nothing is lost, nothing comes twice, tokens stay where they belong."""

from __future__ import annotations

import base64
import hashlib
import json
from typing import Any

import pytest

from tests.e2e.client import User, scheduled, wrong_fields

LISTINGS = {"/streak/activities": "activities", "/streak/events": "events"}


def pages(user: User, path: str, size: int, *, at: str | None = None) -> list[list[dict[str, Any]]]:
    """Every page of a listing."""
    found, more = [], {"page_size": str(size)}
    while True:
        answer = user.get(path, at=at, **more)
        found.append(answer[LISTINGS[path]])
        if answer["next_page_token"] is None:
            return found
        more["page_token"] = answer["next_page_token"]
        assert len(found) < 50


def lived(user: User, days: int) -> None:
    """An activity on each of so many days of March, some at the very same moment."""
    for day in range(1, days + 1):
        user.record(activity_id=f"a{day}", at=f"2026-03-{day:02}T09:00:00Z")
    user.now = f"2026-03-{days:02}T09:00:00Z"
    for number in range(3):
        user.record(activity_id=f"same-{number}")


@pytest.mark.parametrize("size", [1, 2, 5, 10, 11, 100])
def test_the_pages_of_activities_are_the_whole_list(user: User, size: int) -> None:
    lived(user, 7)
    listed = pages(user, "/streak/activities", size)
    assert all(len(page) == size for page in listed[:-1])
    ids = [activity["activity_id"] for page in listed for activity in page]
    assert ids == ["same-2", "same-1", "same-0", *(f"a{day}" for day in range(7, 0, -1))]


@pytest.mark.parametrize("size", [1, 2, 3, 100])
def test_the_pages_of_events_are_the_whole_list(user: User, size: int) -> None:
    lived(user, 7)
    at = "2026-03-20T09:00:00Z"
    (whole,) = pages(user, "/streak/events", 100, at=at)
    assert [event["type"] for event in whole[:2]] == ["streak_broken", "milestone_reached"]
    assert [event for page in pages(user, "/streak/events", size, at=at) for event in page] == whole
    assert len({event["event_id"] for event in whole}) == len(whole)


def test_an_activity_is_listed_as_it_was_awarded(user: User) -> None:
    awarded = user.record(at="2026-03-02T09:30:00Z", occurred_at="2026-03-01T23:00:00+01:00")["activity"]
    more = {"occurred_at": "2026-03-01T22:00:00Z", "recorded_at": "2026-03-02T09:30:00Z", "undone": False}
    assert user.get("/streak/activities")["activities"] == [{**awarded, **more}]


def test_an_undone_activity_is_listed_as_undone(user: User) -> None:
    user.record(activity_id="a")
    user.record(activity_id="b")
    user.do("DELETE", "/streak/activities/a")
    listed = user.get("/streak/activities")["activities"]
    assert [(one["activity_id"], one["undone"]) for one in listed] == [("b", False), ("a", True)]


def test_a_redone_activity_is_listed_as_it_was(user: User) -> None:
    user.record(activity_id="a")
    before = user.get("/streak/activities")
    user.do("DELETE", "/streak/activities/a")
    assert user.get("/streak/activities") != before
    user.do("POST", "/streak/activities/a/redo")
    assert user.get("/streak/activities") == before


@pytest.mark.parametrize("said_by", ["settings", "activity", "check-in"])
def test_activities_are_listed_on_the_days_where_they_lie_after_the_first_zone(user: User, said_by: str) -> None:
    user.record(activity_id="late", occurred_at="2026-03-01T12:00:00Z")
    user.record(activity_id="evening", at="2026-03-02T22:00:00Z")
    user.record(activity_id="undone", at="2026-03-02T22:00:00Z")
    user.do("DELETE", "/streak/activities/undone", at="2026-03-02T22:00:00Z")
    user.now = "2026-03-03T02:00:00Z"
    if said_by == "settings":
        user.do("PATCH", "/streak/settings", {"time_zone": "Asia/Tokyo"})
    elif said_by == "activity":
        user.record(activity_id="new", time_zone="Asia/Tokyo")
    else:
        user.do("POST", "/streak/update", {"time_zone": "Asia/Tokyo"}, key="new")
    listed = user.get("/streak/activities")["activities"]
    days = {one["activity_id"]: one["day"] for one in listed if one["activity_id"] != "new"}
    assert days == {"late": "2026-03-01", "evening": "2026-03-03", "undone": "2026-03-03"}
    assert [one["day"] for one in listed if one["activity_id"] == "new"] in ([], ["2026-03-03"])
    counts = [row["activity_count"] for row in user.get("/calendar", days=3)["days"]]
    assert counts == [1, 0, len(listed) - 2]
    user.do("PATCH", "/streak/settings", {"time_zone": "Europe/London"}, at="2026-03-05T12:00:00Z")
    assert user.get("/streak/activities")["activities"] == listed


def test_other_commands_are_no_activities(user: User) -> None:
    user.record()
    user.do("POST", "/streak/reset")
    user.do("PATCH", "/streak/settings", {"auto_freeze": False})
    assert len(user.get("/streak/activities")["activities"]) == 1


def test_what_time_decided_is_listed_before_anybody_wrote_it_down(user: User, admin: User) -> None:
    user.earn(1)
    later = "2026-03-05T09:00:00Z"
    before = user.get("/streak/events", at=later)
    kinds = [(event["type"], event["date"]) for event in before["events"]]
    assert kinds == [
        ("streak_broken", "2026-03-04"),
        ("freeze_applied", "2026-03-03"),
        ("streak_started", "2026-03-02"),
        ("freeze_earned", "2026-03-02"),
    ]
    assert before["events"][0]["occurred_at"] == "2026-03-05T04:00:00Z"
    assert admin.ask("POST", "/maintenance", at=later, headers=scheduled(later)).is_success
    assert user.get("/streak/events", at=later) == before


def test_an_event_is_not_listed_before_its_time(user: User) -> None:
    user.record()
    assert [event["type"] for event in user.get("/streak/events", at="2026-03-04T03:59:59Z")["events"]] == [
        "streak_started"
    ]
    assert [event["type"] for event in user.get("/streak/events", at="2026-03-04T04:00:00Z")["events"]] == [
        "streak_broken",
        "streak_started",
    ]


@pytest.mark.parametrize("path", LISTINGS)
@pytest.mark.parametrize(
    ("size", "is_refused"),
    [
        ("1", False),
        ("100", False),
        ("101", False),
        ("9" * 30, False),
        ("0", True),
        ("-1", True),
        ("x", True),
        ("9" * 31, True),
    ],
)
def test_a_page_has_at_least_one_item(user: User, path: str, size: str, *, is_refused: bool) -> None:
    answer = user.ask("GET", path, page_size=size)
    assert wrong_fields(answer) == ["page_size"] if is_refused else answer.status_code == 200


@pytest.mark.parametrize("path", LISTINGS)
def test_a_page_has_20_items_unless_asked_otherwise(user: User, path: str) -> None:
    for _ in range(21):
        user.record()
        user.do("POST", "/streak/reset")
    answer = user.get(path)
    assert len(answer[LISTINGS[path]]) == 20
    assert answer["next_page_token"]


@pytest.mark.parametrize("path", LISTINGS)
def test_a_user_without_history_has_one_empty_page(user: User, path: str) -> None:
    assert user.get(path) == {LISTINGS[path]: [], "next_page_token": None}


def first_token(user: User, path: str) -> str:
    token = user.get(path, page_size=1)["next_page_token"]
    assert isinstance(token, str)
    return token


@pytest.mark.parametrize("path", LISTINGS)
def test_a_token_is_for_its_own_listing_and_user(user: User, other: User, path: str) -> None:
    for one in (user, other):
        lived(one, 2)
    token = first_token(user, path)
    (elsewhere,) = LISTINGS.keys() - {path}
    assert user.ask("GET", path, page_token=token).status_code == 200
    assert wrong_fields(user.ask("GET", elsewhere, page_token=token)) == ["page_token"]
    assert wrong_fields(other.ask("GET", path, page_token=token)) == ["page_token"]


@pytest.mark.parametrize(
    "edit", [lambda t: t[:-1], lambda t: f"{t}A", lambda t: f"{t}=", lambda t: f"B{t[1:]}", str.lower]
)
def test_an_edited_token_is_refused(user: User, edit: Any) -> None:
    lived(user, 2)
    token = first_token(user, "/streak/activities")
    assert edit(token) != token
    assert wrong_fields(user.ask("GET", "/streak/activities", page_token=edit(token))) == ["page_token"]


@pytest.mark.parametrize("token", ["", "x", "é", "e30", "[]", "bnVsbA", "W10", "WzEsMiwzXQ", "%00"])
def test_what_is_no_token_is_refused(user: User, token: str) -> None:
    assert wrong_fields(user.ask("GET", "/streak/events", page_token=token)) == ["page_token"]


def test_a_token_of_many_brackets_is_refused(user: User) -> None:
    token = base64.urlsafe_b64encode(b"[" * 2700).decode()
    assert wrong_fields(user.ask("GET", "/streak/events", page_token=token)) == ["page_token"]


def forged(user: User, moment: str, item_id: Any) -> str:
    """A token as the code seals it, for a place that it would never name."""
    seal = hashlib.sha256(json.dumps([user.uid, "events", moment, item_id]).encode()).hexdigest()[:16]
    return base64.urlsafe_b64encode(json.dumps([moment, item_id, seal]).encode()).rstrip(b"=").decode()


@pytest.mark.parametrize(
    ("moment", "item_id", "is_refused"),
    [
        ("2026-03-02T09:00:00+00:00", "a", False),
        ("2026-03-02T09:00:00+00:00", "a/b", True),
        ("2026-03-02T09:00:00+00:00", "..", True),
        ("2026-03-02T09:00:00+00:00", "", True),
        ("2026-03-02T09:00:00+00:00", 1, True),
        ("2026-03-02T09:00:00", "a", True),
        ("2026-03-02T10:00:00+01:00", "a", True),
        ("0001-01-01T00:00:00+12:00", "a", True),
        ("now", "a", True),
    ],
)
def test_a_forged_token_reaches_no_further(user: User, moment: str, item_id: Any, *, is_refused: bool) -> None:
    user.record()
    answer = user.ask("GET", "/streak/events", page_token=forged(user, moment, item_id))
    assert wrong_fields(answer) == ["page_token"] if is_refused else answer.status_code == 200

"""POST /admin/import: up to a hundred users, each by itself, with a result for each."""

from __future__ import annotations

import json
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, Final

import pytest

from functions.operators.bringing import BODY_BYTES_MAX
from functions.operators.named_users import USERS_MAX
from tests.e2e.client import JSON_TYPE, problem, wrong_fields
from tests.e2e.stored_user import stored

if TYPE_CHECKING:
    from tests.e2e.client import Json, User

PATH: Final = "/admin/import"
ADA: Final = {
    "time_zone": "Europe/Amsterdam",
    "as_of": "2026-03-02T09:00:00Z",
    "current_streak": 12,
    "longest_streak": 40,
    "last_active_date": "2026-03-01",
    "freezes": 2,
    "xp_total": 1480,
}
REFUSED: Final[dict[str, tuple[Json, str, list[str]]]] = {
    "current above longest": ({"current_streak": 41}, "invalid_request", ["current_streak", "longest_streak"]),
    "a date ahead": ({"last_active_date": "2026-03-03"}, "invalid_request", ["last_active_date"]),
    "an unknown zone": ({"time_zone": "Mars/Base"}, "invalid_request", ["time_zone"]),
    "no number": ({"current_streak": "12"}, "invalid_request", ["current_streak"]),
    "a field that there is not": ({"level": 3}, "invalid_request", ["level"]),
    "no date": ({"last_active_date": "yesterday"}, "invalid_request", ["last_active_date"]),
    "no user's id": ({"user_id": "a b"}, "invalid_request", ["user_id"]),
    "no id at all": ({"user_id": None}, "invalid_request", ["user_id"]),
    "an id that is no text": ({"user_id": 7}, "invalid_request", ["user_id"]),
    "a day of no calendar": ({"active_days": ["2026-02-30"]}, "invalid_request", ["active_days.0"]),
}


def imported(admin: User, *users: Json, **more: Json) -> Json:
    """What is answered to a request, of which nothing but its form is taken for granted."""
    sent = json.dumps({"users": users, "reason": "moved from the old app", **more}).encode()
    answer = admin.send("POST", PATH, sent, headers={"Content-Type": JSON_TYPE})
    assert answer.status_code == 200, answer.text
    told = answer.json()
    assert sum(told[name] for name in ("imported", "already_there", "refused", "unavailable")) == len(users)
    return told


def test_a_user_is_there_as_elsewhere_and_goes_on_from_there(admin: User, user: User) -> None:
    told = imported(admin, {"user_id": user.uid, **ADA})
    assert (told["imported"], told["results"][0]["result"]) == (1, "imported")
    streak = user.get("/streak")
    assert {name: streak[name] for name in ("current_streak", "longest_streak", "freezes_available", "xp_total")} == {
        "current_streak": 12,
        "longest_streak": 40,
        "freezes_available": 2,
        "xp_total": 1480,
    }
    assert user.record()["streak"]["current_streak"] == 13
    ledger = next(fields for path, fields in stored(user.uid).items() if path.endswith(".open"))
    entry = json.loads(ledger["entry"])
    assert (entry["actor"], entry["reason"]) == ({"kind": "admin", "id": admin.uid}, "moved from the old app")
    assert [one["type"] for one in user.get("/streak/events")["events"]][-1] == "streak_imported"


def of_user(user: User) -> dict[str, Any]:
    """All documents of the user; that somebody was refused is counted elsewhere."""
    return {path: one for path, one in stored(user.uid).items() if path != "collections"}


def test_the_same_again_changes_nothing_and_somebody_known_is_not_touched(admin: User, user: User) -> None:
    first = imported(admin, {"user_id": user.uid, **ADA})
    before = of_user(user)
    again = imported(admin, {"user_id": user.uid, **ADA})
    assert (again["already_there"], again["results"][0]["streak"]) == (1, first["results"][0]["streak"])
    other = imported(admin, {"user_id": user.uid, **ADA, "current_streak": 13})
    assert other["results"][0]["problem"]["code"] == "user_exists"
    assert of_user(user) == before


@pytest.mark.parametrize("what", REFUSED)
def test_one_that_is_refused_leaves_the_others_alone(admin: User, user: User, other: User, what: str) -> None:
    change, code, fields = REFUSED[what]
    bad = {"user_id": other.uid, **ADA, **change}
    told = imported(admin, bad, {"user_id": user.uid, **ADA})
    assert [one["result"] for one in told["results"]] == ["refused", "imported"]
    refusal = told["results"][0]["problem"]
    assert (refusal["code"], [one["field"] for one in refusal["errors"]]) == (code, fields)
    assert user.get("/streak")["current_streak"] == 12
    assert stored(other.uid)[f"streaks/{other.uid}"] is None


def test_who_stands_twice_in_a_request_is_refused_both_times(admin: User, user: User) -> None:
    told = imported(admin, {"user_id": user.uid, **ADA}, {"user_id": user.uid, **ADA, "current_streak": 1})
    assert [one["problem"]["errors"][0]["field"] for one in told["results"]] == ["user_id", "user_id"]
    assert stored(user.uid)[f"streaks/{user.uid}"] is None


def test_what_is_only_validated_is_not_written(admin: User, user: User) -> None:
    told = imported(admin, {"user_id": user.uid, **ADA}, validate_only=True)
    assert told["results"][0]["streak"]["current_streak"] == 12
    assert stored(user.uid)[f"streaks/{user.uid}"] is None
    assert imported(admin, {"user_id": user.uid, **ADA})["imported"] == 1


def test_somebody_who_was_erased_stays_so_and_the_others_are_brought_along(
    admin: User, user: User, other: User
) -> None:
    user.record()
    user.do("DELETE", "/streak")
    before = stored(user.uid)
    for only in (True, False):
        told = imported(admin, {"user_id": user.uid, **ADA}, {"user_id": other.uid, **ADA}, validate_only=only)
        assert [one["result"] for one in told["results"]] == ["refused", "imported"]
        assert told["results"][0]["problem"]["code"] == "user_erased"
        assert stored(user.uid) == before
    # Who signs in and begins anew is somebody known.
    user.sign_in()
    user.record()
    told = imported(admin, {"user_id": user.uid, **ADA})
    assert told["results"][0]["problem"]["code"] == "user_exists"


def test_a_hundred_users_are_brought_along_and_one_more_is_too_many(admin: User) -> None:
    users = [{"user_id": f"{admin.uid}-{number}", **ADA} for number in range(USERS_MAX + 1)]
    body = {"users": users, "reason": "moved"}
    assert wrong_fields(admin.ask("POST", PATH, body)) == ["users"]
    assert imported(admin, *users[:-1])["imported"] == USERS_MAX
    assert wrong_fields(admin.ask("POST", PATH, {"users": [], "reason": "moved"})) == ["users"]
    assert wrong_fields(admin.ask("POST", PATH, {"users": [7], "reason": "moved"})) == ["users.0"]


@pytest.mark.parametrize("reason", [{}, {"reason": ""}, {"reason": " \n"}])
def test_a_reason_is_wanted(admin: User, user: User, reason: Json) -> None:
    answer = admin.ask("POST", PATH, {"users": [{"user_id": user.uid, **ADA}], **reason})
    assert problem(answer) == (422, "reason_required")
    assert stored(user.uid)[f"streaks/{user.uid}"] is None


def test_days_of_ten_years_fit_and_fill_the_year(admin: User, user: User) -> None:
    days = [str(date(2026, 3, 1) - timedelta(days=back)) for back in range(3_660) if back % 7 != 3]
    grown = {"current_streak": len(days) - 1, "longest_streak": len(days), "active_days": days}
    told = imported(admin, {"user_id": user.uid, **ADA, **grown})
    assert told["results"][0]["streak"]["active_days_total"] == len(days)
    year = user.get("/calendar", days=366)["days"]
    assert [one["date"] for one in year if one["has_activity"]] == sorted(day for day in days if day > "2025-03-01")
    assert {one["verdict"] for one in year} == {"active", "repaired", "pending"}


def test_a_body_has_at_most_1024_kib(admin: User) -> None:
    answer = admin.send("POST", PATH, b" " * (BODY_BYTES_MAX + 1), headers={"Content-Type": JSON_TYPE})
    assert problem(answer) == (413, "content_too_large")
    answer = admin.send("POST", PATH, b" " * BODY_BYTES_MAX, headers={"Content-Type": JSON_TYPE})
    assert problem(answer) == (422, "invalid_request")


def test_support_and_users_bring_nobody_along(support: User, user: User) -> None:
    body = {"users": [{"user_id": user.uid, **ADA}], "reason": "moved"}
    assert problem(support.ask("POST", PATH, body)) == (403, "forbidden")
    assert problem(user.ask("POST", PATH, body)) == (403, "forbidden")

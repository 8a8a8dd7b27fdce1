"""Amnesties over HTTP: declared, looked at, judged anew by the job, withdrawn; in years in which no test else lives."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import pytest

from tests.e2e.client import problem, wrong_fields

if TYPE_CHECKING:
    from tests.e2e.client import User

OUTAGE: Final = {"from": "2044-03-07T09:00:00Z", "until": "2044-03-07T10:00:00Z", "reason": "away"}
AT: Final = "2044-03-08T12:00:00Z"
CHECK_IN: Final = {"activity_type": "check_in"}


def live(user: User, *days: int) -> None:
    for day in days:
        user.do("POST", "/streak/activities", CHECK_IN, key=f"d{day}", at=f"2044-03-{day:02d}T12:00:00Z")


def run(admin: User, at: str) -> Any:
    return admin.do("POST", "/maintenance", at=at)


def test_everybody_who_lost_something_has_it_back_at_once_and_is_told_so(user: User, admin: User) -> None:
    live(user, 4, 5, 6)
    run(admin, "2044-03-08T11:00:00Z")
    assert user.get("/streak", at=AT)["current_streak"] == 0
    declared = admin.ask("POST", "/admin/amnesties", OUTAGE, at=AT)
    assert declared.status_code == 202
    one = declared.json()
    assert one["may_concern"] >= 1
    assert (one["from"], one["until"], one["reason"], one["withdrawn_at"]) == (*OUTAGE.values(), None)
    assert one["by"] == f"admin:{admin.uid}"
    assert admin.ask("POST", "/admin/amnesties", OUTAGE, at=AT).json()["id"] == one["id"]
    streak = user.get("/streak", at=AT)
    assert (streak["current_streak"], streak["status"]) == (3, "pending")
    path = f"/admin/amnesties/{one['id']}"
    assert admin.get(path, at=AT)["judged_anew"] == {"state": "waiting", "users": 0, "errors": 0}
    run(admin, AT)
    judged = admin.get(path, at=AT)["judged_anew"]
    assert (judged["state"], judged["errors"]) == ("done", 0)
    told = [(event["type"], event["date"]) for event in user.get("/streak/events", at=AT)["events"]]
    assert told[0] == ("streak_restored", "2044-03-07")
    assert one["id"] in {each["id"] for each in admin.get("/admin/amnesties", at=AT)["amnesties"]}
    withdrawn = admin.do("DELETE", path, at=AT)
    assert withdrawn["withdrawn_at"] == AT
    assert user.get("/streak", at=AT)["current_streak"] == 3


def test_only_admins_declare_and_withdraw_and_support_looks(user: User, support: User) -> None:
    for who in (user, support):
        assert problem(who.ask("POST", "/admin/amnesties", OUTAGE)) == (403, "forbidden")
        assert problem(who.ask("DELETE", "/admin/amnesties/1")) == (403, "forbidden")
    assert "amnesties" in support.get("/admin/amnesties")
    assert problem(user.ask("GET", "/admin/amnesties")) == (403, "forbidden")


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"until": OUTAGE["from"]}, "until"),
        ({"until": "2045-03-09T09:00:00Z"}, "until"),
        ({"from": "yesterday"}, "from"),
        ({"reason": "x" * 501}, "reason"),
        ({"user_id": "ada"}, "user_id"),
    ],
)
def test_what_is_wrong_with_an_amnesty_is_named(admin: User, changed: dict[str, str], field: str) -> None:
    answer = admin.ask("POST", "/admin/amnesties", {**OUTAGE, **changed})
    assert wrong_fields(answer) == [field]


def test_an_amnesty_has_a_reason_and_one_that_is_not_there_is_not_found(admin: User) -> None:
    for reason in ({}, {"reason": " "}):
        sent = {"from": OUTAGE["from"], "until": OUTAGE["until"], **reason}
        assert problem(admin.ask("POST", "/admin/amnesties", sent)) == (422, "reason_required")
    for method in ("GET", "DELETE"):
        assert problem(admin.ask(method, "/admin/amnesties/999")) == (404, "amnesty_not_found")

"""Reports as an operator asks for them: of which days, as JSON or as a table, and what they cost."""

from __future__ import annotations

import csv
from typing import TYPE_CHECKING, Final

import pytest

from tests.e2e.client import problem

if TYPE_CHECKING:
    from tests.e2e.client import Json, User

NOTE: Final = {"entity_type": "order", "entity_id": "17", "status": "failed"}
PATH: Final = "/admin/reports/failed-actions"
DAY: Final = {"from": "2031-03-03", "to": "2031-03-03"}
AT: Final = "2031-03-03T12:00:00Z"
COLUMNS: Final = ["action", "status", "times"]


@pytest.fixture
def noted(user: User) -> None:
    """Something that failed, on a day of its own."""
    user.do("POST", "/log", {"action": "checkout", **NOTE}, at=AT)


def report(reader: User, **query: Json) -> Json:
    return reader.get(PATH, at=AT, **{**DAY, **query})


@pytest.mark.usefixtures("noted")
def test_a_report_says_of_which_days_it_is_and_what_it_cost(support: User) -> None:
    found = report(support)
    # Other tests may have counted as well, once the day has begun.
    assert [row[:2] for row in found["rows"]] == [["app.checkout", "failed"]]
    assert (found["columns"], found["from"], found["to"]) == (COLUMNS, "2031-03-03", "2031-03-03")
    assert (found["unchecked_days"], found["reads"], found["is_whole"]) == (["2031-03-03"], 65, True)


@pytest.mark.usefixtures("noted")
def test_a_table_is_what_is_asked_for_by_the_query_or_else_by_accept(admin: User) -> None:
    for query, accept in (({"format": "csv"}, "*/*"), ({}, "text/csv"), ({"format": "csv"}, "application/json")):
        answer = admin.ask("GET", PATH, at=AT, headers={"Accept": accept}, **DAY, **query)
        columns, *rows = csv.reader(answer.text.splitlines())
        assert columns == COLUMNS
        assert [row[:2] for row in rows] == [["app.checkout", "failed"]]
        assert answer.headers["X-Report-Reads"] == "65"
    for query, accept in (({"format": "json"}, "text/csv"), ({}, "*/*"), ({}, "text/html")):
        answer = admin.ask("GET", PATH, at=AT, headers={"Accept": accept}, **DAY, **query)
        assert answer.json()["columns"] == COLUMNS


def test_a_name_that_a_spreadsheet_would_take_for_a_formula_is_a_text(admin: User, user: User) -> None:
    formula = f"=1+{user.uid}"
    block = {"reason": "spam", "until": "2031-03-03T13:00:00Z"}
    admin.do("POST", f"/admin/users/{formula}/block", block, at=AT)
    answer = admin.ask("GET", "/admin/reports/blocked-users", at=AT, format="csv")
    assert f"'{formula}" in [row[0] for row in csv.reader(answer.text.splitlines())]
    assert formula in [row[0] for row in admin.get("/admin/reports/blocked-users", at=AT)["rows"]]


@pytest.mark.parametrize(
    ("path", "query", "field"),
    [
        ("/admin/reports/everything", {}, "name"),
        (PATH, {"from": "yesterday"}, "from"),
        (PATH, {"to": "2031-03-05"}, "to"),
        (PATH, {"from": "2030-12-01"}, "from"),
        (PATH, {"format": "xml"}, "format"),
        ("/admin/reports/blocked-users", {"from": "2031-03-03"}, "from"),
    ],
)
def test_what_can_t_be_told_is_refused_with_its_field(admin: User, path: str, query: Json, field: str) -> None:
    answer = admin.ask("GET", path, at=AT, **query)
    assert problem(answer) == (422, "invalid_request")
    assert [one["field"] for one in answer.json()["errors"]] == [field]


@pytest.mark.parametrize("name", ["active-users", "survival", "comebacks", "freezes"])
def test_every_other_report_is_answered(admin: User, name: str) -> None:
    assert admin.get(f"/admin/reports/{name}", at=AT, **DAY)["columns"]

"""Both forms of a path, and what the framework itself would answer in HTML."""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterator
from typing import Final

import httpx
import pytest

from emulator.firestore import FirestoreEmulator
from emulator.port import HOST
from emulator.token import unsigned_token
from testing import contract
from tests.e2e.client import MONDAY, User, problem
from tests.e2e.one_function import OneFunction


def headers(uid: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {unsigned_token(uid)}", "X-Simulated-Time": MONDAY}


@pytest.fixture(scope="module")
def own_urls(emulator: FirestoreEmulator) -> Iterator[dict[str, str]]:
    """Two functions, each at an address of its own, as without a rewrite in front."""
    own = {"FIRESTORE_EMULATOR_HOST": emulator.host, "FIREBASE_AUTH_EMULATOR_HOST": f"{HOST}:9099"}
    with OneFunction("streak", own) as streak, OneFunction("calendar", own) as calendar:
        assert streak.starts(), streak.output()
        assert calendar.starts(), calendar.output()
        yield {"streak": streak.url, "calendar": calendar.url}


@pytest.mark.parametrize(
    ("name", "method", "path", "documented"),
    [
        ("streak", "GET", "", "/streak"),
        ("streak", "GET", "/", "/streak"),
        ("streak", "GET", "/streak", "/streak"),
        ("streak", "GET", "/streak/", "/streak"),
        ("streak", "POST", "/update", "/streak/update"),
        ("streak", "POST", "/streak/update", "/streak/update"),
        ("streak", "GET", "/settings/", "/streak/settings"),
        ("streak", "GET", "/activities?page_size=1", "/streak/activities"),
        ("streak", "DELETE", "/streak/freezes/2026-03-02", "/streak/freezes/x"),
        ("streak", "DELETE", "/freezes/2026-03-02", "/streak/freezes/x"),
        ("calendar", "GET", "?days=1", "/calendar"),
        ("calendar", "GET", "/calendar?days=1", "/calendar"),
    ],
)
def test_a_function_answers_with_and_without_its_own_name(
    http: httpx.Client, own_urls: dict[str, str], name: str, method: str, path: str, documented: str
) -> None:
    answer = http.request(method, f"{own_urls[name]}{path}", headers=headers(f"user-{uuid.uuid4()}"))
    assert answer.is_success, answer.text
    contract.check_answer(method, documented, answer)


@pytest.mark.parametrize(
    ("name", "path"),
    [
        ("streak", "/streak/streak"),
        ("streak", "/streaks"),
        ("streak", "/calendar"),
        ("streak", "/update/streak"),
        ("streak", "/v1/streak"),
        ("streak", "/api/streak"),
        ("calendar", "/v1/calendar"),
        ("calendar", "/streak"),
        ("calendar", "/calendar/calendar"),
        ("calendar", "/calendarx"),
    ],
)
def test_it_answers_under_no_other_name(http: httpx.Client, own_urls: dict[str, str], name: str, path: str) -> None:
    answer = http.get(f"{own_urls[name]}{path}", headers=headers("ada"))
    contract.check_answer("GET", "/nowhere", answer)
    assert problem(answer) == (404, "not_found")
    assert "Paths begin right after the host" in json.loads(answer.content)["detail"]


@pytest.mark.parametrize("path", ["/robots.txt", "/favicon.ico"])
def test_what_browsers_ask_for_by_themselves_is_not_found(http: httpx.Client, served: str, path: str) -> None:
    for method in ("GET", "POST", "HEAD"):
        answer = http.request(method, f"{served}{path}")
        assert (answer.status_code, answer.headers["Content-Type"]) == (404, contract.PROBLEM)
    contract.check_answer("GET", path, http.get(f"{served}{path}"))


@pytest.mark.parametrize(
    "path", ["//streak", "/streak//", "/streak///", "/streak//activities", "//", "/streak/activities//", "/calendar//"]
)
def test_a_doubled_slash_is_no_path(user: User, path: str) -> None:
    answer = user.send("GET", path)
    assert problem(answer) == (404, "not_found")
    assert "Location" not in answer.headers


@pytest.mark.parametrize("path", ["/streak/", "/streak/activities/", "/calendar/", "/consistency/"])
def test_one_slash_at_the_end_is_harmless(http: httpx.Client, served: str, user: User, path: str) -> None:
    answer = http.get(f"{served}{path}", headers=headers(user.uid))
    contract.check_answer("GET", path.rstrip("/"), answer)
    assert answer.status_code == 200


@pytest.mark.parametrize(
    "path", ["/streak/%00", "/streak/%0A", "/streak/%ff", "/streak/activities/%2e%2e/x", "/%2fstreak", "/streak;x"]
)
def test_a_strange_path_is_not_found(user: User, path: str) -> None:
    assert problem(user.send("GET", path)) == (404, "not_found")


STRANGE: Final = [
    "/streak/%0A",
    "/%0Astreak",
    "/streak/activities/a%0Ab/redo",
    "//streak",
    "//",
    "/admin/users/a%0Ab/streak",
    "/admin/users/%2Fa/streak",
]


@pytest.mark.parametrize("path", STRANGE)
def test_of_a_strange_path_nothing_is_told_to_whoever_has_no_token(user: User, path: str) -> None:
    for method in ("GET", "POST", "DELETE"):
        answer = user.send(method, path, headers={"Authorization": ""})
        assert problem(answer) == (401, "unauthenticated")


def test_a_line_break_in_a_users_id_is_no_user(admin: User) -> None:
    assert problem(admin.send("GET", "/admin/users/a%0Ab/streak")) == (422, "invalid_request")
    assert problem(admin.send("GET", "/admin/users/ab%0A/streak")) == (422, "invalid_request")
    assert admin.send("GET", "/admin/users/ab/streak").status_code == 200


@pytest.mark.parametrize(
    ("activity_id", "code"),
    [
        ("%E2%82%AC", "activity_not_found"),
        ("%00", "activity_not_found"),
        ("a%0Ab", "activity_not_found"),
        ("..%2F..", "not_found"),
        ("a%2Fb", "not_found"),
    ],
)
def test_a_strange_id_is_no_activity_of_anybody(user: User, activity_id: str, code: str) -> None:
    assert problem(user.send("DELETE", f"/streak/activities/{activity_id}")) == (404, code)


@pytest.mark.parametrize("method", ["TRACE", "PROPFIND", "LOCK", "QUERY"])
def test_an_odd_method_is_refused_like_any_other(user: User, method: str) -> None:
    refused = user.send(method, "/streak")
    assert problem(refused) == (405, "method_not_allowed")
    assert refused.json()["detail"].endswith(f"; it knows {refused.headers['Allow']}.")
    assert problem(user.send(method, "/nowhere")) == (404, "not_found")
    answer = user.send(method, "/streak", headers={"Authorization": ""})
    assert problem(answer) == (401, "unauthenticated")


def test_every_problem_has_the_same_members(user: User) -> None:
    answer = user.ask("GET", "/nowhere")
    assert json.loads(answer.content) == {
        "type": "about:blank",
        "title": "Not found",
        "status": 404,
        "detail": "There is nothing at this path. Paths begin right after the host, with a function's own name such as "
        "/streak or /calendar, and no prefix or version stands before it; openapi.yaml lists them.",
        "code": "not_found",
    }


@pytest.mark.parametrize("path", ["/app", "/activities", "/settings", "/v1/streak", "/api/streak", "/offers/"])
def test_locally_a_path_without_its_function_is_none_and_where_they_begin_is_told(user: User, path: str) -> None:
    answer = user.send("GET", path)
    assert problem(answer) == (404, "not_found")
    assert "Paths begin right after the host" in json.loads(answer.content)["detail"]
    assert problem(user.send("GET", path, headers={"Authorization": ""})) == (401, "unauthenticated")

"""What is refused before any rule of a streak is asked: identity, paths, methods, bodies."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

import httpx
import pytest

from emulator.token import unsigned_token
from testing import contract
from tests.e2e.client import JSON_TYPE, User, problem, wrong_fields
from tests.e2e.stored_user import stored

BODY_BYTES_MAX = 32 * 1024
ACTIVITY = {"activity_type": "study_guide_completed"}
DEEP_TOKEN = unsigned_token("x").partition(".")[0] + "." + "W1tb" * 1500 + "."
NO_IDENTITY = {
    "nothing": "",
    "no token": "Bearer",
    "another scheme": "Basic YTpi",
    "garbage": "Bearer garbage",
    "three parts of garbage": "Bearer a.b.c",
    "an empty object": "Bearer e30.e30.",
    "a list": "Bearer W10.W10.",
    "a user without a name": f"Bearer {unsigned_token('')}",
    "a name too long": f"Bearer {unsigned_token('u' * 129)}",
    "many brackets": f"Bearer {DEEP_TOKEN}",
    "a part cut off": f"Bearer {unsigned_token('ada').rpartition('.')[0]}",
    "an old form": "Bearer eyJhbGciOiJIUzI1NiJ9.eyJ2IjowLCJkIjp7InVpZCI6ImEifX0.x",
}


@pytest.mark.parametrize("header", NO_IDENTITY.values(), ids=NO_IDENTITY)
@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/streak"),
        ("POST", "/streak/activities"),
        ("DELETE", "/calendar"),
        ("GET", "/nowhere"),
        ("POST", "/maintenance"),
    ],
)
def test_without_an_identity_nothing_else_is_told(user: User, method: str, path: str, header: str) -> None:
    answer = user.send(method, path, b"x" * (BODY_BYTES_MAX + 1), headers={"Authorization": header})
    assert problem(answer) == (401, "unauthenticated")
    assert answer.headers["WWW-Authenticate"] == "Bearer"


def test_the_user_is_who_the_token_says(http: httpx.Client, served: str) -> None:
    longest = User(http, served, uid="ü" * 128)
    assert longest.record()["streak"]["user_id"] == "ü" * 128
    strange = User(http, served, uid="../__x__/.")
    assert strange.record()["streak"]["streak_created"] is True
    assert strange.get("/streak")["current_streak"] == 1


@pytest.mark.parametrize("path", ["/nowhere", "/streak/nowhere", "/streak/activities/a/b", "/calendar/x", "/streaks"])
@pytest.mark.parametrize("method", ["GET", "POST", "DELETE"])
def test_there_is_nothing_at_an_unknown_path(user: User, method: str, path: str) -> None:
    assert user.refusal(method, path) == (404, "not_found")


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [
        ("POST", "/streak", "DELETE, GET, HEAD"),
        ("PUT", "/streak/activities", "GET, HEAD, POST"),
        ("GET", "/streak/activities/a", "DELETE"),
        ("DELETE", "/streak/activities/a/redo", "POST"),
        ("GET", "/streak/reset", "DELETE, POST"),
        ("POST", "/streak/offers", "GET, HEAD"),
        ("PUT", "/streak/pauses", "GET, HEAD, POST"),
        ("GET", "/streak/pauses/pause-1", "DELETE"),
        ("HEAD", "/streak/update", "POST"),
        ("GET", "/streak/pause", "DELETE, PUT"),
        ("PUT", "/streak/settings", "GET, HEAD, PATCH"),
        ("DELETE", "/calendar", "GET, HEAD"),
        ("TRACE", "/consistency", "GET, HEAD"),
        ("PROPFIND", "/streak/events", "GET, HEAD"),
    ],
)
def test_another_method_is_told_those_that_are_known(user: User, method: str, path: str, allowed: str) -> None:
    answer = user.send(method, path)
    assert (answer.status_code, answer.headers["Allow"]) == (405, allowed)


@pytest.mark.parametrize("operation", contract.OPERATIONS, ids=lambda one: f"{one.method} {one.path}")
def test_a_parameter_that_the_route_does_not_have_is_refused_by_its_name(
    user: User, admin: User, operation: contract.Operation
) -> None:
    path = re.sub(r"{\w+}", "x", operation.path)
    before = stored(user.uid)
    caller = admin if path.startswith(("/maintenance", "/reminders", "/backup", "/admin")) else user
    answer = caller.send(operation.method, f"{path}?time_zone=UTC&x&dry_run=1")
    assert wrong_fields(answer, "unknown_parameter") == ["time_zone", "x", "dry_run"]
    named = [contract.resolved(one, "")[0] for one in operation.content.get("parameters", ())]
    known = {one["name"] for one in named if one["in"] == "query"}
    assert all(name in answer.json()["errors"][0]["message"] for name in known or {"none"})
    assert stored(user.uid) == before


@pytest.mark.parametrize(
    ("path", "name"), [("/streak/explain", "days"), ("/streak/events", "page_size"), ("/calendar", "days")]
)
def test_a_parameter_of_one_route_is_none_of_another(user: User, path: str, name: str) -> None:
    assert user.ask("GET", f"{path}?{name}=3").status_code == 200
    assert wrong_fields(user.ask("GET", f"/streak?{name}=3"), "unknown_parameter") == [name]


def padded(size: int) -> bytes:
    """An activity of so many bytes: whitespace may stand around JSON."""
    return json.dumps(ACTIVITY).encode().ljust(size)


def chunks(content: bytes) -> Iterator[bytes]:
    """The content in pieces, which httpx sends chunked, without its length."""
    for begin in range(0, len(content), 5000):
        yield content[begin : begin + 5000]


@pytest.mark.parametrize(("size", "status"), [(BODY_BYTES_MAX, 201), (BODY_BYTES_MAX + 1, 413), (2_000_000, 413)])
@pytest.mark.parametrize("is_chunked", [False, True])
def test_a_body_has_at_most_32_kib(user: User, size: int, status: int, *, is_chunked: bool) -> None:
    content = chunks(padded(size)) if is_chunked else padded(size)
    answer = user.send("POST", "/streak/activities", content, headers={"Content-Type": JSON_TYPE})
    assert answer.status_code == status
    assert user.get("/streak")["xp_total"] == (15 if status == 201 else 0)


def test_a_malformed_body_of_32_kib_is_malformed_and_a_larger_one_too_large(user: User) -> None:
    for size, refused in ((BODY_BYTES_MAX, (422, "invalid_request")), (BODY_BYTES_MAX + 1, (413, "content_too_large"))):
        answer = user.send("POST", "/streak/reset", b"{" * size, headers={"Content-Type": JSON_TYPE})
        assert problem(answer) == refused


@pytest.mark.parametrize(
    "media_type", ["application/json", "application/json; charset=utf-8", "APPLICATION/JSON", 'application/json;x="y"']
)
def test_a_body_is_json(user: User, media_type: str) -> None:
    answer = user.send("POST", "/streak/activities", padded(100), headers={"Content-Type": media_type})
    assert answer.status_code == 201


@pytest.mark.parametrize("media_type", [None, "", "text/plain", "application/xml", "application/jsonx", "json", "*/*"])
def test_a_body_of_another_type_is_refused(user: User, media_type: str | None) -> None:
    headers = {} if media_type is None else {"Content-Type": media_type}
    answer = user.send("POST", "/streak/activities", padded(100), headers=headers)
    assert problem(answer) == (415, "unsupported_media_type")
    assert "Content-Type: application/json" in answer.json()["detail"]
    answer = user.send("POST", "/streak/reset", b"{}", headers=headers)
    assert problem(answer) == (415, "unsupported_media_type")


def test_a_missing_body_is_refused_where_one_is_needed(user: User) -> None:
    for headers in ({}, {"Content-Type": JSON_TYPE}):
        answer = user.send("POST", "/streak/activities", b"", headers=headers)
        assert wrong_fields(answer) == [""]
        assert "a JSON body is needed" in answer.text


@pytest.mark.parametrize(
    ("content", "is_refused"),
    [
        (None, False),
        (b"", False),
        (b"{}", False),
        (b" { } ", False),
        (b'{"a": 1}', True),
        (b"[]", True),
        (b"null", True),
    ],
)
def test_a_command_without_content_takes_nothing_or_an_empty_object(
    user: User, content: bytes | None, *, is_refused: bool
) -> None:
    user.record(activity_id="a")
    user.do("POST", "/streak/reset")
    user.do("POST", "/streak/pauses", {"from": "2026-03-04", "until": "2026-03-05"})
    (pause,) = user.get("/streak/pauses")["pauses"]
    for method, path in (
        ("POST", "/streak/reset"),
        ("DELETE", "/streak/reset"),
        ("POST", "/streak/update"),
        ("DELETE", "/streak/pause"),
        ("DELETE", "/streak/activities/a"),
        ("POST", "/streak/activities/a/redo"),
    ):
        answer = user.send(method, path, content, headers={"Content-Type": JSON_TYPE})
        assert problem(answer) == (422, "invalid_request") if is_refused else answer.is_success
    if is_refused:
        path = f"/streak/pauses/{pause['pause_id']}"
        answer = user.send("DELETE", path, content, headers={"Content-Type": JSON_TYPE})
        assert problem(answer) == (422, "invalid_request")
        assert user.get("/streak/pauses")["pauses"] == [pause]


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{",
        b"{}}",
        b"activity_type=check_in",
        b'{"activity_type": "check_in"',
        b"{'activity_type': 'check_in'}",
        b'{"activity_type": "check_in",}',
        b'{"activity_type": "check_in", "activity_type": "check_in"}',
        b'{"activity_type": "check_in", "metadata": {"a": 1, "a": 1}}',
        b'{"activity_type": "evaluation_completed", "metadata": {"grade": NaN}}',
        b'{"activity_type": "evaluation_completed", "metadata": {"grade": Infinity}}',
        b'{"activity_type": "evaluation_completed", "metadata": {"grade": -Infinity}}',
        b'{"activity_type": "evaluation_completed", "metadata": {"grade": 1e999}}',
        b'{"activity_type": "check_in\xff"}',
        '{"activity_type": "check_in"}'.encode("utf-16"),
        b'\xef\xbb\xbf{"activity_type": "check_in"}',
        b'{"activity_type": "check_in", "metadata": ' + b"[" * 5000 + b"]" * 5000 + b"}",
        b'{"activity_type": "evaluation_completed", "metadata": {"grade": ' + b"9" * 10_000 + b"}}",
    ],
)
def test_what_json_readers_disagree_about_is_refused(user: User, content: bytes) -> None:
    answer = user.send("POST", "/streak/activities", content, headers={"Content-Type": JSON_TYPE})
    assert wrong_fields(answer) == [""]
    assert user.get("/streak")["created_at"] is None


@pytest.mark.parametrize("text", ["\\ud800", "\\ud800\\u0041", "\\udc00"])
def test_half_a_character_is_refused(user: User, text: str) -> None:
    content = f'{{"activity_type": "{text}"}}'.encode()
    assert wrong_fields(user.send("POST", "/streak/activities", content, headers={"Content-Type": JSON_TYPE})) == [""]


WRONG_BODIES = {
    "no type": ({}, ["activity_type"]),
    "a list": ([ACTIVITY], [""]),
    "an unknown type": ({"activity_type": "nap_taken"}, ["activity_type"]),
    "an empty type": ({"activity_type": ""}, ["activity_type"]),
    "a long type": ({"activity_type": "a" * 65}, ["activity_type"]),
    "a number as type": ({"activity_type": 1}, ["activity_type"]),
    "an unknown field": ({**ACTIVITY, "user_id": "ada"}, ["user_id"]),
    "metadata of null": ({**ACTIVITY, "metadata": None}, ["metadata"]),
    "metadata of a list": ({**ACTIVITY, "metadata": []}, ["metadata"]),
    "metadata that is not known": ({**ACTIVITY, "metadata": {"xp": 1}}, ["metadata.xp"]),
    "metadata that is missing": ({"activity_type": "flashcard_set_completed"}, ["metadata.correct"]),
    "a negative number": (
        {"activity_type": "flashcard_set_completed", "metadata": {"correct": -1}},
        ["metadata.correct"],
    ),
    "a number that is too large": (
        {"activity_type": "flashcard_set_completed", "metadata": {"correct": 2**53}},
        ["metadata.correct"],
    ),
    "half a card": ({"activity_type": "flashcard_set_completed", "metadata": {"correct": 1.5}}, ["metadata.correct"]),
    "true as a number": (
        {"activity_type": "flashcard_set_completed", "metadata": {"correct": True}},
        ["metadata.correct"],
    ),
    "text as a number": ({"activity_type": "evaluation_completed", "metadata": {"grade": "7"}}, ["metadata.grade"]),
    "a grade of 0": ({"activity_type": "evaluation_completed", "metadata": {"grade": 0}}, ["metadata.grade"]),
    "a grade of 11": ({"activity_type": "evaluation_completed", "metadata": {"grade": 11}}, ["metadata.grade"]),
    "all of a quiz": (
        {"activity_type": "quiz_completed", "metadata": {"difficulty": "medium", "score": 101, "extra": None}},
        ["metadata.difficulty", "metadata.score", "metadata.extra"],
    ),
    "a number as id": ({**ACTIVITY, "activity_id": 1}, ["activity_id"]),
}


@pytest.mark.parametrize("name", WRONG_BODIES)
def test_a_wrong_body_is_refused_field_by_field_as_documented(user: User, name: str) -> None:
    body, fields = WRONG_BODIES[name]
    operation = contract.operation_of("POST", "/streak/activities")
    assert operation is not None
    assert contract.request_fault(operation, body) is not None
    assert wrong_fields(user.ask("POST", "/streak/activities", body)) == fields
    assert user.get("/streak")["created_at"] is None


INSTANTS = {
    "2026-03-02T08:00:00Z": True,
    "2026-03-02t08:00:00z": True,
    "2026-03-02T08:00:00.123456789Z": True,
    "2026-03-02T10:00:00+02:00": True,
    "2026-03-02T08:00:00": False,
    "2026-03-02T08:00Z": False,
    "2026-03-02 08:00:00Z": False,
    "2026-03-02": False,
    "2026-03-02T08:00:00,5Z": False,
    "2026-03-02T08:00:00\u221201:00": False,
    "2026-03-02T08:00:00+0100": False,
    "2026-02-30T08:00:00Z": False,
    "2026-03-02T24:00:00Z": False,
    "2026-03-02T08:00:60Z": False,
    "2026-03-02T08:00:00+24:00": False,
    "1772438400": False,
    "1969-12-31T23:59:59Z": False,
    "2200-01-01T00:00:00Z": False,
    "0001-01-01T00:00:00+23:59": False,
    "9999-12-31T23:59:59-23:59": False,
}


@pytest.mark.parametrize("text", INSTANTS)
def test_an_instant_is_rfc_3339_with_its_zone(user: User, text: str) -> None:
    answer = user.ask("POST", "/streak/activities", {**ACTIVITY, "occurred_at": text})
    assert answer.status_code == 201 if INSTANTS[text] else wrong_fields(answer) == ["occurred_at"]
    answer = user.ask("PATCH", "/streak/settings", {"time_zone": "Asia/Tokyo", "time_zone_since": text})
    assert answer.status_code == 200 if INSTANTS[text] else wrong_fields(answer) == ["time_zone_since"]


def test_an_instant_is_text(user: User) -> None:
    answer = user.ask("POST", "/streak/activities", {**ACTIVITY, "occurred_at": 1772438400})
    assert wrong_fields(answer) == ["occurred_at"]
    assert user.ask("POST", "/streak/activities", {**ACTIVITY, "occurred_at": None}).status_code == 201


@pytest.mark.parametrize(
    "date",
    ["2026-3-02", "2026-03-02T00:00:00Z", "1772409600", 1772409600, "2026-02-30", "1970-01-01", "2200-01-01", None],
)
def test_a_date_is_a_date(user: User, date: object) -> None:
    assert wrong_fields(user.ask("POST", "/streak/freezes", {"date": date})) == ["date"]
    assert wrong_fields(user.ask("PUT", "/streak/pause", {"from": date, "until": date})) == ["from", "until"]
    assert wrong_fields(user.ask("POST", "/streak/pauses", {"from": date, "until": date})) == ["from", "until"]


@pytest.mark.parametrize("date", ["1970-01-02", "2199-12-31"])
def test_the_first_and_the_last_date_are_dates(user: User, date: str) -> None:
    assert user.refusal("POST", "/streak/freezes", {"date": date}) == (422, "date_out_of_range")


@pytest.mark.parametrize("moment", ["now", "2026-03-02", "2026-03-02T09:00:00", "2200-01-01T00:00:00Z", "1772438400"])
def test_a_simulated_time_is_an_instant(user: User, moment: str) -> None:
    assert wrong_fields(user.ask("GET", "/streak", at=moment)) == ["X-Simulated-Time"]


@pytest.mark.parametrize("moment", ["1970-01-02T00:00:00Z", "2199-12-31T23:59:59Z"])
def test_every_route_answers_at_the_first_and_the_last_instant(user: User, moment: str) -> None:
    user.now = moment
    user.do("PATCH", "/streak/settings", {"time_zone": "Pacific/Kiritimati"})
    assert user.record()["streak"]["current_streak"] == 1
    assert len(user.get("/calendar", days=366)["days"]) == 366
    for path in ("/streak", "/consistency", "/streak/explain?days=366", "/streak/events", "/streak/activities"):
        user.get(path)


def test_without_a_simulated_time_the_clock_is_the_server_s(user: User) -> None:
    user.now = None
    assert user.record()["streak"]["today"] > "2026-01-01"

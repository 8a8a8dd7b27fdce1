"""Bytes that no HTTP client would send: broken framing, strange paths, doubled headers; none of it is stored."""

from __future__ import annotations

import json
import socket
import time
import uuid
from contextlib import suppress
from typing import Final
from urllib.parse import urlsplit

import httpx
import pytest

from emulator.token import unsigned_token
from tests.e2e.stored_user import stored
from tools.fuzz import hostile, oracle
from tools.fuzz.wire import Sent, exchange

JSON: Final = (("Content-Type", "application/json"),)
CHECK_IN: Final = json.dumps({"activity_type": "check_in"}).encode()
SIZE: Final = b"%x" % len(CHECK_IN)
# Three times what a body may take: of 3000 bytes, two a second would take 25 minutes.
DRIPPING_SECONDS_MAX: Final = 25.0
PAGE: Final = "the server's own page"


@pytest.fixture
def uid() -> str:
    """A user of whom nothing is known."""
    return f"user-{uuid.uuid4().hex}"


def sent(uid: str, method: str, target: str, *headers: tuple[str, str], body: bytes = b"") -> Sent:
    """A request of that user."""
    identity = (("Host", "127.0.0.1"), ("Connection", "close"), ("Authorization", f"Bearer {unsigned_token(uid)}"))
    return Sent(method=method, target=target, headers=(*identity, *headers), body=body)


def answered(url: str, request: Sent, raw: bytes | None = None) -> httpx.Response:
    """The answer, which the oracle has nothing to say against."""
    answer = exchange(url, request.raw if raw is None else raw, method=request.method)
    assert oracle.fault(request, answer) is None
    assert answer is not None
    return answer


def outcome(answer: httpx.Response) -> tuple[int, str]:
    """The status, and the code or whose page it is."""
    return answer.status_code, PAGE if oracle.is_servers_own(answer) else answer.json().get("code", "")


CHUNKED: Final = ("Transfer-Encoding", "chunked")
BODIES: dict[str, tuple[tuple[tuple[str, str], ...], bytes, tuple[int, str]]] = {
    "one chunk": ((CHUNKED,), SIZE + b"\r\n" + CHECK_IN + b"\r\n0\r\n\r\n", (201, "")),
    "a size that is none": ((CHUNKED,), b"zz\r\n" + CHECK_IN, (400, "bad_request")),
    "a size below nothing": ((CHUNKED,), b"-5\r\n" + CHECK_IN, (400, "bad_request")),
    "a size without end": ((CHUNKED,), b"f" * 17 + b"\r\n" + CHECK_IN, (400, "bad_request")),
    "more than was said": ((CHUNKED,), b"5\r\n" + CHECK_IN + b"\r\n0\r\n\r\n", (400, "bad_request")),
    "no last chunk": ((CHUNKED,), SIZE + b"\r\n" + CHECK_IN + b"\r\n", (400, "bad_request")),
    "a packed transfer": (
        (("Transfer-Encoding", "gzip, chunked"),),
        SIZE + b"\r\n" + CHECK_IN + b"\r\n0\r\n\r\n",
        (201, ""),
    ),
    "an unknown transfer": ((("Transfer-Encoding", "xchunked"),), CHECK_IN, (501, PAGE)),
    "a plain transfer": ((("Transfer-Encoding", "identity"),), CHECK_IN, (400, PAGE)),
    "the right length": ((("Content-Length", str(len(CHECK_IN))),), CHECK_IN, (201, "")),
    "both": ((("Content-Length", str(len(CHECK_IN))), CHUNKED), b"0\r\n\r\n", (400, PAGE)),
    "a length twice": ((("Content-Length", "28"), ("Content-Length", "3")), CHECK_IN, (400, PAGE)),
    "a length below nothing": ((("Content-Length", "-1"),), CHECK_IN, (400, PAGE)),
    "a length that is none": ((("Content-Length", "+28"),), CHECK_IN, (400, PAGE)),
    "a length too long to read": ((("Content-Length", "9" * 6_000),), CHECK_IN, (400, PAGE)),
    "a length beyond all": ((("Content-Length", "9" * 20),), CHECK_IN, (413, "content_too_large")),
    "a length too short": ((("Content-Length", "5"),), CHECK_IN, (422, "invalid_request")),
    "a length too long": ((("Content-Length", "1000"),), CHECK_IN, (400, "bad_request")),
    "two types": ((("Content-Length", "28"), ("Content-Type", "text/plain")), CHECK_IN, (400, PAGE)),
}


@pytest.mark.parametrize("name", BODIES)
def test_a_body_is_as_its_headers_say_or_refused(served: str, uid: str, name: str) -> None:
    headers, body, expected = BODIES[name]
    before = stored(uid)
    request = sent(uid, "POST", "/streak/activities", *JSON, *headers, body=body)
    assert outcome(answered(served, request)) == expected
    assert (stored(uid) == before) is (expected[0] != 201)


@pytest.mark.parametrize("target", ["/streak", "/nowhere", "/streak/a%0Ab", "http://evil.example.com", "/robots.txt"])
def test_a_broken_body_that_nobody_reads_is_no_error(served: str, uid: str, target: str) -> None:
    for method, body in (("GET", b"zz\r\n"), ("POST", b"-5\r\n"), ("GET", b"")):
        assert answered(served, sent(uid, method, target, CHUNKED, body=body)).status_code < 500


def test_nothing_is_smuggled_in_behind_a_broken_body(served: str, uid: str) -> None:
    before = stored(uid)
    hidden = sent(uid, "POST", "/streak/update", ("Content-Length", "0")).raw
    both = (("Content-Length", "0"), CHUNKED)
    for headers, body in (((CHUNKED,), b"zz\r\n\r\n"), ((CHUNKED,), b"-5\r\n\r\n"), (both, b"0\r\n\r\n")):
        request = sent(uid, "POST", "/streak/activities", *JSON, *headers, body=body + hidden)
        assert answered(served, request.with_header("Connection", "keep-alive"), None).status_code == 400
    assert stored(uid) == before


# What is answered to a GET, if not that there is nothing: other ways to write the user's own route, or the page's, ...
ANSWERED: Final = dict.fromkeys(("http://evil.example.com/streak", "/streak#x", "http://evil.example.com", "/?x"), 200)
# ... and to everything below what is for admins alone, whatever is there.
CLOSED: Final = "/admin"


@pytest.mark.parametrize(
    "target",
    [
        *(path for path in hostile.PATHS if path != "/streak/activities/"),
        "/streak/a\\b",
        "/streak/activities/" + "a" * 1_501,
    ],
)
def test_no_strange_path_leads_anywhere(served: str, uid: str, target: str) -> None:
    before = stored(uid)
    # Of the user's own route DELETE erases the user, as it should.
    for method in ("GET", "POST", "PUT" if target in ANSWERED else "DELETE"):
        answer = answered(served, sent(uid, method, target))
        expected = {ANSWERED[target]} if target in ANSWERED and method == "GET" else {400, 404, 405, 414}
        expected = {403} if target == CLOSED else expected
        assert answer.status_code in expected, (method, answer.text)
        assert "Location" not in answer.headers
    assert stored(uid) == before


FIRST_LINES: Final = [
    "GET /streak HTTP/9.9",
    "GET /streak HTTP/1.1 x",
    "GET  /streak HTTP/1.1",
    "get /streak HTTP/1.1",
    "GET /streak/a b HTTP/1.1",
    "GET /streak\x00 HTTP/1.1",
    "GET /streak/\xe9 HTTP/1.1",
    "GET",
    "PRI * HTTP/2.0",
    "PROXY TCP4 1.1.1.1 1.1.1.1 1 1",
    "\x16\x03\x01\x00\xc8\x01",
    "GET /" + "a" * 70_000 + " HTTP/1.1",
]


@pytest.mark.parametrize("line", FIRST_LINES, ids=lambda line: repr(line[:30]))
def test_what_is_no_http_is_refused_before_any_function(served: str, uid: str, line: str) -> None:
    request = sent(uid, "GET", "/streak")
    raw = line.encode("latin-1") + b"\r\n" + request.raw.partition(b"\r\n")[2]
    assert outcome(answered(served, request, raw))[1] == PAGE
    assert answered(served, request).status_code == 200


HEADER_LINES: Final = [
    *(b"X: a\x00b", b"X: a\r b", b"X: a\r\n b", b"X Y: a", b": a", b"X", b"X\xe9: a", b"X: " + b"a" * 70_000)
]


@pytest.mark.parametrize("line", HEADER_LINES, ids=lambda line: repr(line[:30]))
def test_a_header_that_is_none_is_refused_before_any_function(served: str, uid: str, line: bytes) -> None:
    request = sent(uid, "POST", "/streak/update", ("Content-Length", "0"))
    before = stored(uid)
    assert outcome(answered(served, request, request.raw[:-2] + line + b"\r\n\r\n"))[1] == PAGE
    assert stored(uid) == before
    assert answered(served, request, request.raw[:-2] + b"X: a\r\n\r\n").status_code == 201


@pytest.mark.parametrize(
    ("name", "first", "second", "expected"),
    [
        ("Authorization", "Bearer x", None, (401, "unauthenticated")),
        ("Idempotency-Key", "a", "b", (422, "invalid_request")),
        ("Idempotency-Key", "a", "a", (422, "invalid_request")),
        ("X-Simulated-Time", "2026-03-02T09:00:00Z", "2026-03-02T09:00:00Z", (422, "invalid_request")),
    ],
)
def test_a_header_that_stands_twice_is_refused(
    served: str, uid: str, name: str, first: str, second: str | None, expected: tuple[int, str]
) -> None:
    before = stored(uid)
    headers = [(name, value) for value in (first, second) if value]
    assert outcome(answered(served, sent(uid, "POST", "/streak/reset", *headers))) == expected
    assert stored(uid) == before
    if second:
        assert answered(served, sent(uid, "POST", "/streak/reset", headers[0])).status_code == 200


def test_a_token_with_anything_behind_it_is_refused(served: str, uid: str) -> None:
    plain = sent(uid, "GET", "/streak")
    token = unsigned_token(uid)
    for more in (f", Bearer {token}", ",", " x", "=", ".", ".x", "\u00e9"):
        answer = answered(served, plain.with_header("Authorization", f"Bearer {token}{more}"))
        assert outcome(answer) == (401, "unauthenticated")
    for header in (f"Bearer {token}", f"bearer {token}", f"Bearer  {token} "):
        assert answered(served, plain.with_header("Authorization", header)).status_code == 200


@pytest.mark.parametrize("name", ["\ud800", "a\udfff", "u" * 129, ""])
def test_a_token_whose_user_cannot_be_one_is_refused(served: str, name: str) -> None:
    answer = answered(served, sent(name, "POST", "/streak/update", ("Content-Length", "0")))
    assert outcome(answer) == (401, "unauthenticated")


@pytest.mark.parametrize(
    "name", ["\x00", "a\nb", "\U0001f525", "__x__", "..", "a/b", "\u202eada", "\ufffe", "' OR 1=1 --"]
)
def test_any_other_name_is_a_user_s(served: str, uid: str, name: str) -> None:
    own = f"{name}{uid}{name}"
    answer = answered(served, sent(own, "POST", "/streak/update", ("Content-Length", "0")))
    assert answer.json()["streak"]["user_id"] == own
    assert len(stored(own)) > 2


@pytest.mark.parametrize("header", hostile.ODD_HEADERS, ids=lambda one: f"{one[0]}: {one[1]}"[:60])
def test_no_header_makes_another_request_of_it(served: str, uid: str, header: tuple[str, str]) -> None:
    before = stored(uid)
    answer = answered(served, sent(uid, "GET", "/streak", header))
    assert answer.status_code == 200
    assert answer.json()["user_id"] == uid
    assert stored(uid) == before


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("days=3", 200),
        ("days=3&days=3", 422),
        ("days=3&days=", 422),
        ("days=3&day%73=4", 422),
        ("days=3&DAYS=4", 422),
        ("days[]=3", 422),
        ("days=%33", 200),
        ("days=%D9%A3", 422),
        ("days=3%00", 422),
        ("days=+3", 422),
        ("days=" + "9" * 3_000, 422),
        ("x", 422),
        ("=", 422),
        ("x=" + "a" * 3_000, 422),
        ("x=" + "a" * 9_000, 414),
        ("user_id=ada&uid=ada", 422),
        ("days=3&user_id=ada", 422),
        ("&days=3&", 200),
    ],
)
def test_a_parameter_is_known_stands_once_and_is_plain(served: str, uid: str, query: str, status: int) -> None:
    answer = answered(served, sent(uid, "GET", f"/calendar?{query}"))
    assert answer.status_code == status, answer.text


@pytest.mark.parametrize(("path", "name"), [("/streak/activities", "page_token"), ("/streak/events", "page_size")])
def test_no_other_parameter_may_stand_twice_either(served: str, uid: str, path: str, name: str) -> None:
    assert outcome(answered(served, sent(uid, "GET", f"{path}?{name}=1&{name}=1"))) == (422, "invalid_request")


def test_a_body_that_drips_is_ended_before_the_place_it_takes_is_missed(served: str, uid: str) -> None:
    request = sent(uid, "POST", "/streak/activities", *JSON, ("Content-Length", "3000"))
    address = urlsplit(served)
    with socket.create_connection((address.hostname or "", address.port or 0)) as connection:
        connection.sendall(request.raw)
        begun, answer = time.monotonic(), b""
        connection.settimeout(0.5)
        while not answer and time.monotonic() - begun < DRIPPING_SECONDS_MAX:
            with suppress(TimeoutError):
                connection.sendall(b" ")
                answer = connection.recv(4096)
    assert b" 400 " in answer.splitlines()[0]

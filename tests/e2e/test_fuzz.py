"""Hostile requests by the hundred: what `make fuzz` does, for a while; and the judge itself is judged."""

from __future__ import annotations

import random
import uuid
from typing import Any, Final

import httpx
import pytest

from emulator.page import ADMIN_INDEX, INDEX, page_files
from testing import contract
from tools.fuzz import mutations, oracle
from tools.fuzz.runner import Fuzzing
from tools.fuzz.valid import assembled, valid_requests
from tools.fuzz.wire import Sent

REQUESTS: Final = 1_500
SEED: Final = 20_260_302
ASKED: Final = Sent(method="GET", target="/consistency")
ID: Final = {"X-Request-Id": "0" * 32}
NOT_FOUND: Final = {
    "type": "about:blank",
    "title": "Not found",
    "status": 404,
    "detail": "Nothing.",
    "code": "not_found",
}


def test_hostile_requests_are_answered_as_documented(served: str) -> None:
    total = Fuzzing(url=served, seed=SEED, salt=f"{uuid.uuid4()}-").play(REQUESTS)
    assert [(fault.what, fault.number, fault.sent.raw[:2_000]) for fault in total.faults] == []
    assert total.answers.total() == REQUESTS
    statuses = {status for status, _ in total.answers}
    assert {200, 201, 400, 401, 404, 405, 413, 415, 422} <= statuses
    accepted = sum(number for (status, _), number in total.answers.items() if status < 300)
    assert 0.2 < accepted / REQUESTS < 0.7


def test_the_requests_of_a_seed_are_always_the_same() -> None:
    def made(seed: int) -> list[tuple[str, str, bytes]]:
        sent = [Fuzzing(url="", seed=seed).request(number) for number in range(200)]
        return [(one.method, one.target, one.body) for one in sent]

    assert made(1) == made(1)
    assert made(1) != made(2)


def test_every_operation_and_every_kind_of_change_is_tried() -> None:
    assert {one.operation.place for one in valid_requests()} == {one.place for one in contract.OPERATIONS}
    plain = assembled(valid_requests()[2], "a.b.c")
    for change in mutations._CHANGES:
        assert any(change(plain, random.Random(number)) != plain for number in range(20)), change  # noqa: S311 - no secret


def answer(status: int, content: Any, media_type: str = contract.PROBLEM, **headers: str) -> httpx.Response:
    """An answer of the functions."""
    return httpx.Response(status, json=content, headers={**ID, "Content-Type": media_type, **headers})


PAGE: Final = "<html><head><title>Bad Request</title></head><body>x</body></html>"
CLOSE: Final = {"Content-Type": "text/html", "Connection": "close"}
WRONG: Final = {
    "none at all": None,
    "an error": answer(500, {**NOT_FOUND, "status": 500, "code": "internal_error"}),
    "a gateway's": answer(502, {}),
    "a redirect": httpx.Response(308, headers={**ID, "Location": "http://evil.example.com/"}),
    "another media type": answer(422, NOT_FOUND, "text/html"),
    "an undocumented status": answer(404, NOT_FOUND),
    "an undocumented body": answer(200, {}, "application/json", ETag='"' + "0" * 32 + '"'),
    "no JSON": httpx.Response(
        401, content=b"x", headers={**ID, "Content-Type": contract.PROBLEM, "WWW-Authenticate": "Bearer"}
    ),
    "a page that goes on": httpx.Response(400, text=PAGE, headers={"Content-Type": "text/html"}),
    "a page with a trace": httpx.Response(
        400, text=PAGE.replace("x<", "Traceback (most recent call last)<"), headers=CLOSE
    ),
    "a page of another": httpx.Response(400, text="nginx", headers=CLOSE),
}


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_answer_is_a_fault(name: str) -> None:
    assert oracle.fault(ASKED, WRONG[name]) is not None


FORBIDDEN: Final = {**NOT_FOUND, "title": "Not allowed", "status": 403, "code": "forbidden"}


@pytest.mark.parametrize("path", ["/admin", "/admin/x", "/maintenance", "/backup/", "/backup/x", "/%6daintenance"])
def test_who_may_not_call_a_function_is_told_so_at_any_path_of_it(path: str) -> None:
    for method in ("GET", "PUT"):
        assert oracle.fault(Sent(method=method, target=path), answer(403, FORBIDDEN)) is None
        assert oracle.fault(Sent(method=method, target=f"/x{path}"), answer(403, FORBIDDEN)) is not None
    assert oracle.fault(Sent(method="GET", target="/streak"), answer(403, FORBIDDEN)) is not None
    empty = {**ID, "Content-Type": contract.PROBLEM}
    assert oracle.fault(Sent(method="HEAD", target=path), httpx.Response(403, headers=empty)) is None
    assert oracle.fault(Sent(method="HEAD", target=path), answer(403, FORBIDDEN)) is not None


def test_a_right_answer_is_none() -> None:
    assert oracle.fault(Sent(method="GET", target="/nowhere"), answer(404, NOT_FOUND)) is None
    assert oracle.fault(ASKED, httpx.Response(400, text=PAGE, headers=CLOSE)) is None
    assert oracle.fault(Sent(method="OPTIONS", target="/streak"), httpx.Response(204)) is None


def test_the_local_page_is_what_is_answered_where_it_is_served_and_nowhere_else() -> None:
    page = page_files()[INDEX].read_bytes()
    for target in ("/", "/?x", "http://evil.example.com"):
        assert oracle.fault(Sent(method="GET", target=target), httpx.Response(200, content=page)) is None
        assert oracle.fault(Sent(method="GET", target=target), httpx.Response(200, content=page + b" ")) is not None
        assert oracle.fault(Sent(method="POST", target=target), httpx.Response(200, content=page)) is not None
    for target in ("/streak", "/operators/"):
        assert oracle.fault(Sent(method="GET", target=target), httpx.Response(200, content=page)) is not None
    operators = httpx.Response(200, content=page_files()[ADMIN_INDEX].read_bytes())
    assert oracle.fault(Sent(method="GET", target="/operators/"), operators) is None

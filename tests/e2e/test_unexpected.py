"""What should not happen: it is answered in the same form, says nothing of the inside, and costs little."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any

import flask
import pytest
from google.cloud import firestore
from werkzeug.test import EnvironBuilder

from emulator.token import PROJECT
from functions.http import runtime
from functions.http.dispatch import Function, RequestContext, Route
from functions.http.identity import Caller
from streak_core.domain.errors import DatabaseUnavailable
from streak_core.domain.refusals import NothingToRepair
from testing import contract
from testing.logged import Logged
from tests.e2e.client import User, scheduled

LATER = "2026-03-05T09:00:00Z"
MANY_BYTES = 3_000_000


@pytest.fixture
def unreadable(user: User) -> Iterator[User]:
    """A user whose document was written by a version to come, and who is due."""
    home = firestore.Client(project=PROJECT).document(f"streaks/{user.uid}")
    user.record()
    home.update({"schema_version": 0})
    yield user
    home.delete()


def test_a_document_that_cannot_be_read_is_an_internal_error(unreadable: User) -> None:
    for method, path in (("GET", "/streak"), ("GET", "/calendar"), ("POST", "/streak/update")):
        assert unreadable.refusal(method, path) == (500, "internal_error")


def test_a_document_of_another_program_is_a_refusal_for_that_user_and_stays_as_it_is(
    user: User, other: User, admin: User
) -> None:
    place = firestore.Client(project=PROJECT).document(f"streaks/{user.uid}")
    theirs = {"days": 3, "state": "CA"}
    place.set(theirs)
    try:
        for method, path in (
            ("GET", "/streak"),
            ("GET", "/calendar"),
            ("POST", "/streak/update"),
            ("POST", "/streak/reset"),
        ):
            assert user.refusal(method, path) == (409, "foreign_document")
        grant = {"count": 1, "reason": "the app was down"}
        refused = admin.refusal("POST", f"/admin/users/{user.uid}/grants", grant)
        assert refused == (409, "foreign_document")
        assert other.ask("POST", "/streak/update").status_code == 201
        assert place.get().to_dict() == theirs
        assert list(place.collections()) == []
    finally:
        place.delete()


def test_a_document_that_cannot_be_read_degrades_maintenance_and_stops_nobody(
    unreadable: User, other: User, admin: User
) -> None:
    other.record()
    report = admin.ask("POST", "/maintenance", at=LATER, headers=scheduled(LATER)).json()
    assert (report["status"], report["errors"]) == ("degraded", 1)
    assert report["streaks_broken"] >= 1
    assert unreadable.refusal("GET", "/streak") == (500, "internal_error")


def fails(_: RequestContext) -> Any:
    message = "/secret/place.py"
    raise KeyError(message)


@pytest.fixture
def function(monkeypatch: pytest.MonkeyPatch) -> Iterator[Function]:
    """A function that fails."""
    monkeypatch.setenv("GOOGLE_CLOUD_PROJECT", PROJECT)
    runtime.config.cache_clear()
    yield Function("usage", lambda *_: Caller(user_id="ada"), [Route(method="POST", path="/", handler=fails)])
    runtime.config.cache_clear()


def test_an_error_of_the_program_is_told_to_the_log_alone(function: Function) -> None:
    request = flask.Request(EnvironBuilder(method="POST", path="/usage").get_environ())
    with Logged() as logged:
        answer = function.handle(request)
    assert (answer.status_code, answer.content_type) == (500, contract.PROBLEM)
    assert (
        contract.fault("/components/responses/InternalError/content/application~1problem+json/schema", answer.json)
        is None
    )
    contract.check_discreet(answer.json)
    assert b"secret" not in answer.data
    (failed,) = logged.of("request_failed")
    assert (failed["error"], failed["function"], failed["route"]) == ("KeyError", "usage", "/usage")
    assert failed["user_id"] == "ada"
    assert "in fails" in failed["stack_trace"]
    # A `KeyError` quotes what it was given, and that may have been sent by somebody.
    assert "/secret/place.py" not in str(failed)


def test_a_body_that_nobody_wants_is_not_read(function: Function) -> None:
    body = io.BytesIO(b"x" * MANY_BYTES)
    builder = EnvironBuilder(method="POST", path="/usage", input_stream=body, content_length=MANY_BYTES)
    request = flask.Request(builder.get_environ())
    function.handle(request)
    # The framework reads the rest of each request to its end before it answers.
    assert request.get_data() == b""
    assert body.tell() == 0


def completed(function: Function) -> dict[str, Any]:
    """What the last line says of a request that was answered."""
    with Logged() as logged:
        function.handle(flask.Request(EnvironBuilder(method="POST", path="/usage").get_environ()))
    return logged.of("request_completed")[-1]


@pytest.mark.parametrize(
    ("error", "status", "named"),
    [(DatabaseUnavailable(), 503, "ada"), (KeyError(), 500, "ada"), (NothingToRepair(), 409, None)],
    ids=["503", "500", "409"],
)
def test_a_line_names_the_user_whom_a_failure_has_met_and_of_a_refusal_nobody(
    function: Function, error: Exception, status: int, named: str | None
) -> None:
    def answer(_: RequestContext) -> Any:
        raise error

    route = Route(method="POST", path="/", handler=answer)
    del function
    line = completed(Function("usage", lambda *_: Caller(user_id="ada"), [route]))
    assert (line["status"], line.get("user_id")) == (status, named)

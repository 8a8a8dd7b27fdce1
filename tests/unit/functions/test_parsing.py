"""What is read of a request, where the answer says what to send instead."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Request
from werkzeug.test import EnvironBuilder

from functions.http.parsing import PAGE_SIZE_MAX, body, body_if_any, instant, page_size
from functions.http.problems import UnsupportedMediaType
from functions.recording import ActivityBody
from functions.streak import CheckInBody
from streak_core.domain.errors import Malformed


def request(**sent: Any) -> Request:
    """A request as it comes in."""
    return Request(EnvironBuilder(**sent).get_environ())


@pytest.mark.parametrize(("asked", "given"), [("1", 1), ("100", 100), ("101", 100), ("9" * 30, PAGE_SIZE_MAX)])
def test_of_more_than_a_page_can_have_it_has_as_many_as_it_can(asked: str, given: int) -> None:
    assert page_size(request(query_string={"page_size": asked}), 20) == given


def test_a_page_has_the_default_where_nothing_is_asked_and_none_is_refused() -> None:
    assert page_size(request(), 20) == 20
    with pytest.raises(Malformed) as refused:
        page_size(request(query_string={"page_size": "0"}), 20)
    assert refused.value.errors[0].message == "must be at least 1"


@pytest.mark.parametrize("headers", [{}, {"Content-Type": "application/json"}])
def test_where_nothing_is_sent_it_is_said_that_a_json_body_is_needed(headers: dict[str, str]) -> None:
    with pytest.raises(Malformed) as refused:
        body(request(method="POST", headers=headers), ActivityBody)
    assert [(one.field, one.message) for one in refused.value.errors] == [
        ("", "a JSON body is needed, with Content-Type: application/json")
    ]
    # Where none is needed nothing is said.
    assert body_if_any(request(method="POST", headers=headers), CheckInBody) == CheckInBody()


def test_a_body_of_another_type_is_refused_as_such() -> None:
    with pytest.raises(UnsupportedMediaType):
        body(request(method="POST", data=b"{}", headers={"Content-Type": "text/plain"}), ActivityBody)


@pytest.mark.parametrize("naive", ["2026-03-02T09:00:00", "2026-03-02T09:00:00.25"])
def test_an_instant_without_a_zone_is_told_that_it_has_none(naive: str) -> None:
    with pytest.raises(ValueError, match="has no zone: end it with Z"):
        instant(naive)
    assert instant(f"{naive}Z").tzinfo is not None
    with pytest.raises(ValueError, match="must be an instant such as"):
        instant(naive.replace("T", " "))

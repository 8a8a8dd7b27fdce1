"""What is read of a request, where the answer says what to send instead."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Request
from werkzeug.test import EnvironBuilder

from functions.http.parsing import body, body_if_any, instant
from functions.http.problems import UnsupportedMediaType
from functions.streak import CheckInBody
from functions.users.recording import ActivityBody
from streak_core.domain.errors import Malformed


def request(**sent: Any) -> Request:
    """A request as it comes in."""
    return Request(EnvironBuilder(**sent).get_environ())


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

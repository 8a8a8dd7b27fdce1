"""A token is three parts with dots between; a request carries it after the word Bearer, and the app's in a header."""

from __future__ import annotations

import pytest
from flask import Request
from werkzeug.datastructures import Headers
from werkzeug.test import EnvironBuilder

from functions.http.problems import Unauthenticated
from functions.http.tokens import app_token, bearer_token


def request(**headers: str) -> Request:
    sent = Headers([(name.replace("_", "-"), text) for name, text in headers.items()])
    return Request(EnvironBuilder(headers=sent).get_environ())


@pytest.mark.parametrize("header", ["Bearer a.b.c", "bearer a.b.c", "BEARER  a.b.c ", " Bearer a.b.c"])
def test_whoever_asks_is_named_by_the_token_after_the_word(header: str) -> None:
    assert bearer_token(request(Authorization=header)) == "a.b.c"


def test_a_token_of_the_emulator_has_no_signature() -> None:
    assert bearer_token(request(Authorization="Bearer a.b.")) == "a.b."


@pytest.mark.parametrize(
    ("header", "reason"),
    [
        ("", "missing"),
        ("  ", "missing"),
        ("a.b.c", "malformed"),
        ("Basic a.b.c", "malformed"),
        ("Bearer", "malformed"),
        ("Bearer a.b", "malformed"),
        ("Bearer a.b.c.d", "malformed"),
        ("Bearer a.b.c d", "malformed"),
        ("Bearer .b.c", "malformed"),
        ("Bearer a.b.c, Bearer a.b.c", "malformed"),
    ],
)
def test_what_is_none_is_refused_and_the_log_is_told_why(header: str, reason: str) -> None:
    with pytest.raises(Unauthenticated) as refused:
        bearer_token(request(Authorization=header))
    assert refused.value.reason == reason
    assert reason not in refused.value.detail


def test_without_the_header_a_token_is_missing() -> None:
    with pytest.raises(Unauthenticated) as refused:
        bearer_token(request())
    assert refused.value.reason == "missing"


def test_an_app_has_a_header_of_its_own() -> None:
    assert app_token(request(X_Firebase_AppCheck="a.b.c", Authorization="Bearer d.e.f")) == "a.b.c"


@pytest.mark.parametrize("header", ["", "x", "a.b", "a.b.c, a.b.c", "Bearer a.b.c"])
def test_an_app_without_a_token_has_none(header: str) -> None:
    assert app_token(request(X_Firebase_AppCheck=header)) is None


def test_a_user_s_token_is_not_the_app_s() -> None:
    assert app_token(request(Authorization="Bearer a.b.c")) is None

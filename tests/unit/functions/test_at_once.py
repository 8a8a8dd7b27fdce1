"""How many requests of one user are answered at a time."""

from __future__ import annotations

from contextlib import ExitStack

import pytest

from functions.http.at_once import AtOnce, TooManyAtOnce
from streak_core.domain.errors import UserBusy


def test_one_more_than_may_be_answered_at_a_time_is_refused_and_the_next_after_one_has_ended_is_not() -> None:
    at_once = AtOnce(2)
    with ExitStack() as answering:
        answering.enter_context(at_once.one_of("ada"))
        with at_once.one_of("ada"), pytest.raises(TooManyAtOnce), at_once.one_of("ada"):
            pytest.fail("there were three at a time")
        answering.enter_context(at_once.one_of("ada"))


def test_one_users_requests_take_no_place_of_anothers() -> None:
    at_once = AtOnce(1)
    with at_once.one_of("ada"), at_once.one_of("bob"), pytest.raises(TooManyAtOnce), at_once.one_of("bob"):
        pytest.fail("bob has one place")


def test_a_request_that_fails_gives_its_place_back() -> None:
    at_once = AtOnce(1)
    for _ in range(3):
        with pytest.raises(ZeroDivisionError), at_once.one_of("ada"):
            _ = 1 / 0


def test_a_client_is_told_the_same_as_of_a_user_whom_others_write() -> None:
    assert (TooManyAtOnce.code, TooManyAtOnce.retry_after_seconds) == (UserBusy.code, UserBusy.retry_after_seconds)

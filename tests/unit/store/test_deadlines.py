"""How long what goes on here may still wait."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

from streak_core.store.deadlines import seconds_left, waiting_at_most


def test_without_a_bound_each_call_has_its_own() -> None:
    assert seconds_left(5.0) == 5.0


def test_within_a_bound_no_call_waits_longer_than_what_is_left_of_it() -> None:
    with waiting_at_most(3.0):
        assert 0 < seconds_left(5.0) <= 3.0
        assert seconds_left(0.5) == 0.5
    assert seconds_left(5.0) == 5.0


def test_a_bound_that_is_used_up_leaves_nothing() -> None:
    with waiting_at_most(0):
        assert seconds_left(5.0) <= 0


def test_a_bound_is_taken_away_for_what_may_take_its_time() -> None:
    with waiting_at_most(1.0), waiting_at_most(None):
        assert seconds_left(5.0) == 5.0


def test_a_bound_is_that_of_its_own_thread() -> None:
    with waiting_at_most(0), ThreadPoolExecutor(1) as pool:
        assert pool.submit(seconds_left, 5.0).result() == 5.0

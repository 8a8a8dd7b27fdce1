"""Nobody waits longer than is said: what is late is refused, and what is received too slowly is ended."""

from __future__ import annotations

from threading import Event, Lock
from typing import Final

import pytest

from functions.http.bounded_wait import THREADS_MAX, BoundedWait
from streak_core.store.deadlines import waiting_at_most

LONG: Final = 60.0
SHORT: Final = 0.01


def test_what_is_answered_in_time_is_the_result() -> None:
    assert BoundedWait(LONG).result(lambda: "answer") == "answer"


def test_what_is_refused_in_time_is_refused() -> None:
    def refuse() -> None:
        raise LookupError

    with pytest.raises(LookupError):
        BoundedWait(LONG).result(refuse)


def test_what_hangs_is_waited_for_no_longer_than_is_said() -> None:
    answered = Event()
    with pytest.raises(TimeoutError):
        BoundedWait(SHORT).result(lambda: answered.wait(LONG))
    answered.set()


def test_what_hangs_is_waited_for_no_longer_than_the_request_has_left() -> None:
    answered = Event()
    with waiting_at_most(SHORT), pytest.raises(TimeoutError):
        BoundedWait(LONG).result(lambda: answered.wait(LONG))
    answered.set()


def test_whoever_queues_behind_a_lock_that_hangs_is_refused_in_time_too_and_served_when_it_is_free() -> None:
    waiting, lock = BoundedWait(SHORT), Lock()

    def behind() -> str:
        with lock:
            return "answer"

    with lock:
        for _ in range(2 * THREADS_MAX):
            with pytest.raises(TimeoutError):
                waiting.result(behind)
    assert BoundedWait(LONG).result(behind) == "answer"


def test_what_is_not_done_in_time_is_ended_once() -> None:
    ended = Event()
    with BoundedWait(SHORT).otherwise(ended.set):
        assert ended.wait(LONG)


def test_what_is_done_in_time_is_not_ended() -> None:
    ended, waiting = Event(), BoundedWait(LONG)
    for _ in range(2 * THREADS_MAX):
        with waiting.otherwise(ended.set):
            pass
    # All that watched are free again.
    assert waiting.result(lambda: "answer") == "answer"
    assert not ended.is_set()


def test_what_fails_in_time_is_not_ended_either() -> None:
    ended = Event()
    with pytest.raises(LookupError), BoundedWait(LONG).otherwise(ended.set):
        raise LookupError
    assert not ended.is_set()

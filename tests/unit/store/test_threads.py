"""A call in a thread of its own is waited for as long as is said, and no longer; so many go on at a time."""

from __future__ import annotations

from threading import Event

import pytest

from streak_core.store.threads import AllThreadsBusy, Call, Threads

LONG_SECONDS = 30.0


def test_what_a_call_answers_is_answered_where_it_is_waited_for() -> None:
    call = Call(lambda: 7)
    Threads(at_most=1).start(call)
    assert call.result(LONG_SECONDS) == 7
    assert not call.goes_on


def test_what_a_call_raises_is_raised_where_it_is_waited_for() -> None:
    call = Call(lambda: int("seven"))
    Threads(at_most=1).start(call)
    with pytest.raises(ValueError, match="seven"):
        call.result(LONG_SECONDS)
    assert not call.goes_on


def test_a_call_that_is_waited_for_no_longer_goes_on() -> None:
    let_go = Event()
    call = Call(lambda: let_go.wait(LONG_SECONDS))
    Threads(at_most=1).start(call)
    with pytest.raises(TimeoutError):
        call.result(0.01)
    assert call.goes_on
    let_go.set()
    assert call.result(LONG_SECONDS)


def test_a_call_that_finds_every_thread_busy_is_not_made_and_the_next_one_after_that_is() -> None:
    let_go, threads = Event(), Threads(at_most=2)
    first, second, third = (Call(lambda: let_go.wait(LONG_SECONDS)) for _ in range(3))
    threads.start(first)
    threads.start(second)
    with pytest.raises(AllThreadsBusy):
        threads.start(third)
    assert not third.goes_on
    let_go.set()
    assert first.result(LONG_SECONDS)
    assert second.result(LONG_SECONDS)
    _started_when_free(threads, third)
    assert third.result(LONG_SECONDS)


def _started_when_free(threads: Threads, call: Call[bool]) -> None:
    """A thread is free a moment after its call was answered."""
    for _ in range(1_000):
        try:
            return threads.start(call)
        except AllThreadsBusy:
            Event().wait(0.01)
    pytest.fail("no thread is ever free")

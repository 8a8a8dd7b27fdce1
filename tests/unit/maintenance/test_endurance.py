"""A run ends in order: at its deadline, when it is told to, or when Firestore failed for too long; a blip ends none."""

from __future__ import annotations

import random
import threading
from collections.abc import Callable
from typing import Final

import pytest

from streak_core.maintenance.endurance import FAILED_ROUNDS_MAX, WAIT_SECONDS_FIRST, WAIT_SECONDS_MAX, Endurance
from streak_core.store.run_report import Stop

THREADS: Final = 8
# All waits of a run that gives up, one after the other.
WAITS: Final = [1.0, 2.0, 4.0, 8.0, 16.0, 32.0]
# The longest that one call of the database takes.
CALL_SECONDS_MAX: Final = 8.0


class Waits(threading.Event):
    """Remembers the waits, and does not wait."""

    def __init__(self) -> None:
        super().__init__()
        self.seconds: list[float] = []

    def wait(self, timeout: float | None = None) -> bool:
        self.seconds.append(timeout or 0.0)
        return self.is_set()


class Patience:
    """An endurance, and the clock that is moved by hand; jitter is the longest there is unless it is given."""

    def __init__(
        self, deadline_seconds: float = 1e9, jitter: Callable[[float, float], float] = lambda _, limit: limit
    ) -> None:
        self.now = 1_000.0
        self.waits = Waits()
        self.endurance = Endurance(deadline_seconds, stopping=self.waits, clock=lambda: self.now, jitter=jitter)

    def fail(self, *, call_seconds: float = 0.0) -> bool:
        """A call of the database fails after so long, and the wait after it passes."""
        begun = self.endurance.elapsed_seconds
        self.now += call_seconds
        waited = len(self.waits.seconds)
        goes_on = self.endurance.failed(begun)
        self.now += sum(self.waits.seconds[waited:])
        return goes_on


class Workers:
    """Threads that ask at once, each again after its wait, played one after the other on one clock."""

    def __init__(self, patience: Patience, call_seconds: float) -> None:
        self.patience = patience
        self.call_seconds = call_seconds
        self.calls = 0

    def ask(self, is_away: Callable[[float], bool], *, until: float) -> None:
        """Whoever is free next asks, until the run stops or that much time has passed."""
        patience, begun_at = self.patience, self.patience.now
        # When a call ends, whose it is, and when it was sent: the first ones end one after the other.
        answered = [
            (begun_at + self.call_seconds * (number + 1) / THREADS, number, begun_at) for number in range(THREADS)
        ]
        while answered and not patience.endurance.stopped_by:
            answered.sort()
            at, number, sent_at = answered.pop(0)
            patience.now = at
            if at - begun_at >= until:
                return
            self.calls += 1
            next_at = at
            if is_away(at - begun_at):
                waited = len(patience.waits.seconds)
                if not patience.endurance.failed(sent_at - begun_at):
                    continue
                next_at += sum(patience.waits.seconds[waited:])
            else:
                patience.endurance.succeeded()
            answered.append((next_at + self.call_seconds, number, next_at))


def test_time_is_up_at_the_deadline_and_not_before() -> None:
    patience = Patience(10)
    patience.now += 9.9
    assert patience.endurance.stopped_by is None
    patience.now += 0.1
    assert patience.endurance.stopped_by is Stop.DEADLINE


def test_who_is_told_to_end_does_not_begin_another_page() -> None:
    stopping = threading.Event()
    endurance = Endurance(10, stopping=stopping)
    before = endurance.stopped_by
    stopping.set()
    assert (before, endurance.stopped_by, endurance.gave_up) == (None, Stop.SHUTDOWN, False)


def test_waits_double_up_to_half_a_minute_and_the_row_ends_with_a_success() -> None:
    patience = Patience()
    assert [patience.fail() for _ in WAITS] == [True] * len(WAITS)
    assert patience.waits.seconds == WAITS
    assert (WAITS[0], WAITS[-1]) == (WAIT_SECONDS_FIRST, WAIT_SECONDS_MAX)
    patience.endurance.succeeded()
    assert patience.fail()
    assert patience.waits.seconds[-1] == WAIT_SECONDS_FIRST


def test_too_many_rounds_in_a_row_end_the_run_without_another_wait_and_for_good() -> None:
    patience = Patience()
    tries = [patience.fail() for _ in range(FAILED_ROUNDS_MAX)]
    assert tries == [True] * (FAILED_ROUNDS_MAX - 1) + [False]
    assert len(patience.waits.seconds) == FAILED_ROUNDS_MAX - 1
    # A call that was sent long ago is answered.
    patience.endurance.succeeded()
    assert (patience.endurance.gave_up, patience.endurance.stopped_by) == (True, Stop.OVERLOAD)


def test_what_fails_in_all_threads_at_once_is_one_round() -> None:
    patience = Patience()
    begun = patience.endurance.elapsed_seconds
    for _ in range(10 * FAILED_ROUNDS_MAX):
        assert patience.endurance.failed(begun)
    assert set(patience.waits.seconds) == {WAIT_SECONDS_FIRST}


def test_what_was_begun_in_a_round_belongs_to_it_and_what_was_begun_at_its_end_to_the_next() -> None:
    patience = Patience()
    patience.fail()
    begun = patience.endurance.elapsed_seconds
    assert begun == WAIT_SECONDS_FIRST
    # It takes its time to fail: that makes it no failure of a later round.
    patience.now += CALL_SECONDS_MAX
    patience.endurance.failed(begun - 0.1)
    patience.endurance.failed(begun)
    assert patience.waits.seconds == [1.0, 1.0, 2.0]


@pytest.mark.parametrize("call_seconds", [0.01, 5.0])
@pytest.mark.parametrize("seed", range(20))
def test_a_blip_ends_no_run_however_its_calls_fail(call_seconds: float, seed: int) -> None:
    patience = Patience(jitter=random.Random(seed).uniform)  # noqa: S311 - any waits, the same each time
    workers = Workers(patience, call_seconds)
    # Long after the last wait that it could lead to.
    workers.ask(lambda seconds: seconds < 10.0, until=10.0 + 2 * WAIT_SECONDS_MAX)
    assert patience.waits.seconds
    assert patience.endurance.stopped_by is None


@pytest.mark.parametrize("call_seconds", [0.01, CALL_SECONDS_MAX])
@pytest.mark.parametrize("seed", range(20))
def test_a_database_that_stays_away_is_given_up_within_minutes_and_after_a_bounded_number_of_calls(
    call_seconds: float, seed: int
) -> None:
    patience = Patience(jitter=random.Random(seed).uniform)  # noqa: S311 - any waits, the same each time
    workers = Workers(patience, call_seconds)
    begun = patience.now
    workers.ask(lambda _: True, until=1e9)
    assert patience.endurance.stopped_by is Stop.OVERLOAD
    # Whoever fails tries again within a wait; the next round begins with the first try after the end of the last one.
    assert sum(WAITS) <= patience.now - begun <= 2 * sum(WAITS) + FAILED_ROUNDS_MAX * 2 * CALL_SECONDS_MAX
    assert workers.calls < 10 * THREADS * FAILED_ROUNDS_MAX


def test_a_database_that_answers_now_and_then_is_not_given_up() -> None:
    patience = Patience()
    for _ in range(10 * FAILED_ROUNDS_MAX):
        assert patience.fail()
        assert patience.fail()
        patience.endurance.succeeded()


def test_it_says_why_it_is_over_and_what_concerns_the_whole_run_comes_first() -> None:
    patience = Patience(1e4)
    found = [patience.endurance.stopped_by]
    patience.now += 1e4
    found.append(patience.endurance.stopped_by)
    for _ in range(FAILED_ROUNDS_MAX):
        patience.fail()
        patience.now += WAIT_SECONDS_MAX
    found.append(patience.endurance.stopped_by)
    patience.waits.set()
    found.append(patience.endurance.stopped_by)
    patience.waits.clear()
    patience.endurance.is_closed = lambda: True
    found.append(patience.endurance.stopped_by)
    patience.endurance.is_taken_over = True
    found.append(patience.endurance.stopped_by)
    assert found == [None, Stop.DEADLINE, Stop.OVERLOAD, Stop.SHUTDOWN, Stop.RESTORING, Stop.TAKEN_OVER]

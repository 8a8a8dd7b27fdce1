"""A run ends in order: at its deadline, when it is told to, or when Firestore failed too often in a row."""

from __future__ import annotations

import threading

from streak_core.maintenance.endurance import FAILURES_IN_A_ROW_MAX, WAIT_SECONDS_MAX, Endurance, Stop


class Waits(threading.Event):
    """Remembers the waits, and does not wait."""

    def __init__(self) -> None:
        super().__init__()
        self.seconds: list[float | None] = []

    def wait(self, timeout: float | None = None) -> bool:
        self.seconds.append(timeout)
        return self.is_set()


def longest(_: float, limit: float) -> float:
    return limit


def test_time_is_up_at_the_deadline_and_not_before() -> None:
    moments = iter([0.0, 9.9, 10.0])
    endurance = Endurance(10, clock=lambda: next(moments))
    assert not endurance.is_over
    assert endurance.is_over


def test_who_is_told_to_end_does_not_begin_another_page() -> None:
    stopping = threading.Event()
    endurance = Endurance(10, stopping=stopping)
    before = endurance.is_over
    stopping.set()
    assert (before, endurance.is_over, endurance.gave_up) == (False, True, False)


def test_waits_double_up_to_half_a_minute_and_the_row_ends_with_a_success() -> None:
    stopping = Waits()
    endurance = Endurance(1e9, stopping=stopping, jitter=longest)
    for _ in range(FAILURES_IN_A_ROW_MAX - 1):
        assert endurance.failed()
    assert stopping.seconds == [1.0, 2.0, 4.0, 8.0]
    endurance.succeeded()
    assert endurance.failed()
    assert stopping.seconds[-1] == 1.0
    assert max(second or 0 for second in stopping.seconds) <= WAIT_SECONDS_MAX


def test_too_many_failures_in_a_row_end_the_run_without_another_wait() -> None:
    stopping = Waits()
    endurance = Endurance(1e9, stopping=stopping, jitter=longest)
    tries = [endurance.failed() for _ in range(FAILURES_IN_A_ROW_MAX)]
    assert tries == [True] * (FAILURES_IN_A_ROW_MAX - 1) + [False]
    assert endurance.gave_up
    assert endurance.is_over
    assert len(stopping.seconds) == FAILURES_IN_A_ROW_MAX - 1


def test_it_says_why_it_is_over_and_the_wish_of_the_platform_comes_first() -> None:
    seconds = [0.0]
    stopping = Waits()
    endurance = Endurance(10, stopping=stopping, clock=lambda: seconds[0], jitter=longest)
    found = [endurance.stopped_by]
    seconds[0] = 10
    found.append(endurance.stopped_by)
    seconds[0] = 0
    for _ in range(FAILURES_IN_A_ROW_MAX):
        endurance.failed()
    found.append(endurance.stopped_by)
    stopping.set()
    found.append(endurance.stopped_by)
    assert found == [None, Stop.DEADLINE, Stop.OVERLOAD, Stop.SHUTDOWN]

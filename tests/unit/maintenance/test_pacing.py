"""The write budget follows 500/50/5, whoever takes from it and whenever."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from streak_core.maintenance.pacing import BURST_SECONDS, NoBudget, WriteBudget, allowed_per_second


class Clock:
    """A clock that only moves when somebody waits for it."""

    def __init__(self) -> None:
        self.now = 1_000.0

    def __call__(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.now += seconds


def test_the_ramp_begins_at_500_and_grows_by_half_every_five_minutes() -> None:
    assert [allowed_per_second(seconds) for seconds in (-1, 0, 299.9, 300, 600, 899)] == [
        500,
        500,
        500,
        750,
        1125,
        1125,
    ]
    assert allowed_per_second(300, share=1 / 64) == 750 / 64


def test_batches_are_sent_no_faster_than_allowed() -> None:
    clock = Clock()
    budget = WriteBudget(clock=clock, sleep=clock.sleep)
    begun = clock.now
    for _ in range(100):
        budget.take(400)
    assert clock.now - begun >= 99 * 400 / 500 - BURST_SECONDS
    assert budget.take(1) > 0


@given(
    st.lists(st.tuples(st.integers(1, 600), st.floats(0, 400)), min_size=1, max_size=60), st.sampled_from([1, 1 / 64])
)
def test_no_stretch_of_time_ever_sees_more_than_the_ramp_allows(takes: list[tuple[int, float]], share: float) -> None:
    clock = Clock()
    budget = WriteBudget(share=share, clock=clock, sleep=clock.sleep)
    begun, sent = clock.now, []
    for operations, idle in takes:
        clock.sleep(idle)
        budget.take(operations)
        sent.append((clock.now, operations))
    for number, (start, _) in enumerate(sent):
        for end, _ in sent[number:]:
            # What is sent at `end` may go on after it; everything before had to fit.
            within = sum(operations for moment, operations in sent[number:] if moment < end)
            fastest = allowed_per_second(end - begun, share)
            assert within <= fastest * (end - start + BURST_SECONDS) + 1e-6


def test_without_pacing_nobody_waits() -> None:
    clock = Clock()
    assert NoBudget(clock=clock, sleep=clock.sleep).take(10**9) == 0
    assert clock.now == 1_000.0

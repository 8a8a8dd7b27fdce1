"""The write budget follows 500/50/5, whoever takes from it and whenever."""

from __future__ import annotations

import math
from datetime import UTC, datetime, timedelta
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from streak_core.maintenance.pacing import (
    BURST_SECONDS,
    GROWTH_EVERY_SECONDS,
    WRITTEN_PER_SECOND_MAX,
    NoBudget,
    WriteBudget,
    Written,
    allowed_per_second,
    left_pace,
    warm_per_second,
)
from streak_core.store.paces import Pace

NOW: Final = datetime(2026, 3, 3, 18, tzinfo=UTC)
SHARES: Final = st.sampled_from([1.0, 1 / 64])
FIVE_MINUTES: Final = timedelta(seconds=GROWTH_EVERY_SECONDS)


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


def pace(written_per_second: float, until: datetime = NOW) -> Pace:
    return Pace(written_per_second=written_per_second, until=until)


def written_late_in(seconds: float, share: float, warm: float, part: float) -> float:
    """What a run wrote a second in its last five minutes, that used this part of what it was allowed throughout."""
    begin, whole = max(0, math.floor(seconds) - int(GROWTH_EVERY_SECONDS)), math.floor(seconds)
    return part * sum(allowed_per_second(second, share, warm) for second in range(begin, whole)) / GROWTH_EVERY_SECONDS


def test_who_begins_soon_begins_with_what_was_written_and_grows_from_there() -> None:
    warm = warm_per_second(pace(2_000), NOW + FIVE_MINUTES)
    assert [allowed_per_second(seconds, warm=warm) for seconds in (0, 299.9, 300, 600)] == [2_000, 2_000, 3_000, 4_500]
    assert warm_per_second(pace(2_000 / 64), NOW, share=1 / 64) == 2_000 / 64


@pytest.mark.parametrize(
    ("written", "later"),
    [
        # A moment more than five minutes, and a clock that went backwards.
        (2_000, FIVE_MINUTES + timedelta(microseconds=1)),
        (2_000, timedelta(microseconds=-1)),
        # No more than anybody may begin with, and no number that a run leaves.
        (500, timedelta()),
        (0, timedelta()),
        (-2_000, timedelta()),
        (math.nan, timedelta()),
        (math.inf, timedelta()),
        (WRITTEN_PER_SECOND_MAX + 1, timedelta()),
    ],
)
def test_what_is_old_to_come_little_or_absurd_makes_a_cold_start(written: float, later: timedelta) -> None:
    warm = warm_per_second(pace(written), NOW + later)
    assert (warm, allowed_per_second(0, warm=warm)) == (0, 500)
    assert warm_per_second(pace(WRITTEN_PER_SECOND_MAX), NOW) == WRITTEN_PER_SECOND_MAX


def test_a_task_of_a_shard_has_its_part_of_every_bound() -> None:
    share = 1 / 64
    for written in (500 * share, WRITTEN_PER_SECOND_MAX * share + 1):
        assert warm_per_second(pace(written), NOW, share) == 0
    assert warm_per_second(None, NOW, share) == 0


@given(
    written=st.floats(allow_nan=True, allow_infinity=True),
    age=st.timedeltas(timedelta(days=-1000), timedelta(days=1000)),
    share=SHARES,
)
def test_whatever_is_kept_nobody_begins_below_a_cold_start_or_with_more_than_was_written(
    written: float, age: timedelta, share: float
) -> None:
    first = allowed_per_second(0, share, warm_per_second(pace(written), NOW + age, share))
    assert 500 * share <= first <= WRITTEN_PER_SECOND_MAX * share
    assert first in (500 * share, written)


@given(
    runs=st.lists(st.tuples(st.floats(0, 900), st.floats(0, 2_000), st.floats(0, 1)), min_size=1, max_size=12),
    share=SHARES,
)
def test_runs_one_after_the_other_never_write_faster_than_one_that_simply_goes_on(
    runs: list[tuple[float, float, float]], share: float
) -> None:
    # That one begins with the first of them.
    elapsed, found = -runs[0][0], None
    for gap, seconds, part in runs:
        elapsed += gap
        warm = warm_per_second(found, NOW + timedelta(seconds=elapsed), share)
        elapsed += seconds
        for before in (seconds, 0.0):
            that_goes_on = allowed_per_second(elapsed - before + 1e-5, share)
            assert allowed_per_second(seconds - before, share, warm) <= that_goes_on * (1 + 1e-9)
        now = NOW + timedelta(seconds=elapsed)
        found = left_pace(found, pace(written_late_in(seconds, share, warm, part), now), now, share)


@given(part=st.floats(0, 0.6), seconds=st.floats(0, 599), share=SHARES)
def test_a_run_that_wrote_little_leaves_nothing_warm(part: float, seconds: float, share: float) -> None:
    assert left_pace(None, pace(written_late_in(seconds, share, 0.0, part)), NOW, share) is None


def test_a_run_of_a_moment_leaves_what_it_found_which_ages_as_before() -> None:
    found, little, much = pace(2_000, NOW - FIVE_MINUTES), pace(40), pace(2_500)
    assert left_pace(found, little, NOW) == found
    assert left_pace(found, much, NOW) == much
    assert left_pace(found, little, NOW + timedelta(seconds=1)) is None


def test_what_was_written_is_the_mean_of_five_minutes_and_forgotten_after_them() -> None:
    written = Written()
    assert written.per_second(0.0) == 0
    for second in range(1_000):
        written.add(second, 600)
    assert written.per_second(999.5) == 600
    assert written.per_second(999.5 + 150) == 300
    assert written.per_second(999.5 + 300) == 0


def test_a_burst_of_a_few_seconds_warms_nothing_up() -> None:
    written = Written()
    for _ in range(10):
        written.add(7.5, 5_000)
    assert written.per_second(10.0) == 10 * 5_000 / 300
    # A thread that was a moment behind is counted all the same.
    written.add(6.9, 3_000)
    assert written.per_second(10.0) == 53_000 / 300


def test_a_budget_that_is_warmed_up_begins_its_ramp_anew_unless_it_has_come_further() -> None:
    clock = Clock()
    budget = WriteBudget(clock=clock, sleep=clock.sleep)
    clock.sleep(299)
    budget.warm_up(2_000)
    assert [budget.allowed_at(clock.now + seconds) for seconds in (0, 299, 300)] == [2_000, 2_000, 3_000]
    clock.sleep(600)
    budget.warm_up(2_500)
    assert budget.allowed_at(clock.now) == 4_500


def test_without_pacing_nobody_waits() -> None:
    clock = Clock()
    assert NoBudget(clock=clock, sleep=clock.sleep).take(10**9) == 0
    assert clock.now == 1_000.0

"""A budget that outlives its run: what it begins with, what it leaves, and that no run fails for it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from streak_core.domain.errors import DatabaseUnavailable
from streak_core.maintenance.kept_budget import LOOK_SECONDS, KeptBudget
from streak_core.maintenance.pacing import allowed_per_second
from streak_core.store.failures import StoreOverloaded
from streak_core.store.paces import HELD, Pace, PaceStore, StoredPace
from tests.support.thoroughness import examples

BEGUN: Final = datetime(2026, 3, 3, 18, tzinfo=UTC)


class Paces(PaceStore):
    """Paces in memory, as the store has them; all of it may be away."""

    def __init__(self) -> None:
        self.kept: dict[str, StoredPace] = {}
        self.takes, self.keeps = 0, 0
        self.fails: Exception | None = None

    def take(self, worker: str, since: datetime, wall: datetime) -> Pace | None:
        self.takes += 1
        if self.fails:
            raise self.fails
        found = self.kept.get(worker)
        if found is None or found.held_until > wall or found.until < since:
            return None
        own = Pace(written_per_second=found.written_per_second, until=found.until)
        self.keep(worker, own, wall + HELD)
        return own

    def keep(self, worker: str, pace: Pace, held_until: datetime) -> None:
        self.keeps += 1
        if self.fails:
            raise self.fails
        self.kept[worker] = StoredPace(
            written_per_second=pace.written_per_second, until=pace.until, held_until=held_until
        )


@dataclass
class Machine:
    """A clock that moves when somebody waits, and runs that write as fast as they may."""

    paces: Paces = field(default_factory=Paces)
    seconds: float = 0.0

    def clock(self) -> float:
        return self.seconds

    def sleep(self, seconds: float) -> None:
        self.seconds += seconds

    def wall(self) -> datetime:
        return BEGUN + timedelta(seconds=self.seconds)

    def budget(self, worker: str = "reminders", share: float = 1.0) -> KeptBudget:
        return KeptBudget(
            share=share, clock=self.clock, sleep=self.sleep, paces=self.paces, worker=worker, wall=self.wall
        )

    def write(self, budget: KeptBudget, seconds: float, batch: int = 400) -> None:
        """For about so many seconds."""
        end = self.seconds + seconds
        while self.seconds < end:
            budget.take(batch)
            budget.wrote(batch)

    def rate(self, budget: KeptBudget) -> float:
        """What it would be allowed, once it has looked."""
        budget.take(1)
        return budget.allowed_at(self.seconds)


def test_a_run_soon_after_begins_with_what_was_written_and_an_hour_later_cold() -> None:
    one = Machine()
    first = one.budget()
    one.write(first, 900)
    first.end()
    one.sleep(60)
    second = one.budget()
    # The last five minutes were the third step of the ramp.
    assert one.rate(second) == pytest.approx(1_125, rel=0.01)
    second.end()
    one.sleep(3_600)
    assert one.rate(one.budget()) == 500


def test_it_leaves_what_was_written_and_not_what_was_allowed() -> None:
    one = Machine()
    first = one.budget()
    for _ in range(1_500):
        # The instance, or the queue of notices, takes no more.
        one.sleep(1)
        first.take(700)
        first.wrote(700)
    assert first.allowed_at(one.seconds) > 3_000
    first.end()
    assert one.rate(one.budget()) == pytest.approx(700, rel=0.01)


def test_kinds_of_runs_and_shards_know_nothing_of_each_other() -> None:
    one = Machine()
    for worker, share in (("reminders", 1.0), ("reminders.07", 1 / 64)):
        budget = one.budget(worker, share)
        one.write(budget, 900, batch=max(2, round(400 * share)))
        budget.end()
    assert one.rate(one.budget("maintenance")) == 500
    assert one.rate(one.budget("reminders.08", 1 / 64)) == 500 / 64
    assert one.rate(one.budget("reminders.07", 1 / 64)) == pytest.approx(1_125 / 64, rel=0.05)


def test_who_writes_nothing_asks_nothing_and_who_writes_little_keeps_nothing() -> None:
    one = Machine()
    idle = one.budget()
    idle.end()
    assert (one.paces.takes, one.paces.keeps) == (0, 0)
    small = one.budget()
    one.write(small, 20)
    small.end()
    assert (one.paces.takes, one.paces.keeps) == (1, 0)


def test_a_run_of_a_moment_between_two_large_ones_does_not_cool_them_down() -> None:
    one = Machine()
    first = one.budget()
    one.write(first, 900)
    first.end()
    moment = one.budget()
    one.write(moment, 1)
    moment.end()
    last = one.budget()
    assert one.rate(last) == pytest.approx(1_125, rel=0.01)
    # By itself it would leave nothing.
    one.sleep(301)
    last.end()
    assert one.rate(one.budget()) == 500


def test_a_killed_run_leaves_what_it_wrote_until_a_moment_before_once_it_is_surely_dead() -> None:
    one = Machine()
    one.write(one.budget(), 900)
    assert one.paces.kept["reminders"].until >= one.wall() - timedelta(seconds=2 * LOOK_SECONDS)
    assert one.rate(one.budget()) == 500
    one.sleep(HELD.total_seconds())
    assert one.rate(one.budget()) == pytest.approx(1_125, rel=0.1)


def test_a_run_killed_at_once_leaves_what_it_had_found() -> None:
    one = Machine()
    first = one.budget()
    one.write(first, 900)
    first.end()
    one.write(one.budget(), 40)
    one.sleep(HELD.total_seconds())
    assert one.rate(one.budget()) == pytest.approx(1_125, rel=0.01)


def test_of_two_that_begin_at_once_one_is_warm_and_the_other_gets_what_it_leaves() -> None:
    one = Machine()
    first = one.budget()
    one.write(first, 900)
    first.end()
    second, third = one.budget(), one.budget()
    assert one.rate(second) == pytest.approx(1_125, rel=0.01)
    assert one.rate(third) == 500
    one.write(second, 60)
    second.end()
    # It looks again by itself, and begins anew from there.
    one.sleep(LOOK_SECONDS)
    assert one.rate(third) == pytest.approx(1_125, rel=0.01)


@pytest.mark.parametrize("error", [DatabaseUnavailable(), StoreOverloaded("busy")])
def test_where_paces_are_away_a_run_begins_cold_and_goes_on(error: Exception) -> None:
    one = Machine()
    one.paces.fails = error
    budget = one.budget()
    one.write(budget, 900)
    budget.end()
    assert budget.allowed_at(one.seconds) == pytest.approx(500 * 1.5**3)
    assert one.paces.kept == {}
    # What it finds when they are back it takes, and what it could not keep nobody finds.
    one.paces.fails = None
    assert one.rate(one.budget()) == 500


@examples(100)
@given(
    runs=st.lists(
        st.tuples(st.floats(0, 400), st.floats(1, 900), st.booleans(), st.sampled_from([400, 2_000])),
        min_size=1,
        max_size=4,
    ),
    share=st.sampled_from([1.0, 1 / 64]),
)
def test_runs_killed_or_not_are_never_allowed_more_than_one_that_goes_on(
    runs: list[tuple[float, float, bool, int]], share: float
) -> None:
    one = Machine()
    for gap, seconds, is_killed, batch in runs:
        one.sleep(gap if one.seconds else 0)
        budget = one.budget(share=share)
        for _ in range(int(seconds // 20)):
            one.write(budget, 15, batch)
            one.sleep(5)
            assert budget.allowed_at(one.seconds) <= allowed_per_second(one.seconds + 1e-6, share) * (1 + 1e-9)
        if not is_killed:
            budget.end()

"""What is advised, and that its words say what the figures do."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from streak_core.config.maintenance import MaintenanceRules
from streak_core.store.sharding import SHARDS
from tests.unit.tools.simulate.studies import people, study
from tools.simulate.advice import (
    TWO_DIGIT_SIZES,
    advise,
    index_writes_per_second,
    largest,
    limit_of,
    ramp_users_per_second,
    shards_needed,
    shards_suffice_until,
)
from tools.simulate.day import Verdict
from tools.simulate.plan import Assumptions

SHIPPED = study()
# One call settles a thousand users: 100 a second for 10 seconds.
TIGHT = Assumptions(users_per_second_instance=100, headroom=1, rules=MaintenanceRules(deadline_seconds=10))
ONE_ZONE = people(UTC=1)


@given(limit=st.integers(1, 10**10))
def test_the_largest_size_is_found(limit: int) -> None:
    assert largest(lambda users: users <= limit) == limit


@given(limit=st.integers(1, 10**10))
def test_of_two_digit_sizes_the_largest_is_the_limit_rounded_down(limit: int) -> None:
    step = 10 ** max(0, len(str(limit)) - 2)
    assert largest(lambda users: users <= limit, TWO_DIGIT_SIZES) == limit // step * step


@pytest.mark.parametrize("sizes", [range(1, 10**11 + 1), TWO_DIGIT_SIZES])
def test_no_size_and_every_size_are_told_apart(sizes: Sequence[int]) -> None:
    assert largest(lambda _: False, sizes) == 0
    assert largest(lambda _: True, sizes) is None


@pytest.mark.parametrize("fan_out", [False, True])
@pytest.mark.parametrize("name", ["daily", "hourly"])
def test_a_limit_is_where_the_verdict_turns(name: str, fan_out: bool) -> None:
    schedule = SHIPPED.daily if name == "daily" else SHIPPED.hourly
    end = limit_of(SHIPPED, schedule, Verdict.IN_TIME, fan_out=fan_out)
    assert end is not None
    assert SHIPPED.day(end, schedule, fan_out=fan_out).verdict is Verdict.IN_TIME
    after = TWO_DIGIT_SIZES[TWO_DIGIT_SIZES.index(end) + 1]
    assert SHIPPED.day(after, schedule, fan_out=fan_out).verdict is not Verdict.IN_TIME


def test_fan_out_is_advised_when_a_call_would_reach_its_deadline_and_not_before() -> None:
    tight = study(TIGHT, ONE_ZONE)
    # 3 % of 30 000 are 900 users, of 50 000 they are 1500.
    assert not advise(tight, 30_000).fan_out
    assert advise(tight, 50_000).fan_out
    assert advise(tight, 50_000).verdict is Verdict.IN_TIME


def test_headroom_makes_advice_earlier() -> None:
    twice = study(replace(TIGHT, headroom=2), ONE_ZONE)
    assert advise(twice, 30_000).fan_out
    assert not advise(twice, 15_000).fan_out


def test_fan_out_is_not_advised_where_it_makes_nothing_better() -> None:
    # Whatever the pace, the index takes no more.
    advice = advise(SHIPPED, 10**11)
    assert advice.verdict is Verdict.FALLS_BEHIND
    assert not advice.fan_out


def test_hourly_runs_are_advised_where_a_daily_call_ends_too_late() -> None:
    advice = advise(SHIPPED, 100_000_000)
    assert SHIPPED.day(100_000_000, SHIPPED.daily).verdict is Verdict.FALLS_BEHIND
    assert advice.schedule == SHIPPED.hourly


def test_hourly_runs_are_not_advised_where_they_cost_much_more() -> None:
    dear = SHIPPED.prices.model_copy(
        update={"compute": SHIPPED.prices.compute.model_copy(update={"requests_per_million": 1e6})}
    )
    advice = advise(replace(SHIPPED, prices=dear), 1_000_000)
    assert advice.hourly_extra_dollars > 1
    assert advice.schedule == SHIPPED.daily


@pytest.mark.parametrize(
    ("users", "shards"),
    [
        # Nobody else writes: the job alone, at 500 writes a second for two a user.
        (1000, 1),
        # 40 % of 54 million in a day, three times as often at worst: 750 writes a second, and the job's 420.
        (54_000_000, 4),
    ],
)
def test_shards_by_hand(users: int, shards: int) -> None:
    assert shards_needed(SHIPPED, users, SHIPPED.hourly, fan_out=False) == shards


def test_clients_write_the_index_too() -> None:
    idle = study(Assumptions(due_share=0))
    writes = index_writes_per_second(idle, 54_000_000, idle.hourly, fan_out=False)
    assert writes == pytest.approx(54_000_000 * 0.4 / 86_400 * 3)


def test_the_shipped_number_of_shards_suffices_as_far_as_is_said() -> None:
    end = shards_suffice_until(SHIPPED, SHIPPED.hourly)
    assert end is not None
    assert shards_needed(SHIPPED, end, SHIPPED.hourly, fan_out=False) == SHARDS
    assert shards_needed(SHIPPED, end + 1, SHIPPED.hourly, fan_out=False) > SHARDS


def test_the_ramp_just_before_a_deadline_of_twenty_five_minutes_is_its_fifth_step() -> None:
    own = study(Assumptions(rules=MaintenanceRules(deadline_seconds=1500)))
    assert ramp_users_per_second(own) == pytest.approx(500 * 1.5**4 / 2)


def test_where_nobody_is_ever_due_fan_out_gains_nothing_and_nothing_has_a_limit() -> None:
    idle = study(Assumptions(due_share=0))
    assert not advise(idle, 10**9).fan_out
    assert limit_of(idle, idle.hourly, Verdict.IN_TIME, fan_out=False) is None


def test_fan_out_is_not_advised_to_a_single_place_for_64_tasks() -> None:
    """Each of them has a sixty-fourth of the budget."""
    assert not advise(study(Assumptions(max_instances=1)), 100_000_000).fan_out


@pytest.mark.parametrize(("users", "shards"), [(1_000_000, 1), (10**10, 512)])
def test_more_shards_are_advised_where_those_shipped_are_too_few(users: int, shards: int) -> None:
    assert advise(SHIPPED, users).shards_needed == shards


@given(
    due_share=st.floats(0, 1),
    speed=st.floats(1, 1e5),
    instances=st.integers(1, 200),
    headroom=st.floats(0.5, 5),
    users=st.integers(1, 10**9),
)
def test_there_is_advice_for_every_assumption(
    due_share: float, speed: float, instances: int, headroom: float, users: int
) -> None:
    own = study(
        Assumptions(due_share=due_share, users_per_second_instance=speed, max_instances=instances, headroom=headroom),
        ONE_ZONE,
    )
    advice = advise(own, users)
    assert advice.schedule in {own.daily, own.hourly}
    assert advice.shards_needed >= 1

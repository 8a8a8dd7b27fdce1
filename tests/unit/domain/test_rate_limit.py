"""How often one user is served: a window that slides, and a wait that is exact."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from streak_core.domain.actor import Actor, ActorKind
from streak_core.domain.commands import RecordActivity, ResetStreak, UnplanFreeze
from streak_core.domain.decision import decide
from streak_core.domain.model import RateUsage
from streak_core.domain.policy import LimitRules
from streak_core.domain.rate_limit import count_command, quota_left, seconds_to_wait
from streak_core.domain.refusals import RateLimited, TooManyActivities
from streak_core.domain.rules import always
from streak_core.domain.state import user_state
from tests.support.shipped_policy import POLICY

START = datetime(2026, 3, 2, 9, tzinfo=UTC)
RULES = LimitRules(commands_max=5, window_seconds=60, activities_per_day_max=3)

gaps = st.lists(st.integers(0, 90), min_size=1, max_size=60)


@given(gaps)
def test_no_fixed_window_takes_more_than_is_allowed_and_no_other_one_twice_that(seconds: list[int]) -> None:
    accepted, usage, at = [], RateUsage(), START
    for gap in seconds:
        at += timedelta(seconds=gap)
        if not seconds_to_wait(usage, at, RULES):
            usage = count_command(usage, at, RULES)
            accepted.append(at)
    for first in accepted:
        within = [one for one in accepted if first <= one < first + timedelta(seconds=RULES.window_seconds)]
        assert len(within) < 2 * RULES.commands_max
        aligned = [one for one in accepted if one.replace(second=0) == first.replace(second=0)]
        assert len(aligned) <= RULES.commands_max


@given(gaps)
def test_a_wait_is_enough_and_not_a_second_too_long(seconds: list[int]) -> None:
    usage, at = RateUsage(), START
    for gap in seconds:
        at += timedelta(seconds=gap)
        wait = seconds_to_wait(usage, at, RULES)
        assert 0 <= wait <= 2 * RULES.window_seconds
        if wait:
            assert seconds_to_wait(usage, at + timedelta(seconds=wait - 1), RULES)
            at += timedelta(seconds=wait)
        assert not seconds_to_wait(usage, at, RULES)
        usage = count_command(usage, at, RULES)


@given(gaps)
def test_what_is_said_to_be_left_is_accepted_and_one_more_only_when_it_is_said(seconds: list[int]) -> None:
    usage, at = RateUsage(), START
    for gap in seconds:
        at += timedelta(seconds=gap)
        left = quota_left(usage, at, RULES)
        assert (left.commands_max, left.window_seconds) == (RULES.commands_max, RULES.window_seconds)
        taken = usage
        for _ in range(left.remaining):
            assert not seconds_to_wait(taken, at, RULES)
            taken = count_command(taken, at, RULES)
        assert seconds_to_wait(taken, at, RULES) == left.more_after_seconds > 0
        if left.remaining:
            usage = count_command(usage, at, RULES)


def test_all_is_left_to_who_has_asked_for_nothing() -> None:
    assert quota_left(RateUsage(), START, RULES).remaining == RULES.commands_max


def test_who_has_paused_for_a_window_starts_anew() -> None:
    usage = RateUsage()
    for _ in range(RULES.commands_max):
        usage = count_command(usage, START, RULES)
    assert seconds_to_wait(usage, START, RULES) > 0
    assert seconds_to_wait(usage, START + timedelta(seconds=2 * RULES.window_seconds), RULES) == 0
    assert count_command(usage, START + timedelta(days=1), RULES).accepted_before == 0


@pytest.mark.parametrize("window_seconds", [1, 59, 61, 600, 86_400])
def test_when_the_policy_has_another_window_everybody_starts_anew_in_it(window_seconds: int) -> None:
    usage = RateUsage()
    for _ in range(RULES.commands_max):
        usage = count_command(usage, START, RULES)
    changed = RULES.model_copy(update={"window_seconds": window_seconds})
    assert seconds_to_wait(usage, START, RULES) > 0
    assert seconds_to_wait(usage, START, changed) == 0
    for _ in range(RULES.commands_max):
        usage = count_command(usage, START, changed)
    assert 0 < seconds_to_wait(usage, START, changed) <= 2 * window_seconds


def test_a_command_above_the_limit_is_refused_and_the_last_one_below_it_is_not() -> None:
    policy = POLICY.model_copy(
        update={"limits": LimitRules(commands_max=4, window_seconds=60, activities_per_day_max=9)}
    )
    streak = None
    for number in range(4):
        streak = decide(user_state(streak, None, always(policy), START), check_in(number), {}).streak
    with pytest.raises(RateLimited) as refused:
        decide(user_state(streak, None, always(policy), START), check_in(4), {})
    left = refused.value.quota
    assert (left.remaining, left.more_after_seconds) == (0, refused.value.retry_after_seconds)
    later = START + timedelta(seconds=refused.value.retry_after_seconds)
    assert decide(user_state(streak, None, always(policy), later), check_in(4), {}).streak.seq == 5
    with pytest.raises(RateLimited):
        decide(user_state(streak, None, always(policy), later - timedelta(seconds=1)), check_in(4), {})


def test_a_decision_says_what_is_left_where_it_was_counted_and_only_there() -> None:
    state = user_state(None, None, always(POLICY), START)
    first = decide(state, check_in(0), {})
    assert first.quota is not None
    assert first.quota.remaining == POLICY.limits.commands_max - 1
    after = user_state(first.streak, None, always(POLICY), START)
    assert decide(after, ResetStreak(), {}, actor=Actor(kind=ActorKind.ADMIN, id="ops")).quota is None
    assert decide(after, UnplanFreeze(day=START.date()), {}).quota is None
    noted = decide(after, UnplanFreeze(day=START.date()), {}, key="a")
    assert noted.quota is not None
    assert noted.quota.remaining == POLICY.limits.commands_max - 2


def test_a_day_takes_so_many_activities_and_another_day_still_takes_some() -> None:
    policy = POLICY.model_copy(update={"limits": RULES.model_copy(update={"commands_max": 99})})
    streak = None
    for number in range(3):
        streak = decide(user_state(streak, None, always(policy), START), check_in(number), {}).streak
    with pytest.raises(TooManyActivities):
        decide(user_state(streak, None, always(policy), START), check_in(3), {})
    yesterday = RecordActivity(
        activity_id="y", activity_type="check_in", metadata={}, occurred_at=START - timedelta(days=1)
    )
    assert decide(user_state(streak, None, always(policy), START), yesterday, {}).streak.activities == 4
    assert (
        decide(user_state(streak, None, always(policy), START + timedelta(days=1)), check_in(3), {}).streak.activities
        == 4
    )


def check_in(number: int) -> RecordActivity:
    return RecordActivity(activity_id=str(number), activity_type="check_in", metadata={})

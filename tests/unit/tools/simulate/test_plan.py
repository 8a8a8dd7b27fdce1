"""One planned run: its load by hand, and its time under the ramp, an instance, the index and a deadline."""

from __future__ import annotations

import math
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from streak_core.config.maintenance import BATCH_USERS_MAX, PAGE_USERS_MAX, MaintenanceRules
from streak_core.maintenance.pacing import WriteBudget
from streak_core.store.sharding import SHARDS
from tools.simulate.plan import (
    INDEX_WRITES_PER_SECOND,
    RUN_READS,
    RUN_WRITES,
    START_SECONDS,
    TASK_READS,
    TASK_WRITES,
    Assumptions,
    Limit,
    Load,
    load_of,
    operations_within,
    plan_run,
    seconds_for,
    shard_load,
    written_late,
)

RULES = MaintenanceRules(page_users=300, batch_users=200, threads=8, deadline_seconds=1500)
PLAIN = Assumptions(rules=RULES)
HOUR = 3600.0
DAY = 24 * HOUR
FAST = replace(PLAIN, users_per_second_instance=1e6)

users = st.integers(0, 10**8)
operations = st.floats(0, 1e9)
shares = st.sampled_from([1.0, 1 / 64])
limits = st.one_of(st.just(math.inf), st.floats(1, 1e5))


def test_pages_and_commits_are_the_jobs_own() -> None:
    assert Assumptions().rules == MaintenanceRules()
    assert (MaintenanceRules().page_users, MaintenanceRules().batch_users) == (PAGE_USERS_MAX, BATCH_USERS_MAX)


@pytest.mark.parametrize(
    ("due", "load"),
    [
        # Nobody: one query that finds nothing is billed as a read.
        (0, Load(users=0, pages=1, commits=0, reads=1, writes=0)),
        (1, Load(users=1, pages=1, commits=1, reads=1, writes=2 + 1)),
        (200, Load(users=200, pages=1, commits=1, reads=200, writes=400 + 1)),
        (201, Load(users=201, pages=1, commits=2, reads=201, writes=402 + 2)),
        # A full page is two commits, of 200 and of 100; only the next page tells that it was the last.
        (300, Load(users=300, pages=2, commits=2, reads=301, writes=600 + 2)),
        (650, Load(users=650, pages=3, commits=5, reads=650, writes=1300 + 5)),
    ],
)
def test_the_load_of_a_shard(due: int, load: Load) -> None:
    assert shard_load(due, PLAIN) == load


def test_thirty_due_users_are_in_thirty_shards_and_the_others_are_asked_in_vain() -> None:
    assert load_of(30, PLAIN) == Load(users=30, pages=64, commits=30, reads=30 + 34, writes=60 + 30)


def test_an_even_load_is_that_of_a_shard_times_the_shards() -> None:
    assert load_of(650 * SHARDS, PLAIN) == shard_load(650, PLAIN).times(SHARDS)


@given(users)
def test_everybody_is_counted_once_and_read_at_least_once(due: int) -> None:
    load = load_of(due, PLAIN)
    assert load.users == due
    assert due <= load.reads <= due + SHARDS
    assert load.writes == 2 * due + load.commits
    assert due / RULES.batch_users <= load.commits <= due


@pytest.mark.parametrize(
    ("count", "seconds"),
    [
        (0, 0),
        (500, 1),
        (150_000, 300),
        (150_000 + 750, 301),
        (150_000 + 225_000, 600),
        (150_000 + 225_000 + 1125, 601),
    ],
)
def test_the_ramp_starts_at_five_hundred_and_grows_by_half_every_five_minutes(count: int, seconds: float) -> None:
    assert seconds_for(count) == pytest.approx(seconds)
    assert operations_within(seconds) == pytest.approx(count)


def test_a_sixty_fourth_of_the_ramp_takes_as_long_for_a_sixty_fourth_of_the_work() -> None:
    assert seconds_for(1_000_000 / 64, 1 / 64) == pytest.approx(seconds_for(1_000_000))


def test_a_fixed_limit_below_the_ramp_is_all_that_counts() -> None:
    assert seconds_for(100_000, per_second_max=100) == pytest.approx(1000)
    assert operations_within(1000, per_second_max=100) == pytest.approx(100_000)


def test_a_fixed_limit_holds_from_where_the_ramp_reaches_it() -> None:
    assert seconds_for(150_000 + 600 * 100, per_second_max=600) == pytest.approx(400)


def test_the_plan_takes_as_long_as_the_jobs_own_budget() -> None:
    moment = [0.0]

    def sleep(seconds: float) -> None:
        moment[0] += seconds

    budget = WriteBudget(clock=lambda: moment[0], sleep=sleep)
    for _ in range(4_000):
        budget.take(100)
    # What was handed out last is still to be written.
    assert moment[0] == pytest.approx(seconds_for(400_000), abs=2)


@given(count=operations, share=shares, limit=limits)
def test_what_fits_into_a_time_takes_that_time(count: float, share: float, limit: float) -> None:
    seconds = min(seconds_for(count, share, limit), 1e4)
    assert seconds_for(operations_within(seconds, share, limit), share, limit) == pytest.approx(seconds, abs=1e-3)


@given(count=operations, more=operations, share=shares, limit=limits)
def test_more_operations_never_take_less_time(count: float, more: float, share: float, limit: float) -> None:
    assert seconds_for(count + more, share, limit) >= seconds_for(count, share, limit)


@given(count=operations, limit=st.floats(1, 1e5))
def test_a_limit_never_makes_it_faster(count: float, limit: float) -> None:
    assert seconds_for(count, per_second_max=limit) >= seconds_for(count) * (1 - 1e-12)


def test_a_small_run_by_hand() -> None:
    run = plan_run(30, DAY, PLAIN, fan_out=False)
    assert (run.done, run.left, run.tasks, run.requests) == (30, 0, 0, 1)
    assert run.seconds == pytest.approx(90 / 500)
    assert run.instance_seconds == pytest.approx(90 / 500 + START_SECONDS)
    assert (run.load.reads, run.load.writes) == (64 + RUN_READS, 90 + RUN_WRITES)
    assert (run.writes_per_second, run.allowed_per_second, run.limit) == (500, 500, Limit.RAMP)


def test_a_run_that_nobody_waits_for_writes_only_about_itself() -> None:
    run = plan_run(0, HOUR, PLAIN, fan_out=False)
    assert (run.done, run.left, run.seconds, run.writes_per_second) == (0, 0, 0, 0)
    assert (run.load.reads, run.load.writes) == (SHARDS + RUN_READS, RUN_WRITES)


def test_a_call_that_reaches_its_deadline_leaves_the_rest_due() -> None:
    short = replace(FAST, rules=replace(RULES, deadline_seconds=300))
    backlog = 150 * SHARDS * 20
    run = plan_run(backlog, DAY, short, fan_out=False)
    assert run.seconds == 300
    # 150 000 writes at two a user and one for each 150 users: a full page is two commits.
    assert run.done == pytest.approx(150_000 / (2 + 1 / 150), rel=1e-3)
    assert run.left == backlog - run.done > 0


def test_a_task_that_reaches_its_deadline_is_delivered_again_and_begins_with_what_it_wrote() -> None:
    short = replace(FAST, rules=replace(RULES, deadline_seconds=600))
    writes = (2 * 6000 + 40) * SHARDS
    run = plan_run(6000 * SHARDS, DAY, short, fan_out=True)
    # Its second five minutes were at 750 a second, and so are the first of the next call; from then on it is half more.
    assert run.seconds == pytest.approx(900 + (writes - 150_000 - 2 * 225_000) / 1_125)
    assert run.allowed_per_second == pytest.approx(1_125)
    assert (run.left, run.requests) == (0, 2 * SHARDS + 1)


def test_a_task_that_ends_within_its_first_five_minutes_is_delivered_again_from_a_cold_start() -> None:
    short = replace(FAST, rules=replace(RULES, deadline_seconds=300))
    backlog = 300 * SHARDS * 5
    run = plan_run(backlog, DAY, short, fan_out=True)
    writes = (2 * 1500 + 10) * SHARDS
    assert run.left == 0
    assert run.seconds == pytest.approx(300 + (writes - 150_000) / 500)
    assert (run.tasks, run.requests) == (SHARDS, 2 * SHARDS + 1)
    assert run.load.reads == 1501 * SHARDS + RUN_READS + TASK_READS * 2 * SHARDS
    assert run.load.writes == writes + RUN_WRITES + TASK_WRITES * 2 * SHARDS
    assert run.instance_seconds == pytest.approx((run.seconds + START_SECONDS) * SHARDS)


@pytest.mark.parametrize(
    ("gap_seconds", "is_warm"), [(0, True), (300, True), (301, False)], ids=["at once", "soon", "too late"]
)
@pytest.mark.parametrize("fan_out", [False, True])
def test_the_next_run_begins_with_what_the_one_before_wrote(gap_seconds: float, is_warm: bool, fan_out: bool) -> None:
    before = plan_run(7_000 * SHARDS, DAY, FAST, fan_out=fan_out)
    assert 900 < before.seconds < 1_200
    assert before.pace
    wrote = before.pace.written_per_second * (SHARDS if fan_out else 1)
    assert 1_125 < wrote < before.allowed_per_second
    at = before.pace.until + timedelta(seconds=gap_seconds)
    run = plan_run(7_000, DAY, FAST, fan_out=fan_out, at=at, found=before.pace)
    assert run.allowed_per_second == pytest.approx(wrote if is_warm else 500)
    assert run.seconds == pytest.approx(run.load.writes / run.allowed_per_second, rel=0.01)


def test_a_run_held_back_by_its_instance_leaves_no_more_than_it_wrote() -> None:
    held = replace(PLAIN, users_per_second_instance=300)
    before = plan_run(300_000, DAY, held, fan_out=False)
    assert before.limit is Limit.INSTANCE
    assert before.pace
    assert before.pace.written_per_second == pytest.approx(300 * (2 + 1 / 150), rel=1e-3)


@given(count=operations, limit=limits, warm=st.floats(0, 1e5), share=shares)
def test_a_warm_start_never_takes_longer_than_a_cold_one(count: float, limit: float, warm: float, share: float) -> None:
    cold, begun_warm = seconds_for(count, share, limit), seconds_for(count, share, limit, warm)
    assert begun_warm <= cold * (1 + 1e-9)
    within = min(begun_warm, 1e4)
    assert operations_within(within, share, limit, warm) >= operations_within(within, share, limit) * (1 - 1e-9)


@given(seconds=st.floats(0, 5_000), share=shares, limit=limits, warm=st.floats(0, 1e4))
def test_what_is_written_late_is_what_fits_less_what_fitted_before(
    seconds: float, share: float, limit: float, warm: float
) -> None:
    late = operations_within(seconds, share, limit, warm)
    late -= operations_within(max(0.0, seconds - 300), share, limit, warm)
    assert written_late(seconds, share, limit, warm) == pytest.approx(late / 300, rel=1e-6, abs=1e-6)


def test_a_fanned_out_run_ends_when_the_next_one_begins() -> None:
    run = plan_run(10**8, HOUR, FAST, fan_out=True)
    assert run.seconds == HOUR
    assert run.left > 0


def test_half_the_instances_take_the_tasks_in_two_waves() -> None:
    whole = plan_run(10**5, DAY, PLAIN, fan_out=True)
    half = plan_run(10**5, DAY, replace(PLAIN, max_instances=SHARDS // 2), fan_out=True)
    assert half.seconds == pytest.approx(2 * whole.seconds)
    assert half.writes_per_second == pytest.approx(whole.writes_per_second / 2)
    assert half.instance_seconds == pytest.approx(whole.instance_seconds)


def test_instances_that_take_four_tasks_at_a_time_cost_a_quarter() -> None:
    single = plan_run(10**5, DAY, PLAIN, fan_out=True)
    four = plan_run(10**5, DAY, replace(PLAIN, tasks_per_instance=4, max_instances=SHARDS // 4), fan_out=True)
    assert four.seconds == pytest.approx(single.seconds)
    assert four.instance_seconds == pytest.approx(single.instance_seconds / 4)


def test_a_slow_instance_is_what_holds_a_run_back_and_fan_out_makes_it_shorter() -> None:
    slow = replace(PLAIN, users_per_second_instance=100)
    alone, fanned = (plan_run(10**5, DAY, slow, fan_out=fan_out) for fan_out in (False, True))
    assert alone.limit is Limit.INSTANCE
    assert alone.seconds == pytest.approx(1000, rel=0.01)
    assert fanned.limit is Limit.RAMP
    assert fanned.seconds < alone.seconds / 2


def test_one_thread_writes_one_shard_of_the_index_at_a_time() -> None:
    one = replace(FAST, rules=replace(RULES, threads=1, deadline_seconds=3600))
    run = plan_run(2 * 10**6, DAY, one, fan_out=False)
    assert run.limit is Limit.INDEX
    assert run.writes_per_second == pytest.approx(INDEX_WRITES_PER_SECOND * (2 + 1 / 150), rel=1e-3)


@given(due=users, more=users, fan_out=st.booleans(), interval=st.sampled_from([HOUR, DAY]))
def test_a_larger_backlog_never_takes_less_time_or_money(
    due: int,
    more: int,
    fan_out: bool,
    interval: float,
) -> None:
    smaller, larger = (plan_run(each, interval, PLAIN, fan_out=fan_out) for each in (due, due + more))
    assert larger.seconds >= smaller.seconds - 1e-6
    assert larger.instance_seconds >= smaller.instance_seconds - 1e-6
    assert larger.left >= smaller.left - 1


@given(due=users, fan_out=st.booleans(), interval=st.sampled_from([HOUR, DAY]), speed=st.floats(1, 1e5))
def test_a_run_keeps_its_limits(due: int, fan_out: bool, interval: float, speed: float) -> None:
    run = plan_run(due, interval, replace(PLAIN, users_per_second_instance=speed), fan_out=fan_out)
    assert 0 <= run.done <= run.backlog
    assert run.seconds <= (interval if fan_out else RULES.deadline_seconds)
    assert run.writes_per_second <= run.allowed_per_second * (1 + 1e-9)

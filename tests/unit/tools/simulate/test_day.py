"""A day of a schedule, on small populations by hand."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from streak_core.config.maintenance import MaintenanceRules
from streak_core.store.sharding import SHARDS
from tests.unit.tools.simulate.studies import DAY, SHIPPED, daily, hourly, people
from tools.simulate.day import Calendar, Day, Verdict, calendar, live_day
from tools.simulate.plan import RUN_READS, RUN_WRITES, Assumptions
from tools.simulate.population import Population

FIVE = time(5)
# Rounding may move a user, at most, from one instant to the next: the two writes, perhaps with a commit of their own.
SECONDS_OF_A_USER = 3 / 500 + 1e-6
PLAIN = Assumptions()
# An instance and a deadline that let one call settle a thousand users, whatever the ramp allows.
TIGHT = replace(PLAIN, users_per_second_instance=100, rules=MaintenanceRules(deadline_seconds=10))


def around(population: Population, day: date = DAY) -> Calendar:
    return calendar(population, day, 4)


def at(hour: int, minute: int = 0) -> datetime:
    return datetime.combine(DAY, time(hour, minute), UTC)


def backlogs(day: Day) -> dict[int, int]:
    return {one.at.hour: one.run.backlog for one in day.runs if one.run.backlog}


def test_a_daily_schedule_runs_once_and_an_hourly_one_at_its_minute() -> None:
    assert daily(FIVE).runs(DAY) == (at(5),)
    hours = hourly(time(5, 10)).runs(DAY)
    assert len(hours) == 24
    assert (hours[0], hours[-1]) == (at(0, 10), at(23, 10))


def test_a_thousand_users_in_one_zone_are_settled_by_the_run_after_their_night() -> None:
    day = live_day(1000, daily(FIVE), around(people(UTC=1)), PLAIN)
    (only,) = day.runs
    assert only.run.backlog == only.run.done == 30
    assert only.oldest == at(4)
    assert only.oldest_overdue_seconds == pytest.approx(3600 + 90 / 500)
    assert day.verdict is Verdict.IN_TIME


def test_a_daily_run_finds_everybody_since_the_one_before() -> None:
    day = live_day(1000, daily(FIVE), around(people(Asia__Kolkata=1)), PLAIN)
    # Due at 22:30 the evening before.
    assert day.runs[0].run.backlog == 30
    assert day.oldest_overdue_seconds == pytest.approx(6.5 * 3600, abs=1)


def test_an_hourly_run_finds_who_became_due_in_its_hour() -> None:
    world = around(people(UTC=1, Asia__Kolkata=1, Asia__Tokyo=2))
    day = live_day(4000, hourly(FIVE), world, PLAIN)
    assert backlogs(day) == {4: 30, 19: 60, 23: 30}


def test_who_is_due_at_the_very_moment_of_a_run_belongs_to_it() -> None:
    assert backlogs(live_day(1000, hourly(time(4)), around(people(UTC=1)), PLAIN)) == {4: 30}
    assert backlogs(live_day(1000, hourly(time(4, 59)), around(people(UTC=1)), PLAIN)) == {4: 30}


def test_a_day_uses_what_its_runs_use() -> None:
    day = live_day(1000, hourly(FIVE), around(people(UTC=1)), PLAIN)
    billed = day.billed(0.5)
    # Each run asks every shard; 30 shards have somebody, once.
    assert billed.reads == 24 * (SHARDS + RUN_READS)
    assert billed.writes == 90 + 24 * RUN_WRITES
    assert (billed.requests, billed.task_operations) == (24, 0)


def test_a_fanned_out_day_makes_and_delivers_a_task_a_shard_and_run() -> None:
    billed = live_day(1000, daily(FIVE), around(people(UTC=1)), PLAIN, fan_out=True).billed(0.5)
    assert billed.requests == 1 + SHARDS
    assert billed.task_operations == 2 * SHARDS


def test_what_a_run_leaves_is_settled_by_the_next() -> None:
    day = live_day(50_000, hourly(FIVE), around(people(UTC=1)), TIGHT)
    assert backlogs(day) == {4: 1500, 5: 500}
    assert day.verdict is Verdict.CATCHES_UP
    assert day.oldest_overdue_seconds == pytest.approx(3600 + 5, abs=1)


def test_a_daily_call_that_reaches_its_deadline_falls_behind_and_fanned_out_it_does_not() -> None:
    world = around(people(UTC=1))
    alone = live_day(50_000, daily(FIVE), world, TIGHT)
    assert alone.left_before == 500
    assert alone.runs[0].run.backlog == 2000
    assert alone.left_over == 1000
    assert alone.verdict is Verdict.FALLS_BEHIND
    # Those who were left the day before have been waiting since then.
    assert alone.oldest_overdue_seconds == pytest.approx(25 * 3600 + 10)
    assert live_day(50_000, daily(FIVE), world, TIGHT, fan_out=True).verdict is Verdict.IN_TIME


def test_a_run_that_ends_when_the_next_begins_leaves_it_its_pace_and_one_that_ends_early_does_not() -> None:
    world, fast = around(people(UTC=1)), replace(PLAIN, users_per_second_instance=1e6)
    long, after = live_day(10**9, hourly(FIVE), world, fast, fan_out=True).runs[4:6]
    assert long.run.left > 0
    assert after.run.allowed_per_second > long.run.allowed_per_second
    few = live_day(10**6, hourly(FIVE), world, fast, fan_out=True)
    assert {one.run.allowed_per_second for one in few.runs} == {500}


def test_when_clocks_change_nobody_is_due_twice_or_never() -> None:
    for day in (date(2026, 3, 8), date(2026, 3, 9), date(2026, 11, 1), date(2026, 11, 2)):
        lived = live_day(1000, hourly(FIVE), around(people(America__New_York=1), day), PLAIN)
        assert sum(one.run.backlog for one in lived.runs) == 30


def test_the_date_that_loses_an_hour_is_due_an_hour_earlier() -> None:
    world = people(America__New_York=1)
    assert list(backlogs(live_day(1000, hourly(FIVE), around(world, date(2026, 3, 7)), PLAIN))) == [9]
    assert list(backlogs(live_day(1000, hourly(FIVE), around(world, date(2026, 3, 8)), PLAIN))) == [8]


def test_verdicts_are_ranked_from_good_to_bad() -> None:
    assert [verdict.rank for verdict in (Verdict.IN_TIME, Verdict.CATCHES_UP, Verdict.FALLS_BEHIND)] == [0, 1, 2]


@given(users=st.integers(1, 10**8), day=st.dates(date(2024, 1, 1), date(2027, 12, 31)), fan_out=st.booleans())
def test_everybody_who_is_due_is_settled_or_left(users: int, day: date, fan_out: bool) -> None:
    schedule = hourly(FIVE)
    lived = live_day(users, schedule, around(SHIPPED, day), PLAIN, fan_out=fan_out)
    begin = schedule.runs(day)[-1] - timedelta(days=1)
    due = sum(one.share for one in around(SHIPPED, day).deadlines if begin < one.at <= schedule.runs(day)[-1])
    settled = sum(one.run.done for one in lived.runs)
    assert settled + lived.left_over - lived.left_before == pytest.approx(users * PLAIN.due_share * due, abs=2)


@given(users=st.integers(1, 10**9), more=st.integers(0, 10**9))
def test_more_users_are_never_easier(users: int, more: int) -> None:
    world = around(SHIPPED)
    for schedule in (daily(FIVE), hourly(FIVE)):
        smaller, larger = (live_day(each, schedule, world, PLAIN) for each in (users, users + more))
        assert larger.verdict.rank >= smaller.verdict.rank
        assert larger.busiest.run.seconds >= smaller.busiest.run.seconds - SECONDS_OF_A_USER


@given(users=st.integers(1, 10**9))
def test_hourly_runs_never_find_more_than_a_daily_one(users: int) -> None:
    world = around(SHIPPED)
    hours, whole = (live_day(users, schedule, world, PLAIN) for schedule in (hourly(FIVE), daily(FIVE)))
    assert hours.largest_backlog <= whole.largest_backlog + 1

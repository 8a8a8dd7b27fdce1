"""Each policy's own query, at both sides of each of its limits, judged by Prometheus' promtool."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from tests.integration.drill.said import (
    Said,
    database_error,
    failed_run,
    failed_shard,
    lines,
    refusal,
    request,
    retry,
    run,
)
from tools.monitoring.checks import metric_names
from tools.monitoring.drill.policies import Rule, read_rules
from tools.monitoring.drill.promtool import Firing, PromtoolError, _Test, find_promtool, firings
from tools.monitoring.drill.series import Placement, series_of

pytestmark = pytest.mark.skipif(shutil.which("promtool") is None, reason="promtool is not installed")

RULES = {rule.alert: rule for rule in read_rules()}
FROM = 10


def firing(rule: Rule, *placements: Placement, minutes: int = 60) -> Firing | None:
    series = series_of(placements, minutes, metric_names(rule.query))
    return firings(find_promtool(), [rule], series, minutes)[rule.alert]


def fires_after(alert: str, *placements: Placement, minutes: int = 60) -> int | None:
    """The minutes from FROM on until a policy fires."""
    found = firing(RULES[alert], *placements, minutes=minutes)
    return None if found is None else found.first - FROM


def once(said: Said, *, at: int = FROM) -> Placement:
    return Placement(entries=lines("maintenance", said), at=at)


def each_minute(*said: Said, until: int = 60, times: int = 1) -> Placement:
    return Placement(entries=lines("streak", *said), at=FROM, every=1, until=until, times=times)


@pytest.mark.parametrize(
    ("alert", "over", "under"),
    [
        ("memory_high", run(memory_ratio=0.81), run(memory_ratio=0.79)),
        ("overdue_user", run(oldest_overdue_seconds=93_660.0), run(oldest_overdue_seconds=93_540.0)),
        ("success_rate_low", run(users_processed=94, errors=6), run(users_processed=96, errors=4)),
        # A rate of two users is no rate.
        ("success_rate_low", run(users_processed=0, errors=3), run(users_processed=0, errors=2)),
    ],
)
def test_one_run_over_the_limit_is_enough_and_one_under_it_is_not(alert: str, over: Said, under: Said) -> None:
    assert fires_after(alert, once(over)) == 0
    assert fires_after(alert, once(under)) is None


def test_a_later_run_in_the_same_hour_or_after_it_ends_the_alert() -> None:
    good, bad = run(memory_ratio=0.2), run(memory_ratio=0.9)
    soon = firing(RULES["memory_high"], once(bad), once(good, at=FROM + 20), minutes=120)
    late = firing(RULES["memory_high"], once(bad), once(good, at=FROM + 180), minutes=240)
    assert soon == Firing(first=FROM, last=FROM + 19)
    assert late == Firing(first=FROM, last=FROM + 179)


@pytest.mark.parametrize(
    ("alert", "over", "under"),
    [
        ("contention", [each_minute(retry(), times=11)], [each_minute(retry(), times=9)]),
        # One request in ten.
        (
            "contention",
            [each_minute(retry(), times=20), each_minute(request(), times=180)],
            [each_minute(retry(), times=20), each_minute(request(), times=220)],
        ),
        ("firestore_errors", [each_minute(database_error(), times=3)], [each_minute(database_error(), times=2)]),
        # One request in a hundred.
        (
            "firestore_errors",
            [each_minute(database_error(), times=4), each_minute(request(), times=380)],
            [each_minute(database_error(), times=4), each_minute(request(), times=420)],
        ),
        (
            "sign_in_refusals",
            [each_minute(refusal(), times=11), each_minute(request(401), times=11)],
            [each_minute(refusal(), times=9), each_minute(request(401), times=9)],
        ),
        # One request in five.
        (
            "sign_in_refusals",
            [each_minute(refusal(), times=20), each_minute(request(), times=95)],
            [each_minute(refusal(), times=20), each_minute(request(), times=105)],
        ),
        # One request in twenty takes over a second.
        (
            "api_latency",
            [each_minute(request(duration_ms=3_000.0)), each_minute(request(), times=18)],
            [each_minute(request(duration_ms=3_000.0)), each_minute(request(), times=20)],
        ),
        (
            "api_latency",
            [each_minute(request(duration_ms=3_000.0), times=11)],
            [each_minute(request(duration_ms=3_000.0), times=9)],
        ),
        # Six times 0.1 %, over six hours.
        (
            "api_error_budget_fast_burn",
            [each_minute(request(500), times=7), each_minute(request(), times=993)],
            [each_minute(request(500), times=5), each_minute(request(), times=995)],
        ),
        # Three times 0.1 %, over a day.
        (
            "api_error_budget_slow_burn",
            [each_minute(request(500), times=7), each_minute(request(), times=1_993)],
            [each_minute(request(500), times=5), each_minute(request(), times=1_995)],
        ),
    ],
)
def test_a_rate_over_the_limit_fires_and_one_under_it_does_not(
    alert: str, over: list[Placement], under: list[Placement]
) -> None:
    # The window has to fill, and the retest to pass.
    fires = fires_after(alert, *over)
    assert fires is not None
    assert fires <= 20
    assert fires_after(alert, *under) is None


@pytest.mark.parametrize(("failures", "fires"), [(11, True), (9, False)])
def test_a_handful_of_failures_wakes_nobody_however_few_the_requests(failures: int, *, fires: bool) -> None:
    failing = Placement(entries=lines("streak", request(503)), at=FROM, every=1, until=FROM + failures)
    assert (fires_after("api_error_budget_fast_burn", failing) is not None) is fires


@pytest.mark.parametrize(("failures", "fires"), [(22, True), (18, False)])
def test_nor_does_a_day_with_few_failures_make_a_ticket(failures: int, *, fires: bool) -> None:
    failing = Placement(entries=lines("streak", request(503)), at=FROM, every=1, until=FROM + failures)
    assert (fires_after("api_error_budget_slow_burn", failing) is not None) is fires


def test_a_failed_run_fires_unless_a_run_ends_well_within_ten_minutes() -> None:
    assert fires_after("maintenance_failing", once(failed_run())) == 10
    assert fires_after("maintenance_failing", once(failed_run()), once(run(), at=FROM + 9)) is None
    assert fires_after("maintenance_failing", once(failed_run()), once(run("degraded"), at=FROM + 9)) is None
    assert fires_after("maintenance_failing", once(failed_run()), once(run("partial"), at=FROM + 9)) == 10


def test_a_failure_is_not_hidden_by_the_good_run_of_the_hour_before() -> None:
    hourly = [once(run(), at=FROM - 5), once(failed_run(), at=FROM + 55)]
    assert fires_after("maintenance_failing", *hourly, minutes=120) == 65


def test_one_shard_that_fails_is_enough_and_the_next_good_run_ends_it() -> None:
    bad = [once(failed_shard()), once(run("partial"))]
    assert fires_after("shard_failed", *bad) == 0
    assert fires_after("shard_failed", once(run("partial"))) is None
    hourly = [once(run(), at=FROM + hour * 60) for hour in (1, 2)]
    assert firing(RULES["shard_failed"], *bad, *hourly, minutes=240) == Firing(first=FROM, last=FROM + 59)


def test_where_the_job_runs_once_a_day_a_failed_shard_is_told_until_the_next_run() -> None:
    bad = [once(failed_shard()), once(run("partial"))]
    good = once(run(), at=FROM + 20 * 60)
    found = firing(RULES["shard_failed"], *bad, good, minutes=23 * 60)
    assert found
    assert (found.first, found.last) == (FROM, FROM + 20 * 60 - 1)


@pytest.mark.parametrize(("status", "fires"), [("success", False), ("degraded", False), ("partial", True)])
def test_a_run_that_did_not_get_through_does_not_count(status: str, *, fires: bool) -> None:
    assert (firing(RULES["maintenance_missing"], once(run(status), at=1)) is not None) is fires


def test_a_run_is_missed_after_a_day_and_an_hour() -> None:
    found = firing(RULES["maintenance_missing"], once(run(), at=1), minutes=1_510)
    # A day and half an hour without one, and the retest of half an hour more.
    assert found
    assert found.first == 1 + 24 * 60 + 30 + 30


def test_a_job_that_never_ran_is_missed_although_there_is_no_series() -> None:
    found = firing(RULES["maintenance_missing"])
    assert found
    assert found.first == 30


def test_nothing_at_all_is_no_reason_for_any_other_policy() -> None:
    assert {alert for alert, rule in RULES.items() if firing(rule)} == {"maintenance_missing"}


def test_a_new_revision_counts_from_zero_and_changes_nothing() -> None:
    entries = lines("streak", request(500), *[request()] * 199)
    before = Placement(entries=entries, at=1, every=1, until=30)
    after = Placement(entries=entries, at=30, every=1, until=60, revision=2)
    assert fires_after("api_error_budget_fast_burn", before, after) is None


@pytest.mark.parametrize(("first", "is_so"), [(FROM - 1, False), (FROM, True), (FROM + 1, False)])
def test_promtool_confirms_the_first_minute_and_no_other(tmp_path: Path, first: int, *, is_so: bool) -> None:
    rule = RULES["memory_high"]
    series = series_of([once(run(memory_ratio=0.9))], 60, metric_names(rule.query))
    inputs = [{"series": one.selector, "values": one.notation} for one in series]
    asked = _Test(find_promtool(), tmp_path, [rule], inputs)
    claim = {rule.alert: Firing(first=first, last=59)}
    if is_so:
        asked.confirm(claim)
    else:
        with pytest.raises(PromtoolError, match="does not confirm"):
            asked.confirm(claim)


def test_a_rule_that_promtool_does_not_take_is_no_silence() -> None:
    broken = replace(RULES["memory_high"], query="sum(")
    with pytest.raises(PromtoolError, match="does not take"):
        firings(find_promtool(), [broken], [], 10)


def test_policies_that_are_looked_at_at_different_times_are_not_judged_together() -> None:
    rules = [RULES["memory_high"], replace(RULES["contention"], every_seconds=300)]
    with pytest.raises(PromtoolError, match="one interval"):
        firings(find_promtool(), rules, [], 10)

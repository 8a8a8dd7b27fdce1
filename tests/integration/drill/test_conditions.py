"""Each policy's own query, at both sides of each of its limits, judged by Prometheus' promtool."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from tests.support.said import (
    Said,
    database_error,
    failed_reminders,
    failed_run,
    failed_shard,
    failed_standings,
    heads,
    lines,
    parked_webhook,
    refusal,
    refused_at_once,
    reminded,
    request,
    retry,
    run,
    unchecked_counters,
    unsent_notice,
    untold,
)
from tests.support.wanted import needs
from tools.monitoring.checks.promql import metric_names
from tools.monitoring.drill.platform import PLACES, failed_attempt, memory, probes
from tools.monitoring.drill.platform import request as counted_request
from tools.monitoring.drill.policies import HOURLY, Rule, read_rules
from tools.monitoring.drill.promtool import Firing, PromtoolError, RulesTest, find_promtool, firings
from tools.monitoring.drill.series import Measurement, Placement, series_of

pytestmark = needs("prometheus")

# To the minute: how often a policy is looked at decides how late a limit is seen, and not where it is.
RULES = {rule.alert: replace(rule, every_seconds=60) for rule in read_rules()}
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
    good, bad = run(oldest_overdue_seconds=60.0), run(oldest_overdue_seconds=100_000.0)
    soon = firing(RULES["overdue_user"], once(bad), once(good, at=FROM + 20), minutes=120)
    late = firing(RULES["overdue_user"], once(bad), once(good, at=FROM + 180), minutes=240)
    assert soon == Firing(first=FROM, last=FROM + 19)
    assert late == Firing(first=FROM, last=FROM + 179)


@pytest.mark.parametrize(("peak", "fires"), [(0.83, True), (0.77, False)])
def test_one_minute_over_the_limit_is_a_peak_however_little_the_others_need(peak: float, *, fires: bool) -> None:
    low = Placement(measurements=[memory(0.3)], at=1, every=1, until=60)
    high = Placement(measurements=[memory(peak)], at=FROM)
    assert (fires_after("memory_high", low, high) is not None) is fires


def test_memory_at_its_peak_and_a_small_run_in_the_same_hour_are_no_average() -> None:
    """95 % and 50 %, which a mean of the hour would take for 72 %."""
    assert fires_after("memory_high", measured(memory(0.95)), measured(memory(0.5), at=FROM + 10)) == 0


def measured(*points: Measurement, at: int = FROM) -> Placement:
    return Placement(measurements=points, at=at)


def tried(status: str, *, at: int = FROM) -> Placement:
    return Placement(entries=[failed_attempt(status)], at=at)


def test_calls_that_end_badly_without_a_line_fire_unless_one_ends_well_within_half_an_hour() -> None:
    killed = measured(counted_request(503))
    assert fires_after("maintenance_killed", killed) == 30
    assert fires_after("maintenance_killed", killed, measured(counted_request(200), at=FROM + 29)) is None
    assert fires_after("maintenance_killed", killed, measured(counted_request(200), at=FROM + 31)) == 30
    # That tasks are enqueued is no end of a run.
    assert fires_after("maintenance_killed", killed, measured(counted_request(202), at=FROM + 29)) == 30
    # What the job itself says is for maintenance_failing.
    assert fires_after("maintenance_killed", killed, once(failed_run())) is None
    assert fires_after("maintenance_killed", measured(counted_request(403))) is None


def test_attempts_that_fail_before_the_function_is_reached_fire_and_others_do_not() -> None:
    assert fires_after("scheduler_failing", tried("PERMISSION_DENIED")) == 30
    assert fires_after("scheduler_failing", tried("UNAUTHENTICATED"), once(run(), at=FROM + 29)) is None
    for elsewhere in (once(failed_run()), measured(counted_request(503))):
        assert fires_after("scheduler_failing", tried("UNAVAILABLE"), elsewhere) is None


@pytest.mark.parametrize(("places", "fires"), [(2, True), (1, False)])
def test_two_places_that_fail_for_five_minutes_are_needed(places: int, *, fires: bool) -> None:
    failing = [*probes(passed=False, places=PLACES[:places]), *probes(passed=True, places=PLACES[places:])]
    before = Placement(measurements=probes(passed=True), at=0, every=1, until=FROM)
    after = Placement(measurements=failing, at=FROM, every=1, until=60)
    fired = fires_after("health_failing", before, after)
    assert fired == (7 if fires else None)


def test_a_check_that_fails_now_and_then_wakes_nobody() -> None:
    minutes = [Placement(measurements=probes(passed=bool(at % 4)), at=at) for at in range(60)]
    assert fires_after("health_failing", *minutes) is None


def test_an_uptime_check_is_missed_after_half_an_hour() -> None:
    before = Placement(measurements=probes(passed=True), at=0, every=1, until=FROM)
    assert fires_after("health_missing", before) == 30
    assert fires_after("health_missing", before, Placement(measurements=probes(passed=False), at=FROM + 28)) is None


@pytest.mark.parametrize(
    ("alert", "over", "under"),
    [
        ("contention", [each_minute(retry(), times=11)], [each_minute(retry(), times=9)]),
        ("contention", [each_minute(refused_at_once(), times=11)], [each_minute(refused_at_once(), times=9)]),
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


@pytest.mark.parametrize("alert", ["api_error_budget_fast_burn", "api_error_budget_slow_burn"])
@pytest.mark.parametrize("times", [1, 100])
def test_what_a_user_asks_for_too_much_at_once_burns_no_budget_and_another_failure_beside_it_does(
    alert: str, times: int
) -> None:
    surplus = each_minute(request(503), refused_at_once(), times=times)
    assert fires_after(alert, each_minute(request(), times=20), surplus) is None
    assert fires_after(alert, each_minute(request(), times=20), surplus, each_minute(request(503), times=5)) is not None
    # Where the line is missing, it is a failure like any other.
    assert fires_after(alert, each_minute(request(), times=20), each_minute(request(503), times=times)) is not None


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


def test_a_run_is_missed_after_25_hours_where_it_is_daily_and_after_3_where_it_is_hourly() -> None:
    (hourly,) = [rule for rule in read_rules(variables=HOURLY) if rule.alert == "maintenance_missing"]
    for rule, hours in ((RULES["maintenance_missing"], 25), (replace(hourly, every_seconds=60), 3)):
        found = firing(rule, once(run(), at=1), minutes=hours * 60 + 10)
        assert found
        assert found.first == 1 + hours * 60


def test_a_job_that_never_ran_is_missed_although_there_is_no_series() -> None:
    found = firing(RULES["maintenance_missing"])
    assert found
    assert found.first == 15


def of_reminders(*said: Said, at: int = FROM, times: int = 1) -> Placement:
    return Placement(entries=lines("reminders", *said), at=at, times=times)


def test_two_runs_of_reminders_that_fail_fire_unless_one_ended_well_in_the_last_twenty_minutes() -> None:
    second = of_reminders(failed_reminders(), at=FROM + 5)
    assert fires_after("reminders_failing", of_reminders(failed_reminders()), second) == 10
    assert fires_after("reminders_failing", of_reminders(failed_reminders())) is None
    partial, good = (of_reminders(reminded(status), at=FROM + 6) for status in ("partial", "degraded"))
    assert fires_after("reminders_failing", of_reminders(failed_reminders()), second, partial) == 10
    assert fires_after("reminders_failing", of_reminders(failed_reminders()), second, good) is None


def asked(status: int) -> Said:
    return {**request(status), "function": "reminders"}


@pytest.mark.parametrize(("unsent", "others", "fires"), [(21, 10, True), (19, 10, False), (40, 41, False)])
def test_notices_that_nobody_takes_fire_where_they_are_many_and_most(unsent: int, others: int, *, fires: bool) -> None:
    well = [of_reminders(reminded(), at=at) for at in range(5, 60, 5)]
    failing = of_reminders(unsent_notice(), asked(503), times=unsent)
    assert (
        fires_after("reminders_failing", *well, failing, of_reminders(asked(200), times=others)) is not None
    ) is fires


def test_one_event_that_is_given_up_fires_and_one_that_was_refused_does_not() -> None:
    assert fires_after("webhooks_parked", of_reminders(parked_webhook())) is not None
    refused = {"event": "webhook_refused", "endpoint": "crm", "status": 500}
    assert fires_after("webhooks_parked", of_reminders(refused, times=9)) is None


@pytest.mark.parametrize(("status", "first"), [("success", 46), ("degraded", 46), ("partial", 15)])
def test_reminders_are_missed_half_an_hour_after_the_last_good_run(status: str, first: int) -> None:
    found = firing(RULES["reminders_missing"], of_reminders(reminded(status), at=1))
    assert found
    assert found.first == first


@pytest.mark.parametrize(
    ("alert", "said"),
    [
        ("audit_failed", untold()),
        ("counters_failed", unchecked_counters()),
        ("standings_failed", failed_standings()),
    ],
)
def test_one_line_of_the_records_own_trouble_is_enough_and_is_told_for_an_hour(alert: str, said: Said) -> None:
    assert firing(RULES[alert], once(said), minutes=120) == Firing(first=FROM, last=FROM + 59)
    assert firing(RULES[alert], once(run()), once(heads()), minutes=120) is None


@pytest.mark.parametrize("later", [heads("missing"), None])
def test_heads_are_missed_where_the_job_runs_well_and_no_call_found_recent_ones(later: Said | None) -> None:
    (hourly,) = [rule for rule in read_rules(variables=HOURLY) if rule.alert == "audit_heads_missing"]
    rule = replace(hourly, every_seconds=60)
    well = [once(run(), at=at) for at in range(1, 600, 60)]
    recent = [once(heads(), at=at) for at in range(1, 240, 60)]
    others = [once(later, at=at) for at in range(241, 600, 60)] if later else []
    found = firing(rule, *well, *recent, *others, minutes=600)
    assert found
    # The last recent ones are of 181 minutes after the beginning.
    assert found.first == 181 + 180
    assert firing(rule, *well, *(once(heads(), at=at) for at in range(1, 600, 60)), minutes=600) is None
    # Where no run ends well either, it is the job that is missing.
    assert firing(rule, once(run(), at=1), once(heads(), at=1), minutes=600) is None


def test_nothing_at_all_is_no_reason_for_any_other_policy() -> None:
    assert {alert for alert, rule in RULES.items() if firing(rule)} == {
        "backup_missing",
        "maintenance_missing",
        "health_missing",
        "reminders_missing",
    }


def test_a_new_revision_counts_from_zero_and_changes_nothing() -> None:
    entries = lines("streak", request(500), *[request()] * 199)
    before = Placement(entries=entries, at=1, every=1, until=30)
    after = Placement(entries=entries, at=30, every=1, until=60, revision=2)
    assert fires_after("api_error_budget_fast_burn", before, after) is None


@pytest.mark.parametrize(("first", "is_so"), [(FROM - 1, False), (FROM, True), (FROM + 1, False)])
def test_promtool_confirms_the_first_minute_and_no_other(tmp_path: Path, first: int, *, is_so: bool) -> None:
    rule = RULES["overdue_user"]
    series = series_of([once(run(oldest_overdue_seconds=100_000.0))], 60, metric_names(rule.query))
    inputs = [{"series": one.selector, "values": one.notation} for one in series]
    asked = RulesTest(find_promtool(), tmp_path, [rule], inputs)
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


def test_each_policy_is_looked_at_as_often_as_it_says() -> None:
    often, seldom = RULES["overdue_user"], replace(RULES["success_rate_low"], every_seconds=300)
    bad = once(run(users_processed=0, errors=3, oldest_overdue_seconds=100_000.0), at=12)
    series = series_of([bad], 60, metric_names(often.query) | metric_names(seldom.query))
    found = firings(find_promtool(), [often, seldom], series, 60)
    assert found == {"overdue_user": Firing(first=12, last=60), "success_rate_low": Firing(first=15, last=60)}

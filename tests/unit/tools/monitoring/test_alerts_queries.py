"""A query may name only what there is, and must read it as its kind wants."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from streak_core.telemetry.catalogue import METRICS, MetricKind
from tools.monitoring.checks.promql import longest_window, metric_names, promql_problems
from tools.monitoring.files import NotReadableError
from tools.monitoring.known_metrics import known_metrics, promql_name, read_known_metrics

RUNS = 'logging_googleapis_com:user_streak_maintenance_runs{monitored_resource="cloud_run_revision"}'
RETRIES = 'logging_googleapis_com:user_streak_transaction_retries{monitored_resource="cloud_run_revision"}'
INSTANCES = 'run_googleapis_com:container_instance_count{monitored_resource="cloud_run_revision"}'
LATENCIES = 'run_googleapis_com:request_latencies_bucket{monitored_resource="cloud_run_revision",le="100"}'
REQUESTS = 'run_googleapis_com:request_count{monitored_resource="cloud_run_revision",service_name="streak"}'
REQUESTS_OF_TWO = REQUESTS.replace('="streak"', '=~"streak|calendar"')
PROBES = 'monitoring_googleapis_com:uptime_check_check_passed{monitored_resource="uptime_url",host="h"}'
ATTEMPTS = 'logging_googleapis_com:user_streak_scheduler_failures{monitored_resource="cloud_scheduler_job"}'


# Cloud Run's metrics as somebody lists them who collects them: docs.observeinc.com, "GCP Cloud Run Metrics", read on
# 2026-11-25. Google's own list is a page without a form that could be held here.
COLLECTED_DISTRIBUTIONS = {
    "container/cpu/utilizations",
    "container/memory/utilizations",
    "container/startup_latencies",
    "request_latencies",
}
COLLECTED = COLLECTED_DISTRIBUTIONS | {
    "container/billable_instance_time",
    "container/instance_count",
    "container/network/received_bytes_count",
    "container/network/sent_bytes_count",
    "request_count",
}


def labelled(selector: str, label: str) -> str:
    """The selector with one label more."""
    return selector.replace("}", f',{label}="any"}}')


@pytest.mark.parametrize(
    "query",
    [
        f"increase({RUNS}[25h]) > 0",
        f"absent_over_time({RUNS}[1h])",
        f"sum by (status, service_name) (rate({RUNS}[5m]))",
        f"sum by (le) (rate({LATENCIES}[5m]))",
        f"max({INSTANCES})",
        f"increase({REQUESTS}[30d])",
        f"count(max_over_time({PROBES}[5m]) < 0.5)",
        f"sum(increase({ATTEMPTS}[1h]))",
        f"increase({REQUESTS_OF_TWO}[5m])",
        f"increase({RUNS}[24h] offset 1h)",
        f"-(increase({RUNS}[1h]))",
        f"max_over_time(sum(rate({RUNS}[5m]))[1h:5m])",
    ],
)
def test_a_query_that_reads_what_there_is_has_no_problem(query: str) -> None:
    assert promql_problems(query) == []


@pytest.mark.parametrize(
    ("query", "complaint"),
    [
        ("increase(", "is no PromQL"),
        (f"increase({RUNS})", "is no PromQL"),
        ("vector(1)", "names no metric"),
        ('{__name__=~"x.*"}', "names no metric"),
        (f"increase({RUNS.replace('runs', 'rums')}[1h])", "is in neither"),
        (f"increase({RUNS.replace('runs', 'runs_sum')}[1h])", "is in neither"),
        (f"increase({RUNS.split('{', maxsplit=1)[0]}[1h])", "must say monitored_resource"),
        (f"increase({RUNS.replace('cloud_run_revision', 'global')}[1h])", "must say monitored_resource"),
        (f"increase({RUNS.replace('=', '=~')}[1h])", "must say monitored_resource"),
        (f"increase({labelled(RUNS, 'state')}[1h])", "has no label state"),
        (f"increase({labelled(RUNS, 'le')}[1h])", "has no label le"),
        (f"increase({REQUESTS.replace('streak', 'streaks')}[1h])", "streaks is no deployed function"),
        (f"increase({labelled(RETRIES, 'function')}[1h])", "any is no deployed function"),
        (f"sum({RUNS})", "counts; read it by rate() or increase()"),
        (f"max_over_time({RUNS}[1h])", "counts; read it by rate() or increase()"),
        (f"rate({INSTANCES}[5m])", "is a gauge"),
        (f"increase({PROBES}[5m])", "is a gauge"),
        (f"increase({ATTEMPTS.replace('scheduler_job', 'run_revision')}[1h])", "must say monitored_resource"),
        (f"max_over_time({PROBES.replace('host', 'service_name')}[5m])", "has no label service_name"),
        (f"increase({RUNS}[25h1m])", "for 25 hours at most"),
        (f"increase({RUNS}[24h] offset 2h)", "for 25 hours at most"),
        (f"sum by (functions) (increase({RETRIES}[1h]))", "aggregates by functions"),
        (f"1 + sum by (function) (increase({RUNS}[1h]))", "aggregates by function,"),
    ],
)
def test_a_query_that_does_not_is_refused(query: str, complaint: str) -> None:
    assert any(complaint in problem for problem in promql_problems(query)), promql_problems(query)


def test_a_query_says_how_far_it_looks_back_and_what_it_names() -> None:
    query = f"increase({RUNS}[2h] offset 30m) or absent_over_time({RETRIES}[90m])"
    assert longest_window(query) == timedelta(minutes=150)
    assert metric_names(query) == {RUNS.split("{", maxsplit=1)[0], RETRIES.split("{", maxsplit=1)[0]}
    assert longest_window(f"max({INSTANCES})") == timedelta(0)


def test_names_in_promql_follow_googles_rule() -> None:
    assert promql_name("kubernetes.io/container/cpu/limit_cores") == "kubernetes_io:container_cpu_limit_cores"
    assert promql_name("logging.googleapis.com/user/streak/requests") == "logging_googleapis_com:user_streak_requests"


def test_the_metrics_of_cloud_run_that_may_be_named_are_those_that_others_collect_too() -> None:
    prefix = "run.googleapis.com/"
    named = {name.removeprefix(prefix): one for name, one in known_metrics().by_type.items() if name.startswith(prefix)}
    assert named.keys() <= COLLECTED
    distributions = {name for name, one in named.items() if one.value == "DISTRIBUTION"}
    assert distributions == named.keys() & COLLECTED_DISTRIBUTIONS


def test_every_metric_of_the_catalogue_can_be_named() -> None:
    known = known_metrics()
    for metric in METRICS:
        found = known.by_type[f"logging.googleapis.com/user/streak/{metric.name}"]
        assert found.labels == set(metric.labels)
        assert len(found.promql_names) == (3 if metric.kind is MetricKind.DISTRIBUTION else 1)


def test_a_log_metric_is_written_for_the_resource_that_its_filter_names(tmp_path: Path) -> None:
    shipped = Path("monitoring/metrics/scheduler_failures.yaml").read_text()
    google = Path("monitoring/google_metrics.yaml")
    (tmp_path / "one.yaml").write_text(shipped)
    (found,) = [one for one in read_known_metrics(tmp_path, google).by_type.values() if one.is_log_based]
    assert (found.resource, "job_id" in found.resource_labels) == ("cloud_scheduler_job", True)
    (tmp_path / "one.yaml").write_text(shipped.replace("cloud_scheduler_job", "gce_instance"))
    with pytest.raises(NotReadableError, match="must name one of the resources"):
        read_known_metrics(tmp_path, google)


def test_a_metric_of_googles_own_needs_its_source(tmp_path: Path) -> None:
    shipped = Path("monitoring/google_metrics.yaml").read_text()
    file = tmp_path / "google.yaml"
    file.write_text(shipped)
    assert "run.googleapis.com/request_count" in read_known_metrics(tmp_path / "none", file).by_type
    for broken in (
        shipped.replace("  unit: ms\n", ""),
        shipped.replace("https://cloud.google.com/", "https://example.com/"),
    ):
        file.write_text(broken)
        with pytest.raises(NotReadableError, match="and a source at Google"):
            read_known_metrics(tmp_path / "none", file)

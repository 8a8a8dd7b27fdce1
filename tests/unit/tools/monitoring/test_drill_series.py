"""Lines in their minutes become the series that Cloud Monitoring would make of them, in promtool's notation."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support.said import lines, request, run
from tools.monitoring.drill.platform import failed_attempt, memory, probes
from tools.monitoring.drill.platform import request as counted_request
from tools.monitoring.drill.series import Placement, Series, bucket_bounds, series_of
from tools.monitoring.known_metrics import known_metrics

REQUESTS = "logging_googleapis_com:user_streak_requests"
PEAK = "logging_googleapis_com:user_streak_maintenance_peak_memory_mib"
GOOGLE = "run_googleapis_com:request_count"
LATENCIES = "run_googleapis_com:request_latencies"


def only(name: str, *placements: Placement, minutes: int = 10) -> Series:
    (found,) = series_of(placements, minutes, {name})
    return found


def test_a_line_counts_in_its_minute_and_the_counter_begins_with_zero() -> None:
    counted = only(REQUESTS, Placement(entries=lines("streak", request()), at=4))
    assert (counted.first, list(counted.values)) == (3, [0, 1, 1, 1, 1, 1, 1])
    assert counted.notation == "_x3 0 1+0x5"


def test_a_line_of_the_first_minute_has_no_zero_before_it() -> None:
    assert only(REQUESTS, Placement(entries=lines("streak", request()), at=0), minutes=3).notation == "1+0x2"


def test_lines_are_repeated_until_a_minute_and_several_times_in_each() -> None:
    placed = Placement(entries=lines("streak", request(), request()), at=1, every=2, until=6, times=3)
    assert only(REQUESTS, placed, minutes=8).notation == "0 6+0x1 12+0x1 18+0x2"
    assert list(placed.minutes) == [1, 3, 5]


def test_labels_are_those_of_the_resource_and_of_the_metric() -> None:
    found = only(REQUESTS, Placement(entries=lines("streak", request(404)), at=0, revision=7))
    assert dict(found.labels) == {
        "monitored_resource": "cloud_run_revision",
        "project_id": "demo-streak",
        "location": "europe-west1",
        "service_name": "streak",
        "revision_name": "streak-00007",
        "function": "streak",
        "status_class": "4xx",
    }
    known = known_metrics().of_promql(REQUESTS)
    assert known
    assert set(dict(found.labels)) <= known.labels | known.resource_labels | {"monitored_resource"}


def test_a_release_counts_from_zero_in_a_series_of_its_own() -> None:
    entries = lines("streak", request())
    first = Placement(entries=entries, at=0, every=1, until=3)
    second = Placement(entries=entries, at=3, every=1, until=5, revision=2)
    old, new = series_of([first, second], 5, {REQUESTS})
    assert (old.notation, new.notation) == ("1 2 3+0x2", "_x2 0 1 2")


def test_a_distribution_is_a_sum_a_count_and_buckets() -> None:
    names = {f"{PEAK}_{part}" for part in ("sum", "count", "bucket")}
    found = series_of(
        [Placement(entries=lines("maintenance", run(peak_memory_mib=20.0), run(peak_memory_mib=17.0)), at=1)], 2, names
    )
    ends = {(one.name, dict(one.labels).get("le")): one.values[-1] for one in found}
    assert ends[f"{PEAK}_count", None] == 2
    assert ends[f"{PEAK}_sum", None] == 37
    assert ends[f"{PEAK}_bucket", "+Inf"] == 2
    assert ends[f"{PEAK}_bucket", "23.04"] == 2
    assert ends[f"{PEAK}_bucket", "19.2"] == 1
    assert (f"{PEAK}_bucket", "16") not in ends


def test_of_a_distribution_the_bounds_are_there_that_something_lies_next_to() -> None:
    buckets = "run_googleapis_com:container_memory_utilizations_bucket"
    low, high = Placement(measurements=[memory(0.105)], at=1), Placement(measurements=[memory(0.705)], at=1, revision=2)
    ends = {
        (dict(one.labels)["revision_name"][-1], dict(one.labels)["le"]): one.values[-1]
        for one in series_of([low, high], 2, {buckets})
    }
    # Added up, a value of the second lies between the bounds around it, though the first ended long before.
    assert ends == {
        **{("1", bound): 1 for bound in ("0.12", "0.7", "0.72", "+Inf")},
        **{("2", bound): 1 for bound in ("0.72", "+Inf")},
    }


def test_googles_request_metrics_are_read_from_the_lines_of_the_same_requests() -> None:
    entries = lines("calendar", request(503, 8_000.0), request(200))
    placed = [Placement(entries=entries, at=0)]
    labelled = [(dict(one.labels), one.values[0]) for one in series_of(placed, 1, {GOOGLE})]
    counted = {(labels["response_code_class"], labels["response_code"]): value for labels, value in labelled}
    assert counted == {("2xx", "200"): 1, ("5xx", "503"): 1}
    (taken,) = series_of(placed, 1, {f"{LATENCIES}_sum"})
    assert list(taken.values) == [8_020]
    for name in (GOOGLE, f"{LATENCIES}_count"):
        known = known_metrics().of_promql(name)
        assert known
        labels = {label for one in series_of(placed, 1, {name}) for label, _ in one.labels}
        assert labels <= known.labels | known.resource_labels | {"monitored_resource"}


@pytest.mark.parametrize(
    ("options", "bounds"),
    [
        ({"explicitBuckets": {"bounds": [1, 5]}}, [1, 5]),
        ({"linearBuckets": {"numFiniteBuckets": 2, "width": 0.5, "offset": 1}}, [1, 1.5, 2]),
        ({"linearBuckets": {"numFiniteBuckets": 1, "width": 2}}, [0, 2]),
        ({"exponentialBuckets": {"numFiniteBuckets": 2, "growthFactor": 2, "scale": 3}}, [3, 6, 12]),
    ],
)
def test_the_bounds_of_buckets_are_those_that_the_metric_declares(options: dict[str, Any], bounds: list[float]) -> None:
    assert bucket_bounds(options) == bounds


def test_a_value_of_a_label_is_quoted() -> None:
    quoted = Series(name="x", labels=(("a", 'b"c\\'),), first=0, values=(1,))
    assert quoted.selector == 'x{a="b\\"c\\\\"}'


def test_what_the_platform_counts_adds_to_what_is_read_from_our_lines() -> None:
    said = [Placement(entries=lines("maintenance", request(503)), measurements=[counted_request(503)], at=1)]
    found = [one for one in series_of(said, 3, {GOOGLE}) if dict(one.labels)["response_code_class"] == "5xx"]
    assert [(one.notation, dict(one.labels)["service_name"]) for one in found] == [("0 2+0x1", "maintenance")]


def test_the_results_of_an_uptime_check_are_a_gauge_that_has_gaps() -> None:
    name = "monitoring_googleapis_com:uptime_check_check_passed"
    said = [
        Placement(measurements=probes(passed=passed, places=["a"]), at=at) for at, passed in ((2, True), (4, False))
    ]
    found = only(name, *said, minutes=6)
    assert list(found.values) == [None, None, 1.0, None, 0.0, None]
    assert found.notation == "_x2 1 _x1 0 _x1"
    assert dict(found.labels)["monitored_resource"] == "uptime_url"


def test_memory_is_a_distribution_and_a_failed_attempt_a_line_of_the_scheduler() -> None:
    buckets = "run_googleapis_com:container_memory_utilizations_bucket"
    ends = {
        dict(one.labels)["le"]: one.values[-1]
        for one in series_of([Placement(measurements=[memory(0.5)], at=0)], 1, {buckets})
    }
    assert (ends["0.5"], ends["+Inf"], "0.48" in ends) == (1, 1, False)
    attempts = only(
        "logging_googleapis_com:user_streak_scheduler_failures", Placement(entries=[failed_attempt("X")], at=0)
    )
    assert dict(attempts.labels)["job_id"] == "maintenance"

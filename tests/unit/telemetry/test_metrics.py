"""The metrics that are shipped and the catalogue in the code are the same, and Google's own types take them."""

from __future__ import annotations

from typing import Any

import pytest
from google.cloud.logging_v2.types import LogMetric
from google.protobuf import json_format  # type: ignore[import-untyped]

from streak_core.telemetry.catalogue import METRICS, LogEvent, Metric, MetricKind
from tools.monitoring.log_lines import METRICS as FOLDER
from tools.monitoring.log_lines import paths, read_metrics

SHIPPED = read_metrics()
BY_NAME = {metric.name: metric for metric in METRICS}
# Made from lines that Google's platform writes, of which the catalogue knows nothing.
OF_THE_PLATFORM = {"scheduler_failures"}
OURS = [name for name in SHIPPED if name not in OF_THE_PLATFORM]
# What Cloud Logging allows.
BUCKETS_MAX = 200
LABELS_MAX = 10


def parsed(content: Any) -> LogMetric:
    """A metric as Cloud Logging's own type; an unknown field or a wrong enum is refused."""
    found = LogMetric.pb(LogMetric())
    json_format.ParseDict(content, found, ignore_unknown_fields=False)
    metric: LogMetric = LogMetric.wrap(found)
    return metric


def test_the_catalogue_and_the_folder_name_the_same_metrics() -> None:
    assert {path.stem for path in FOLDER.iterdir()} == set(BY_NAME) | OF_THE_PLATFORM
    assert {path.suffix for path in FOLDER.iterdir()} == {".yaml"}
    assert len(BY_NAME) == len(METRICS)


@pytest.mark.parametrize("metric", METRICS, ids=lambda metric: metric.name)
def test_a_file_says_what_the_catalogue_says(metric: Metric) -> None:
    content = SHIPPED[metric.name]
    descriptor = content["metricDescriptor"]
    is_counter = metric.kind is MetricKind.COUNTER
    assert content["name"] == f"streak/{metric.name}"
    assert descriptor["metricKind"] == "DELTA"
    assert descriptor["valueType"] == ("INT64" if is_counter else "DISTRIBUTION")
    assert descriptor["unit"] == metric.unit
    assert [label["key"] for label in descriptor.get("labels", [])] == list(metric.labels)
    assert content.get("labelExtractors", {}) == {name: f"EXTRACT(jsonPayload.{name})" for name in metric.labels}
    assert content.get("valueExtractor") == (None if is_counter else f"EXTRACT(jsonPayload.{metric.field})")
    assert ("bucketOptions" in content) is not is_counter


@pytest.mark.parametrize("name", OURS)
def test_a_metric_selects_the_lines_of_one_event_of_our_functions_and_no_others(name: str) -> None:
    assert SHIPPED[name]["filter"].splitlines() == [
        'resource.type="cloud_run_revision"',
        'labels.python_logger="streak_core"',
        f'jsonPayload.event="{BY_NAME[name].event}"',
    ]


@pytest.mark.parametrize("name", SHIPPED)
def test_google_s_own_type_takes_a_file_as_it_is(name: str) -> None:
    metric = parsed(SHIPPED[name])
    assert metric.name == f"streak/{name}"
    assert metric.description.endswith(".")
    assert metric.metric_descriptor.display_name
    assert all(label.description for label in metric.metric_descriptor.labels)
    assert len(metric.metric_descriptor.labels) <= LABELS_MAX
    assert paths(SHIPPED[name])


@pytest.mark.parametrize(
    "wrong", [{"valueExtracter": "EXTRACT(jsonPayload.x)"}, {"metricDescriptor": {"valueType": "NUMBER"}}]
)
def test_what_google_does_not_know_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(json_format.ParseError):
        parsed({**SHIPPED["requests"], **wrong})


@pytest.mark.parametrize("name", [name for name in SHIPPED if "bucketOptions" in SHIPPED[name]])
def test_buckets_are_such_as_cloud_logging_allows(name: str) -> None:
    ((kind, options),) = SHIPPED[name]["bucketOptions"].items()
    assert 0 < options["numFiniteBuckets"] <= BUCKETS_MAX
    if kind == "linearBuckets":
        assert options["width"] > 0
    else:
        assert kind == "exponentialBuckets"
        assert options["growthFactor"] > 1
        assert options["scale"] > 0


def test_every_event_has_a_severity_of_its_own() -> None:
    from streak_core.telemetry.log import SEVERITIES

    assert set(SEVERITIES) == set(LogEvent)

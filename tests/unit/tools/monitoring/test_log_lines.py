"""Lines are read as Cloud Logging reads them, and what is not understood is refused rather than guessed."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from tools.monitoring.log_lines import NotReadableError, UnknownSyntaxError, paths, read_lines, select

AT = datetime(2026, 3, 4, 5, tzinfo=UTC)
LINE: dict[str, Any] = {
    "message": "a request was answered",
    "event": "request_completed",
    "function": "streak",
    "status": 200,
    "duration_ms": 12.5,
    "severity": "INFO",
    "logging.googleapis.com/labels": {"python_logger": "streak_core"},
    "logging.googleapis.com/trace": "projects/p/traces/1",
    "logging.googleapis.com/spanId": "",
    "httpRequest": {},
}
COUNTER: dict[str, Any] = {"name": "streak/x", "filter": 'jsonPayload.event="request_completed"'}


def counted(filtered: str, **line: Any) -> int:
    """How many of one line a filter selects."""
    return len(select({**COUNTER, "filter": filtered}, read_lines([json.dumps(LINE | line)], service="streak", at=AT)))


def test_special_fields_leave_the_payload_and_everything_else_stays() -> None:
    (entry,) = read_lines([json.dumps(LINE)], service="streak", at=AT)
    assert entry.timestamp == AT
    assert entry.content == {
        "severity": "INFO",
        "labels": {"python_logger": "streak_core"},
        "trace": "projects/p/traces/1",
        "resource": {"type": "cloud_run_revision", "labels": {"service_name": "streak"}},
        "jsonPayload": {name: LINE[name] for name in ("message", "event", "function", "status", "duration_ms")},
    }
    assert entry.payload["event"] == "request_completed"


def test_lines_that_are_no_json_object_become_no_entry() -> None:
    assert read_lines(["", "Traceback", "[1]", '"text"', "{", "null"], service="streak", at=AT) == []
    assert len(read_lines(["{}"], service="streak", at=AT)) == 1


@pytest.mark.parametrize(
    ("filtered", "selected"),
    [
        ('resource.type="cloud_run_revision"', 1),
        ('resource.type="gce_instance"', 0),
        ('labels.python_logger="streak_core"', 1),
        ('jsonPayload.event="request_completed"\njsonPayload.function="streak"', 1),
        ('jsonPayload.event="request_completed"\njsonPayload.function="calendar"', 0),
        ("jsonPayload.status=200", 1),
        ("jsonPayload.status>=200", 1),
        ("jsonPayload.status>200", 0),
        ("jsonPayload.status<=200", 1),
        ("jsonPayload.status < 200", 0),
        ("jsonPayload.missing<200", 0),
        ("jsonPayload.event=200", 0),
        ('jsonPayload.status="200"', 0),
        ("jsonPayload.duration_ms>12.4", 1),
        ('resource.labels.service_name=~"^(streak|calendar)$"', 1),
        ('resource.labels.service_name=~"^(calendar)$"', 0),
        ("severity>=INFO", 1),
        ("severity>=NOTICE", 0),
    ],
)
def test_a_filter_selects_where_all_its_comparisons_hold(filtered: str, selected: int) -> None:
    assert counted(filtered) == selected


@pytest.mark.parametrize(
    "filtered",
    [
        'jsonPayload.event!="x"',
        'jsonPayload.event:"x"',
        'jsonPayload.event=~"("',
        "jsonPayload.status=~200",
        "severity>=BAD",
        'severity="INFO"',
        "jsonPayload.event=ERROR",
        'jsonPayload.event=("x" OR "y")',
        'jsonPayload.event="x" AND severity="INFO"',
        'NOT jsonPayload.event="x"',
        'jsonPayload.event>"x"',
        'jsonPayload.event="\\""',
        "request_completed",
        "severity<ERROR",
    ],
)
def test_syntax_of_a_filter_that_is_not_known_is_refused(filtered: str) -> None:
    with pytest.raises(UnknownSyntaxError):
        counted(filtered)


def test_a_distribution_reads_its_value_and_labels() -> None:
    metric = {
        **COUNTER,
        "valueExtractor": "EXTRACT(jsonPayload.duration_ms)",
        "labelExtractors": {"function": "EXTRACT(jsonPayload.function)"},
    }
    (sample,) = select(metric, read_lines([json.dumps(LINE)], service="streak", at=AT))
    assert (sample.timestamp, sample.value, sample.labels) == (AT, 12.5, {"function": "streak"})
    assert paths(metric) == {"jsonPayload.event", "jsonPayload.duration_ms", "jsonPayload.function"}


@pytest.mark.parametrize("value", ["12", None, True, {}])
def test_a_value_that_is_no_number_is_not_read(value: Any) -> None:
    metric = {**COUNTER, "valueExtractor": "EXTRACT(jsonPayload.duration_ms)"}
    with pytest.raises(NotReadableError):
        select(metric, read_lines([json.dumps(LINE | {"duration_ms": value})], service="streak", at=AT))


@pytest.mark.parametrize("value", [7, None, ""])
def test_a_label_that_is_no_text_is_not_read(value: Any) -> None:
    metric = {**COUNTER, "labelExtractors": {"function": "EXTRACT(jsonPayload.function)"}}
    with pytest.raises(NotReadableError):
        select(metric, read_lines([json.dumps(LINE | {"function": value})], service="streak", at=AT))


@pytest.mark.parametrize(
    "extractor",
    ['REGEXP_EXTRACT(jsonPayload.x, "(.*)")', "EXTRACT(textPayload)", "jsonPayload.x", "EXTRACT(jsonPayload)"],
)
def test_syntax_of_an_extractor_that_is_not_known_is_refused(extractor: str) -> None:
    with pytest.raises(UnknownSyntaxError):
        select({**COUNTER, "valueExtractor": extractor}, read_lines([json.dumps(LINE)], service="streak", at=AT))

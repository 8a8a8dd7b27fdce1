"""The preview: log lines become the series that Cloud Logging would make, and the page says what is to be seen."""

from __future__ import annotations

import json
import math
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from emulator.errors import SetupError
from streak_core.telemetry.catalogue import METRICS, LogEvent
from streak_core.telemetry.log import LOGGER_NAME
from tests.support.wanted import needs
from tools.monitoring.checks.known_metrics import known_metrics
from tools.monitoring.dashboard import DASHBOARD, read_dashboard
from tools.monitoring.dashboard.log_filter import UnknownFilterError, matching
from tools.monitoring.log_lines import Entry, read_lines
from tools.monitoring.preview.data import DataSet, Filled, Line, fill
from tools.monitoring.preview.formatting import moment, number, unit_word
from tools.monitoring.preview.page import page
from tools.monitoring.preview.prometheus import HOW_TO_GET, Prometheus
from tools.monitoring.preview.sending import moment_of, request_id
from tools.monitoring.preview.series import dated, open_metrics

if TYPE_CHECKING:
    from collections.abc import Mapping

BEGIN = datetime(2026, 3, 2, tzinfo=UTC)
END = BEGIN + timedelta(hours=1)
SHIPPED = read_dashboard(DASHBOARD)
# Every field of a run's line that a metric reads.
REPORT = {
    "status": "success",
    **{metric.field: 0 for metric in METRICS if metric.event is LogEvent.MAINTENANCE_COMPLETED and metric.field},
}


def line(event: str, **fields: Any) -> str:
    """A log line as a function writes it."""
    logger = {"logging.googleapis.com/labels": {"python_logger": LOGGER_NAME}, "severity": "INFO"}
    return json.dumps({**logger, "message": "m", "event": event, **fields})


def entry(severity: str, service: str = "streak", at: datetime = BEGIN, **fields: Any) -> Entry:
    content = {
        "severity": severity,
        "resource": {"type": "cloud_run_revision", "labels": {"service_name": service}},
        "jsonPayload": fields,
    }
    return Entry(timestamp=at, content=content)


def run_at(at: datetime, **fields: Any) -> str:
    return line("maintenance_completed", **{**REPORT, "request_id": request_id(at), **fields})


def entries_of(lines: list[str]) -> list[Entry]:
    return dated(read_lines(lines, service="maintenance", at=END), BEGIN)


def series(name: str, lines: list[str]) -> dict[str, list[float]]:
    """The values of each series that lines make of one metric in an hour, by what its labels end with."""
    found: dict[str, list[float]] = {}
    for text in open_metrics(entries_of(lines), BEGIN, END, {f"logging_googleapis_com:user_streak_{name}"}):
        if text != "# EOF":
            labels, value, _ = text.rsplit(" ", 2)
            found.setdefault(labels.rpartition(",")[2], []).append(float(value))
    return found


def filled(title: str, values: Mapping[str, list[float]], unit: str = "%") -> Filled:
    tile = next(one for one in SHIPPED["mosaicLayout"]["tiles"] if one["widget"]["title"] == title)
    widget = tile["widget"]
    wanted = widget["xyChart"]["dataSets"] if "xyChart" in widget else [widget["scorecard"]]
    times = [BEGIN.timestamp() + 300 * number for number in range(13)]
    lines = [
        Line(legend=legend, times=times, values=[*given, *[math.nan] * 13][:13]) for legend, given in values.items()
    ]
    data_sets = [
        DataSet(
            query=one["timeSeriesQuery"]["prometheusQuery"],
            legend=one.get("legendTemplate", ""),
            unit=unit,
            plot=one.get("plotType", "LINE"),
            is_second_axis=one.get("targetAxis") == "Y2",
            step_seconds=300,
            lines=lines if place == 0 else [],
        )
        for place, one in enumerate(wanted)
    ]
    return Filled(tile=tile, data_sets=data_sets)


def shown(one: Filled) -> str:
    return page("The title", [one], BEGIN, END)


def test_a_request_id_carries_its_moment() -> None:
    at = datetime(2026, 3, 2, 5, 10, tzinfo=UTC)
    assert moment_of(request_id(at)) == at
    assert request_id(at) != request_id(at)
    assert len(request_id(at)) == 32


def test_a_line_is_dated_by_its_request_and_one_without_by_the_line_before() -> None:
    at = BEGIN + timedelta(minutes=7)
    lines = [line("a"), line("b", request_id=request_id(at)), "no JSON", line("c")]
    assert [one.timestamp for one in entries_of(lines)] == [BEGIN, at, at]


def test_a_counter_adds_its_lines_up_and_begins_at_nothing() -> None:
    lines = [run_at(BEGIN + timedelta(minutes=minutes)) for minutes in (7, 10, 60)]
    (values,) = series("maintenance_runs", lines).values()
    assert values == [0, 0, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 3]


def test_each_label_value_has_a_series_of_its_own() -> None:
    lines = [run_at(END), run_at(END, status="degraded")]
    assert series("maintenance_runs", lines).keys() == {
        'status="degraded"}',
        'status="success"}',
    }


def test_a_distribution_has_a_sum_a_count_and_buckets() -> None:
    lines = [run_at(END, memory_ratio=0.51), run_at(END, memory_ratio=0.53)]
    (total,) = series("maintenance_memory_ratio_sum", lines).values()
    (number_of_lines,) = series("maintenance_memory_ratio_count", lines).values()
    assert (total[0], total[-1], number_of_lines[-1]) == (0, 1.04, 2)


def test_a_metric_that_nothing_names_makes_no_series() -> None:
    assert series("requests", [run_at(END)]) == {}


def test_the_logs_panel_shows_what_its_filter_selects_and_nothing_else() -> None:
    entries = [entry("ERROR", n=1), entry("WARNING", n=2), entry("CRITICAL", n=3), entry("ERROR", "other", n=4)]
    text = 'resource.type="cloud_run_revision"\nresource.labels.service_name=~"^streak$"\nseverity>=ERROR'
    assert [one.payload["n"] for one in matching(text, entries)] == [1, 3]
    assert [one.payload["n"] for one in matching("severity>=WARNING", entries)] == [1, 2, 3, 4]
    assert matching('resource.type="other"', entries) == []
    with pytest.raises(UnknownFilterError):
        matching("severity<ERROR", entries)


@pytest.mark.parametrize(
    ("value", "unit", "said"),
    [
        (1, "{run}", "run"),
        (2, "{run}", "runs"),
        (0, "{user}", "users"),
        (2, "{retry}", "retries"),
        (1, "{retry}", "retry"),
        (3, "{user}/s", "users a second"),
        (3, "%", "%"),
        (3, "By", "By"),
    ],
)
def test_units_are_said_in_words(value: float, unit: str, said: str) -> None:
    assert unit_word(unit, value) == said


def test_numbers_have_as_many_decimals_as_say_something() -> None:
    assert [number(value) for value in (0, 1, 0.994, 12.34, 123.4, 1234.5, math.nan)] == [
        "0", "1", "0.99", "12.3", "123", "1,234", "none",
    ]  # fmt: skip
    assert moment(BEGIN.timestamp()) == "Mon 02 Mar, 00:00"


@pytest.mark.parametrize(
    ("value", "state"),
    [(0.59, "good"), (0.6, "warning: slow burn"), (1.43, "warning: slow burn"), (1.44, "alarm: fast burn")],
)
def test_a_scorecard_says_the_gravest_threshold_that_is_reached(value: float, state: str) -> None:
    text = shown(filled("API answers that are 5xx, last hour", {"": [0.0, value]}))
    assert f">{state}<" in text
    assert f"{number(value)} <small>%</small>" in text


@pytest.mark.parametrize(("value", "state"), [(1.0, "good"), (0.0, "alarm: maintenance_missing")])
def test_a_scorecard_that_must_not_fall_is_alarmed_when_it_does(value: float, state: str) -> None:
    assert f">{state}<" in shown(filled("Job status: runs that ended well, last day", {"": [value]}, unit="{run}"))


def test_a_chart_has_its_title_axis_legend_threshold_and_query() -> None:
    text = shown(filled("Transaction retries", {"streak": [0, 60, 20], "calendar": [1, 2, 3]}))
    for part in ("<svg", "Transaction retries", "retries in 10 minutes", ">streak<", ">calendar<", "contention: 100"):
        assert part in text
    assert "sum by (function) (increase(logging_googleapis_com:user_streak_transaction_retries" in text
    assert "02 Mar" in text


def test_a_threshold_far_above_the_data_is_said_and_does_not_press_it_flat() -> None:
    assert "deadline of a run: 1,500, above this chart" in shown(filled("Duration of a run", {"last run": [1.0, 2.0]}))


def test_what_is_empty_is_said_in_words() -> None:
    nothing = filled("Users processed", {})
    assert nothing.is_empty
    assert "nothing of this was logged" in shown(nothing)
    assert "nothing of this was logged" in shown(filled("Oldest overdue user", {}))


def test_a_query_that_finds_nothing_is_said_beside_those_that_do() -> None:
    one = filled("Answers that are 5xx", {"as our functions count": [0.0]})
    assert one.is_empty
    assert "as Cloud Run counts: nothing of this was logged" in shown(one)


def test_the_tiles_lie_where_the_layout_has_them() -> None:
    text = shown(filled("Freezes applied", {"": [1.0]}))
    assert 'style="grid-column: 9 / span 4; grid-row: 6 / span 4"' in text


def test_a_line_of_the_log_is_shown_as_text_whatever_it_says() -> None:
    tile = next(one for one in SHIPPED["mosaicLayout"]["tiles"] if "logsPanel" in one["widget"])
    text = shown(Filled(tile=tile, entries=[entry("ERROR", message="<script>", event="user_failed")]))
    assert "&lt;script&gt;" in text
    assert "<script>" not in text
    assert Filled(tile=tile).is_empty
    assert "no line that this filter selects was logged" in shown(Filled(tile=tile))


def test_a_machine_without_prometheus_is_told_how_to_get_it() -> None:
    command = [sys.executable, "-m", "tools.monitoring.preview"]
    done = subprocess.run(command, capture_output=True, text=True, env={"PATH": "/nowhere"}, check=False)
    assert done.returncode == 1
    assert done.stderr == f"error: {HOW_TO_GET}\n"


def test_a_broken_dashboard_is_refused_before_anything_is_lived(tmp_path: Any) -> None:
    path = tmp_path / "dashboard.json"
    path.write_text(json.dumps({**SHIPPED, "displayName": ""}))
    command = [sys.executable, "-m", "tools.monitoring.preview", "--dashboard", str(path)]
    done = subprocess.run(command, capture_output=True, text=True, env={"PATH": "/nowhere"}, check=False)
    assert (done.returncode, done.stderr) == (1, "error: has no displayName\n")


@needs("prometheus")
def test_prometheus_answers_the_dashboards_own_queries_exactly() -> None:
    lines = [
        run_at(BEGIN + timedelta(minutes=7), users_processed=40, duration_seconds=2.5),
        run_at(BEGIN + timedelta(minutes=35), users_processed=2, duration_seconds=1.5),
    ]
    entries = entries_of(lines)
    tiles = {one["widget"]["title"]: one for one in SHIPPED["mosaicLayout"]["tiles"]}
    names = {name for metric in known_metrics().by_type.values() for name in metric.promql_names}
    with Prometheus(open_metrics(entries, BEGIN, END, names)) as prometheus:

        def values(title: str) -> list[float]:
            (first,) = fill(tiles[title], prometheus, entries, BEGIN, END).data_sets[0].lines
            return list(first.values)

        assert values("Users processed")[-1] == 42
        assert values("Job status: runs that ended well, last day")[-1] == pytest.approx(2, rel=0.1)
        assert values("Duration of a run")[-1] == 2
        with pytest.raises(SetupError, match="Prometheus refuses"):
            prometheus.query("sum(", BEGIN, END, 300)


@needs("prometheus")
def test_series_that_are_no_open_metrics_are_refused() -> None:
    with pytest.raises(SetupError, match="promtool can't read the series"), Prometheus(["nonsense"]):
        pass

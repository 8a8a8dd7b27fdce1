"""Checks one widget: that it says what it shows, in which unit, and that its queries are right.

It must not know where the widget lies.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from functions.catalogue import FUNCTIONS
from tools.monitoring.checks.promql import promql_problems
from tools.monitoring.log_lines import UnknownSyntaxError, function_entry, lowest_severity, matching

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from tools.monitoring.known_metrics import KnownMetrics

_LEGEND: Final = re.compile(r"\$\{([^}]*)\}")
_BY: Final = re.compile(r"\bby\s*\(([^)]*)\)")


def widget_problems(widget: Any, known: KnownMetrics) -> list[str]:  # noqa: ANN401 - a generated message
    """What is wrong with a widget; nothing where all is well."""
    kind = widget.WhichOneof("content")
    found = [] if widget.title else ["has no title"]
    if kind not in _CHECKS:
        return [*found, f"must show one of {', '.join(sorted(_CHECKS))}"]
    return [*found, *_CHECKS[kind](getattr(widget, kind), known)]


def _of_chart(chart: Any, known: KnownMetrics) -> Iterator[str]:  # noqa: ANN401 - a generated message
    if not chart.data_sets:
        yield "has no data"
    if not chart.y_axis.label:
        yield "its axis says no unit"
    second = [one for one in chart.data_sets if one.target_axis == one.Y2]
    if bool(second) != bool(chart.y2_axis.label):
        yield "must have a label at its second axis where data is drawn against it, and only there"
    for one in chart.data_sets:
        yield from _of_query(one.time_series_query, known)
        yield from _of_data_set(one, is_alone=len(chart.data_sets) == 1)
    for threshold in chart.thresholds:
        if not threshold.label:
            yield "a threshold does not say what it is"
        if threshold.color or threshold.direction:
            yield "a threshold of a chart has no colour and no direction"


def _of_data_set(one: Any, *, is_alone: bool) -> Iterator[str]:  # noqa: ANN401 - a generated message
    if not one.plot_type:
        yield "does not say how it is drawn: plotType"
    if not one.target_axis:
        yield "does not say against which axis it is drawn: targetAxis"
    if not one.legend_template and not is_alone:
        yield "must name each of its data: legendTemplate"
    query = one.time_series_query.prometheus_query
    kept = {label.strip() for labels in _BY.findall(query) for label in labels.split(",")}
    for label in _LEGEND.findall(one.legend_template):
        if label not in kept:
            yield f"its legend names the label {label}, which its query does not keep"


def _of_scorecard(card: Any, known: KnownMetrics) -> Iterator[str]:  # noqa: ANN401 - a generated message
    yield from _of_query(card.time_series_query, known)
    if card.WhichOneof("data_view") != "spark_chart_view":
        yield "must show where its number comes from: sparkChartView"
    if not card.thresholds:
        yield "has no threshold: nobody knows whether the number is good"
    for threshold in card.thresholds:
        if not threshold.label:
            yield "a threshold does not say what it is"
        if not threshold.color or not threshold.direction or threshold.target_axis:
            yield "a threshold of a scorecard has a colour and a direction, and no axis"


def _of_query(query: Any, known: KnownMetrics) -> Iterator[str]:  # noqa: ANN401 - a generated message
    if query.WhichOneof("source") != "prometheus_query" or not query.prometheus_query.strip():
        yield "has no prometheusQuery"
        return
    yield from promql_problems(query.prometheus_query, known)
    if not query.unit_override:
        yield "has no unit: unitOverride"


def _of_logs(panel: Any, _known: KnownMetrics) -> Iterator[str]:  # noqa: ANN401 - a generated message
    try:
        if lowest_severity(panel.filter) is None:
            yield "must say from which severity on it shows lines"
        missing = [name for name in FUNCTIONS if not matching(panel.filter, [function_entry(name, "EMERGENCY")])]
    except UnknownSyntaxError as error:
        yield str(error)
        return
    if missing:
        yield f"leaves out {', '.join(sorted(missing))}"


def _of_header(_header: Any, _known: KnownMetrics) -> Iterator[str]:  # noqa: ANN401 - a generated message
    yield from ()


_CHECKS: Final[Mapping[str, Callable[[Any, KnownMetrics], Iterator[str]]]] = {
    "xy_chart": _of_chart,
    "scorecard": _of_scorecard,
    "logs_panel": _of_logs,
    "section_header": _of_header,
}

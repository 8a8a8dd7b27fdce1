"""Checks one widget: that it says what it shows, in which unit, and that its queries are right.

It must not know where the widget lies.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Any, Final

from functions.catalogue import FUNCTIONS
from tools.monitoring.checks.promql import promql_problems
from tools.monitoring.log_lines import UnknownSyntaxError, function_entry, lowest_severity, matching

if TYPE_CHECKING:
    from tools.monitoring.known_metrics import KnownMetrics

_LEGEND: Final = re.compile(r"\$\{([^}]*)\}")
_BY: Final = re.compile(r"\bby\s*\(([^)]*)\)")


# A complaint, and whether there is reason for it.
Judged = Iterator[tuple[str, object]]


def widget_problems(widget: Any, known: KnownMetrics) -> list[str]:  # noqa: ANN401 - a generated message
    """What is wrong with a widget; nothing where all is well."""
    kind = widget.WhichOneof("content")
    found = [] if widget.title else ["has no title"]
    if kind not in _CHECKS:
        return [*found, f"must show one of {', '.join(sorted(_CHECKS))}"]
    return [*found, *(complaint for complaint, is_wrong in _CHECKS[kind](getattr(widget, kind), known) if is_wrong)]


def _of_chart(chart: Any, known: KnownMetrics) -> Judged:  # noqa: ANN401 - a generated message
    yield "has no data", not chart.data_sets
    yield "its axis says no unit", not chart.y_axis.label
    second = any(one.target_axis == one.Y2 for one in chart.data_sets)
    axis = "must have a label at its second axis where data is drawn against it, and only there"
    yield axis, second != bool(chart.y2_axis.label)
    for one in chart.data_sets:
        yield from _of_query(one.time_series_query, known)
        yield from _of_data_set(one, is_alone=len(chart.data_sets) == 1)
    for threshold in chart.thresholds:
        yield "a threshold does not say what it is", not threshold.label
        yield "a threshold of a chart has no colour and no direction", threshold.color or threshold.direction


def _of_data_set(one: Any, *, is_alone: bool) -> Judged:  # noqa: ANN401 - a generated message
    yield "does not say how it is drawn: plotType", not one.plot_type
    yield "does not say against which axis it is drawn: targetAxis", not one.target_axis
    yield "must name each of its data: legendTemplate", not one.legend_template and not is_alone
    query = one.time_series_query.prometheus_query
    kept = {label.strip() for labels in _BY.findall(query) for label in labels.split(",")}
    for label in _LEGEND.findall(one.legend_template):
        yield f"its legend names the label {label}, which its query does not keep", label not in kept


def _of_scorecard(card: Any, known: KnownMetrics) -> Judged:  # noqa: ANN401 - a generated message
    yield from _of_query(card.time_series_query, known)
    origin = "must show where its number comes from: sparkChartView"
    yield origin, card.WhichOneof("data_view") != "spark_chart_view"
    yield "has no threshold: nobody knows whether the number is good", not card.thresholds
    for threshold in card.thresholds:
        yield "a threshold does not say what it is", not threshold.label
        is_whole = threshold.color and threshold.direction and not threshold.target_axis
        yield "a threshold of a scorecard has a colour and a direction, and no axis", not is_whole


def _of_query(query: Any, known: KnownMetrics) -> Judged:  # noqa: ANN401 - a generated message
    if query.WhichOneof("source") != "prometheus_query" or not query.prometheus_query.strip():
        yield "has no prometheusQuery", True
        return
    yield from ((problem, True) for problem in promql_problems(query.prometheus_query, known))
    yield "has no unit: unitOverride", not query.unit_override


def _of_logs(panel: Any, _known: KnownMetrics) -> Judged:  # noqa: ANN401 - a generated message
    try:
        yield "must say from which severity on it shows lines", lowest_severity(panel.filter) is None
        missing = [name for name in FUNCTIONS if not matching(panel.filter, [function_entry(name, "EMERGENCY")])]
    except UnknownSyntaxError as error:
        yield str(error), True
        return
    yield f"leaves out {', '.join(sorted(missing))}", missing


_CHECKS: Final[Mapping[str, Callable[[Any, KnownMetrics], Judged]]] = {
    "xy_chart": _of_chart,
    "scorecard": _of_scorecard,
    "logs_panel": _of_logs,
    "section_header": lambda _header, _known: iter(()),
}

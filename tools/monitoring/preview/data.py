"""What the queries and the filters of the widgets answer, widget by widget.

It must not draw.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

from tools.monitoring.dashboard.log_filter import matching
from tools.monitoring.preview.series import INTERVAL_SECONDS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from tools.monitoring.log_lines import Entry
    from tools.monitoring.preview.prometheus import Prometheus, Series

_LABEL: Final = re.compile(r"\$\{([^}]*)\}")
_SECONDS: Final = re.compile(r"([0-9]+)s")


@dataclass(frozen=True, kw_only=True)
class Line:
    """One series of a chart: Unix seconds and values; not a number where there is none."""

    legend: str
    times: Sequence[float]
    values: Sequence[float]


@dataclass(frozen=True, kw_only=True)
class DataSet:
    """What one query answered, and how its widget wants it drawn."""

    query: str
    legend: str
    unit: str
    plot: str
    is_second_axis: bool
    step_seconds: int
    lines: Sequence[Line]


@dataclass(frozen=True, kw_only=True)
class Filled:
    """A tile with its data: those of its queries, or the entries of its filter, the newest first."""

    tile: Mapping[str, Any]
    data_sets: Sequence[DataSet] = ()
    entries: Sequence[Entry] = ()

    @property
    def widget(self) -> Mapping[str, Any]:
        """What the tile shows."""
        found: Mapping[str, Any] = self.tile["widget"]
        return found

    @property
    def is_empty(self) -> bool:
        """Whether one of its queries, or its filter, found nothing."""
        if "logsPanel" in self.widget:
            return not self.entries
        return any(not data.lines for data in self.data_sets)


def queries(tiles: Sequence[Mapping[str, Any]]) -> list[str]:
    """All queries of some tiles."""
    return [one["timeSeriesQuery"]["prometheusQuery"] for tile in tiles for one in _wanted(tile["widget"])]


def fill(
    tile: Mapping[str, Any], prometheus: Prometheus, entries: Sequence[Entry], begin: datetime, end: datetime
) -> Filled:
    """The tile's data from `begin` to `end`. Raises `SetupError` when a query is refused."""
    widget = tile["widget"]
    if "logsPanel" in widget:
        shown = matching(widget["logsPanel"]["filter"], entries)
        return Filled(tile=tile, entries=sorted(shown, key=lambda entry: entry.timestamp, reverse=True))
    return Filled(tile=tile, data_sets=[_answered(one, prometheus, begin, end) for one in _wanted(widget)])


def _wanted(widget: Mapping[str, Any]) -> Sequence[Mapping[str, Any]]:
    """The data sets of a widget; the number of a scorecard is one, too."""
    if "scorecard" in widget:
        return [{"timeSeriesQuery": widget["scorecard"]["timeSeriesQuery"], "plotType": "LINE", "targetAxis": "Y1"}]
    found: Sequence[Mapping[str, Any]] = widget.get("xyChart", {}).get("dataSets", [])
    return found


def _answered(wanted: Mapping[str, Any], prometheus: Prometheus, begin: datetime, end: datetime) -> DataSet:
    query = wanted["timeSeriesQuery"]
    step = _step(wanted.get("minAlignmentPeriod"))
    # Cloud Monitoring, too, lays its points on whole steps.
    first = datetime.fromtimestamp(-(-begin.timestamp() // step) * step, UTC)
    answered = prometheus.query(query["prometheusQuery"], first, end, step)
    grid = _grid(first, end, step)
    return DataSet(
        query=query["prometheusQuery"],
        legend=_LABEL.sub("", wanted.get("legendTemplate", "")),
        unit=query["unitOverride"],
        plot=wanted["plotType"],
        is_second_axis=wanted["targetAxis"] == "Y2",
        step_seconds=step,
        lines=[_line(one, wanted.get("legendTemplate", ""), grid) for one in answered],
    )


def _step(least: str | None) -> int:
    match = _SECONDS.fullmatch(least or "")
    return max(INTERVAL_SECONDS, int(match[1])) if match else INTERVAL_SECONDS


def _grid(first: datetime, end: datetime, step: int) -> Sequence[float]:
    return [first.timestamp() + number * step for number in range(int((end - first) / timedelta(seconds=step)) + 1)]


def _line(series: Series, template: str, grid: Sequence[float]) -> Line:
    """Where the series has no point, the line has a gap."""
    found = dict(zip(series.times, series.values, strict=True))
    legend = _LABEL.sub(lambda match: series.labels.get(match[1], ""), template)
    return Line(legend=legend, times=grid, values=[found.get(at, math.nan) for at in grid])

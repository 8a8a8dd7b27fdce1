"""What the queries and the filters of the widgets answer, widget by widget.

It must not draw.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

from tools.monitoring.checks.promql import metric_names
from tools.monitoring.drill.series import series_of
from tools.monitoring.log_lines import matching
from tools.monitoring.preview.prometheus import Prometheus

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from datetime import datetime

    from tools.monitoring.drill.series import Placement
    from tools.monitoring.log_lines import Entry

INTERVAL_SECONDS: Final = 300
_MINUTE_SECONDS: Final = 60
_LABEL: Final = re.compile(r"\$\{([^}]*)\}")
_SECONDS: Final = re.compile(r"([0-9]+)s")

Tile = dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class Line:
    """One series of a widget: Unix seconds and values."""

    legend: str
    unit: str
    # Whether it is drawn against the second axis.
    is_second: bool = False
    times: Sequence[float]
    values: Sequence[float]


@dataclass(frozen=True, kw_only=True)
class Filled:
    """A tile with its data: the series of its queries, or the entries of its filter, the newest first."""

    tile: Mapping[str, Any]
    # How many of its queries found nothing.
    silent_queries: int = 0
    lines: Sequence[Line] = ()
    entries: Sequence[Entry] = ()

    @property
    def widget(self) -> Mapping[str, Any]:
        """What the tile shows."""
        found: Mapping[str, Any] = self.tile["widget"]
        return found

    @property
    def title(self) -> str:
        """What it is called."""
        return str(self.widget["title"])

    @property
    def is_empty(self) -> bool:
        """Whether one of its queries, or its filter, found nothing."""
        return not self.entries if "logsPanel" in self.widget else bool(self.silent_queries)


def ask(tiles: Sequence[Tile], placements: Sequence[Placement], begin: datetime, end: datetime) -> list[Filled]:
    """Each tile with its data. Raises `SetupError` when a query is refused."""
    names = {name for tile in tiles for one in _wanted(tile) for name in metric_names(one["prometheusQuery"])}
    entries = list(_dated(placements, begin))
    with Prometheus(open_metrics(placements, begin, end, names)) as prometheus:
        return [_filled(tile, prometheus, entries, begin, end) for tile in tiles]


def open_metrics(placements: Sequence[Placement], begin: datetime, end: datetime, names: set[str]) -> Iterator[str]:
    """The lines of the series of those PromQL names, in the OpenMetrics text that Prometheus reads."""
    minutes = int((end - begin).total_seconds()) // _MINUTE_SECONDS + 1
    for series in series_of(placements, minutes, names):
        for minute in range(0, minutes, INTERVAL_SECONDS // _MINUTE_SECONDS):
            # Before its first line a counter is at nothing, so that the first line, too, is an increase.
            value = series.values[minute - series.first] if minute >= series.first else 0.0
            if value is not None:
                yield f"{series.selector} {value:.12g} {int(begin.timestamp()) + minute * _MINUTE_SECONDS}"
    yield "# EOF"


def _dated(placements: Iterable[Placement], begin: datetime) -> Iterator[Entry]:
    for placement in placements:
        for minute in placement.minutes:
            at = begin + timedelta(minutes=minute)
            yield from (replace(entry, timestamp=at) for entry in placement.entries)


def _wanted(tile: Tile) -> list[Mapping[str, Any]]:
    """The queries of a widget, each with its legend and its step; the number of a scorecard is one, too."""
    widget = tile["widget"]
    sets = [widget["scorecard"]] if "scorecard" in widget else widget.get("xyChart", {}).get("dataSets", [])
    return [
        {
            **one["timeSeriesQuery"],
            "legend": one.get("legendTemplate", ""),
            "step": _step(one.get("minAlignmentPeriod")),
            "is_second": one.get("targetAxis") == "Y2",
        }
        for one in sets
    ]


def _filled(tile: Tile, prometheus: Prometheus, entries: Sequence[Entry], begin: datetime, end: datetime) -> Filled:
    widget = tile["widget"]
    if "logsPanel" in widget:
        shown = matching(widget["logsPanel"]["filter"], entries)
        return Filled(tile=tile, entries=sorted(shown, key=lambda entry: entry.timestamp, reverse=True))
    answers = [
        [
            Line(
                legend=_LABEL.sub(lambda match, labels=one.labels: labels.get(match[1], ""), wanted["legend"]),  # type: ignore[misc]
                unit=wanted["unitOverride"],
                is_second=wanted["is_second"],
                times=one.times,
                values=one.values,
            )
            for one in prometheus.query(wanted["prometheusQuery"], begin, end, wanted["step"])
        ]
        for wanted in _wanted(tile)
    ]
    lines = [line for answer in answers for line in answer]
    return Filled(tile=tile, lines=lines, silent_queries=sum(not answer for answer in answers))


def _step(least: str | None) -> int:
    match = _SECONDS.fullmatch(least or "")
    return max(INTERVAL_SECONDS, int(match[1])) if match else INTERVAL_SECONDS

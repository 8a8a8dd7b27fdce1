"""Whether each widget of the dashboard has something to show, in days in which everything happens at least once.

It must not draw. A query that finds nothing then asks for something else than it should.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tools.monitoring.checks.dashboard import DASHBOARD
from tools.monitoring.checks.promql import metric_names
from tools.monitoring.drill.promtool import silent
from tools.monitoring.drill.series import series_of
from tools.monitoring.files import read_document
from tools.monitoring.log_lines import matching
from tools.monitoring.variables import EXAMPLES, filled

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from tools.monitoring.drill.series import Placement

Widget = dict[str, Any]


def shipped_widgets() -> list[Widget]:
    """Those of the project's dashboard."""
    return [tile["widget"] for tile in filled(read_document(DASHBOARD), EXAMPLES)["mosaicLayout"]["tiles"]]


def empty_widgets(
    promtool: str, placements: Sequence[Placement], minutes: int, widgets: Sequence[Widget] | None = None
) -> list[str]:
    """The titles of widgets of which a query, or the filter, finds nothing. Raises `PromtoolError`."""
    shown = shipped_widgets() if widgets is None else widgets
    queries = [query for widget in shown for query in _queries(widget)]
    names = {name for query in queries for name in metric_names(query)}
    nothing = set(silent(promtool, queries, series_of(placements, minutes, names), minutes))
    entries = [entry for placement in placements for entry in placement.entries]
    return [
        widget["title"]
        for widget in shown
        if nothing.intersection(_queries(widget))
        or ("logsPanel" in widget and not matching(widget["logsPanel"]["filter"], entries))
    ]


def _queries(widget: Mapping[str, Any]) -> list[str]:
    """The number of a scorecard is one, too."""
    sets = [widget["scorecard"]] if "scorecard" in widget else widget.get("xyChart", {}).get("dataSets", [])
    return [one["timeSeriesQuery"]["prometheusQuery"] for one in sets]

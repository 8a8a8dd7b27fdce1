"""Gathers what is wrong with a dashboard: strictly what the API takes, and what its readers would trip over.

It must not know what a widget needs.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING, Any, Final

from google.cloud.monitoring_dashboard_v1 import Dashboard
from google.protobuf import json_format  # type: ignore[import-untyped]

from emulator.places import ROOT
from tools.monitoring.checks.widgets import widget_problems
from tools.monitoring.known_metrics import known_metrics
from tools.monitoring.variables import placeholders

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from tools.monitoring.known_metrics import KnownMetrics

DASHBOARD: Final = ROOT / "monitoring" / "streak_maintenance_dashboard.json"
# As the reference of MosaicLayout states it.
COLUMNS_MAX: Final = 12
_SERVER_FILLS: Final = ("name", "etag")


def dashboard_problems(content: Mapping[str, Any], known: KnownMetrics | None = None) -> list[str]:
    """What is wrong with a dashboard; nothing where all is well. `known` is of this project where it is not given."""
    dashboard = Dashboard.pb(Dashboard())
    try:
        json_format.ParseDict(content, dashboard, ignore_unknown_fields=False)
    except (json_format.ParseError, AttributeError, TypeError) as error:
        return [f"is no dashboard: {error}"]
    return [
        *_of_whole(content, dashboard),
        *_of_layout(dashboard),
        *_of_widgets(dashboard, known or known_metrics()),
    ]


def _of_whole(content: Mapping[str, Any], dashboard: Any) -> Iterator[str]:  # noqa: ANN401 - a generated message
    if not dashboard.display_name:
        yield "has no displayName"
    yield from (f"{name}: is filled in when it is deployed" for name in _SERVER_FILLS if getattr(dashboard, name))
    # It is to be deployable as it stands, by gcloud alone.
    yield from (f"${{{name}}}: a dashboard has no variables" for name in sorted(placeholders(content)))


def _of_layout(dashboard: Any) -> list[str]:  # noqa: ANN401 - a generated message
    layout = dashboard.mosaic_layout
    if dashboard.WhichOneof("layout") != "mosaic_layout":
        return ["must have a mosaicLayout"]
    if not 1 <= layout.columns <= COLUMNS_MAX:
        return [f"has {layout.columns} columns; 1 to {COLUMNS_MAX} are allowed"]
    if not layout.tiles:
        return ["has no tiles"]
    return [problem for tile in layout.tiles for problem in _of_tile(tile, layout.columns)] or list(_of_cells(layout))


def _of_tile(tile: Any, columns: int) -> Iterator[str]:  # noqa: ANN401 - a generated message
    name = tile.widget.title or "a tile"
    if tile.width < 1 or tile.height < 1:
        yield f"{name}: is {tile.width} wide and {tile.height} high; both are at least 1"
    if tile.x_pos < 0 or tile.y_pos < 0 or tile.x_pos + tile.width > columns:
        yield f"{name}: lies outside the {columns} columns"


def _of_cells(layout: Any) -> Iterator[str]:  # noqa: ANN401 - a generated message
    """A cell that two tiles cover, or that none covers above the last tile's end, looks broken."""
    covering: dict[tuple[int, int], list[str]] = defaultdict(list)
    for tile in layout.tiles:
        for y in range(tile.y_pos, tile.y_pos + tile.height):
            for x in range(tile.x_pos, tile.x_pos + tile.width):
                covering[y, x].append(tile.widget.title)
    overlapping = {" and ".join(sorted(titles)) for titles in covering.values() if len(titles) > 1}
    yield from (f"{titles}: overlap" for titles in sorted(overlapping))
    for y in range(max(covering)[0] + 1):
        if missing := [x for x in range(layout.columns) if (y, x) not in covering]:
            yield f"there is a hole in row {y}, at column {missing[0]}"


def _of_widgets(dashboard: Any, known: KnownMetrics) -> Iterator[str]:  # noqa: ANN401 - a generated message
    widgets = [tile.widget for tile in dashboard.mosaic_layout.tiles]
    for title, number in Counter(widget.title for widget in widgets).items():
        if number > 1:
            yield f"{number} widgets have the title {title!r}"
    for widget in widgets:
        yield from (f"{widget.title or 'a widget'}: {problem}" for problem in widget_problems(widget, known))

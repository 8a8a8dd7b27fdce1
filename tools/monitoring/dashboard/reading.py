"""Reads the dashboard's file strictly, and gathers what is wrong with it.

It must not know what a widget or a layout needs.
"""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from google.cloud.monitoring_dashboard_v1 import Dashboard
from google.protobuf import json_format  # type: ignore[import-untyped]

from emulator.places import ROOT
from tools.monitoring.checks.known_metrics import known_metrics
from tools.monitoring.dashboard.layout import layout_problems
from tools.monitoring.dashboard.widgets import widget_problems
from tools.monitoring.variables import placeholders

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from tools.monitoring.checks.known_metrics import KnownMetrics

DASHBOARD: Final = ROOT / "monitoring" / "streak_maintenance_dashboard.json"
_SERVER_FILLS: Final = ("name", "etag")


class NotADashboardError(Exception):
    """The file holds no dashboard; the message says why."""


def read_dashboard(path: Path) -> dict[str, Any]:
    """The content of a file, each name once. Raises `NotADashboardError`."""
    try:
        found = json.loads(path.read_text(encoding="utf-8"), object_pairs_hook=_each_once)
    except (OSError, ValueError) as error:
        message = f"{path.name}: {error}"
        raise NotADashboardError(message) from error
    if not isinstance(found, dict):
        message = f"{path.name}: is not one object"
        raise NotADashboardError(message)
    return found


def dashboard_problems(content: Mapping[str, Any], known: KnownMetrics | None = None) -> list[str]:
    """What is wrong with a dashboard; nothing where all is well. `known` is of this project where it is not given."""
    dashboard = Dashboard.pb(Dashboard())
    try:
        json_format.ParseDict(content, dashboard, ignore_unknown_fields=False)
    except (json_format.ParseError, AttributeError, TypeError) as error:
        return [f"is no dashboard: {error}"]
    return [
        *_of_whole(content, dashboard),
        *layout_problems(dashboard),
        *_of_widgets(dashboard, known or known_metrics()),
    ]


def _of_whole(content: Mapping[str, Any], dashboard: Any) -> Iterator[str]:  # noqa: ANN401 - a generated message
    if not dashboard.display_name:
        yield "has no displayName"
    yield from (f"{name}: is filled in when it is deployed" for name in _SERVER_FILLS if getattr(dashboard, name))
    # It is to be deployable as it stands, by gcloud alone.
    yield from (f"${{{name}}}: a dashboard has no variables" for name in sorted(placeholders(content)))


def _of_widgets(dashboard: Any, known: KnownMetrics) -> Iterator[str]:  # noqa: ANN401 - a generated message
    widgets = [tile.widget for tile in dashboard.mosaic_layout.tiles]
    for title, number in Counter(widget.title for widget in widgets).items():
        if number > 1:
            yield f"{number} widgets have the title {title!r}"
    for widget in widgets:
        yield from (f"{widget.title or 'a widget'}: {problem}" for problem in widget_problems(widget, known))


def _each_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        message = f"a name stands twice among {sorted(name for name, _ in pairs)}"
        raise ValueError(message)
    return found

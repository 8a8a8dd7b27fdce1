"""Gathers what is wrong with a dashboard: strictly what the API takes, and what its readers would trip over.

It must not know what a widget or a layout needs.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any, Final

from google.cloud.monitoring_dashboard_v1 import Dashboard
from google.protobuf import json_format  # type: ignore[import-untyped]

from emulator.places import ROOT
from tools.monitoring.checks.layout import layout_problems
from tools.monitoring.checks.widgets import widget_problems
from tools.monitoring.known_metrics import known_metrics
from tools.monitoring.variables import placeholders

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from tools.monitoring.known_metrics import KnownMetrics

DASHBOARD: Final = ROOT / "monitoring" / "streak_maintenance_dashboard.json"
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

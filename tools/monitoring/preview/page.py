"""The page: the tiles where the layout has them, each with its title, its data and its query.

It must not ask for data, nor draw a chart.
"""

from __future__ import annotations

import math
from html import escape
from typing import TYPE_CHECKING, Any, Final

from tools.monitoring.preview.data import Filled
from tools.monitoring.preview.drawing import NOTHING, chart, spark
from tools.monitoring.preview.formatting import moment, number, unit_word

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from tools.monitoring.log_lines import Entry

COLUMN_PIXELS: Final = 110
# As in the style below.
ROW_PIXELS: Final = 72
_GAP_PIXELS: Final = 8
_AROUND_PIXELS: Final = 40
_ENTRIES_MAX: Final = 50
_COLOURS: Final = {"": "#188038", "YELLOW": "#e37400", "RED": "#c5221f"}
_STATES: Final = {"": "good", "YELLOW": "warning", "RED": "alarm"}
_STYLE: Final = """
:root { color-scheme: light; font-family: Roboto, "Helvetica Neue", Arial, sans-serif; color: #202124; }
body { margin: 0; background: #f1f3f4; }
header { padding: 16px 24px 4px; } h1 { font-size: 20px; font-weight: 500; margin: 0 0 4px; }
header p { margin: 0; color: #5f6368; font-size: 13px; }
main { display: grid; grid-template-columns: repeat(12, 1fr); grid-auto-rows: 72px; gap: 8px; padding: 12px 24px 48px;
  min-width: 1100px; max-width: 1500px; margin: auto; }
header { max-width: 1500px; margin: auto; }
section { background: #fff; border: 1px solid #dadce0; border-radius: 8px; padding: 8px 12px; position: relative;
  display: flex; flex-direction: column; overflow: hidden; }
section.head { background: none; border: 0; border-bottom: 1px solid #bdc1c6; border-radius: 0; padding: 8px 0 6px;
  justify-content: flex-end; }
section.head h2 { font-size: 18px; } section.head p { margin: 2px 0 0; color: #5f6368; font-size: 13px; }
h2 { font-size: 14px; font-weight: 500; margin: 0; padding-right: 44px; }
section svg { width: 100%; height: 100%; min-height: 0; flex: 1; }
.value { font-size: 34px; line-height: 1.2; margin: 6px 0 0; } .value small { font-size: 15px; color: #5f6368; }
.state { font-size: 12px; margin: 2px 0 4px; }
.empty { margin: auto; color: #5f6368; font-size: 14px; }
details { position: absolute; top: 8px; right: 12px; font-size: 12px; color: #5f6368; max-width: calc(100% - 24px); }
details summary { cursor: pointer; text-align: right; list-style: none; text-decoration: underline dotted; }
details[open] { background: #fff; border: 1px solid #dadce0; border-radius: 8px; padding: 4px 8px; z-index: 1;
  bottom: 8px; left: 12px; overflow: auto; }
pre { white-space: pre-wrap; overflow-wrap: anywhere; font-size: 11px; margin: 4px 0 8px; color: #202124; }
.log { overflow: auto; margin-top: 6px; } table { border-collapse: collapse; font-size: 12px; width: 100%; }
th { position: sticky; top: 0; background: #fff; text-align: left; font-weight: 500; color: #5f6368; }
td, th { padding: 3px 12px 3px 0; border-bottom: 1px solid #e8eaed; white-space: nowrap; }
td:last-child { width: 100%; white-space: normal; }
.ERROR { color: #c5221f; } .CRITICAL { color: #fff; background: #c5221f; padding: 0 4px; border-radius: 3px; }
"""


def page(title: str, tiles: Sequence[Filled], begin: datetime, end: datetime) -> str:
    """One HTML page that needs nothing beside itself."""
    span = f"{moment(begin.timestamp())} to {moment(end.timestamp())} UTC"
    body = "\n".join(_section(filled, begin, end) for filled in tiles)
    return f"""<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>{escape(title)}</title><style>{_STYLE}</style></head><body>
<header><h1>{escape(title)}</h1><p>{span}, simulated. The functions and the job wrote these log lines on this machine;
layout, titles and queries are those that are deployed. What Cloud Run would count is read from the same lines.</p>
</header>
<main>
{body}
</main></body></html>
"""


def _section(filled: Filled, begin: datetime, end: datetime) -> str:
    tile, widget = filled.tile, filled.widget
    place = (
        f"grid-column: {tile.get('xPos', 0) + 1} / span {tile['width']}; "
        f"grid-row: {tile.get('yPos', 0) + 1} / span {tile['height']}"
    )
    kind = next(name for name in _CONTENTS if name in widget)
    content = _CONTENTS[kind](filled, begin, end)
    shape = ' class="head"' if kind == "sectionHeader" else ""
    return f'<section{shape} style="{place}"><h2>{escape(widget["title"])}</h2>{content}{_queries(filled)}</section>'


def _queries(filled: Filled) -> str:
    texts = [data.query for data in filled.data_sets]
    if "logsPanel" in filled.widget:
        texts = [filled.widget["logsPanel"]["filter"]]
    shown = "".join(f"<pre>{escape(text)}</pre>" for text in texts)
    return f"<details><summary>query</summary>{shown}</details>" if texts else ""


def _of_header(filled: Filled, _begin: datetime, _end: datetime) -> str:
    return f"<p>{escape(filled.widget['sectionHeader'].get('subtitle', ''))}</p>"


def _of_chart(filled: Filled, begin: datetime, end: datetime) -> str:
    tile = filled.tile
    height = tile["height"] * (ROW_PIXELS + _GAP_PIXELS) - _GAP_PIXELS - _AROUND_PIXELS
    return chart(filled, begin, end, tile["width"] * COLUMN_PIXELS, height)


def _of_scorecard(filled: Filled, _begin: datetime, _end: datetime) -> str:
    (data,) = filled.data_sets
    points = [value for line in data.lines for value in line.values if not math.isnan(value)]
    if not points:
        return f'<p class="empty">{NOTHING}</p>'
    colour, reason = _state(points[-1], filled.widget["scorecard"]["thresholds"])
    picture = spark(data.lines[0], _COLOURS[colour], filled.tile["width"] * COLUMN_PIXELS, ROW_PIXELS)
    return (
        f'<p class="value" style="color: {_COLOURS[colour]}">{number(points[-1])} '
        f"<small>{escape(unit_word(data.unit, points[-1]))}</small></p>"
        f'<p class="state" style="color: {_COLOURS[colour]}">{_STATES[colour]}{escape(reason)}</p>{picture}'
    )


def _state(value: float, thresholds: Sequence[Mapping[str, Any]]) -> tuple[str, str]:
    """The gravest threshold that is crossed, as Cloud Monitoring takes it; reaching one is crossing it."""
    crossed = {
        one["color"]: f": {one['label']}"
        for one in thresholds
        if (value >= one["value"] if one["direction"] == "ABOVE" else value <= one["value"])
    }
    colour = next((each for each in ("RED", "YELLOW") if each in crossed), "")
    return colour, crossed.get(colour, "")


def _of_logs(filled: Filled, _begin: datetime, _end: datetime) -> str:
    if not filled.entries:
        return '<p class="empty">no line that this filter selects was logged</p>'
    rows = "".join(_row(entry) for entry in filled.entries[:_ENTRIES_MAX])
    names = "".join(f"<th>{name}</th>" for name in ("time (UTC)", "severity", "function", "event", "message"))
    return f'<div class="log"><table><thead><tr>{names}</tr></thead><tbody>{rows}</tbody></table></div>'


def _row(entry: Entry) -> str:
    severity = str(entry.content["severity"])
    cells = [
        moment(entry.timestamp.timestamp()),
        f'<span class="{escape(severity)}">{escape(severity)}</span>',
        escape(str(entry.content["resource"]["labels"]["service_name"])),
        escape(str(entry.payload.get("event", ""))),
        escape(str(entry.payload.get("message", ""))),
    ]
    return f"<tr>{''.join(f'<td>{cell}</td>' for cell in cells)}</tr>"


_CONTENTS: Final = {
    "sectionHeader": _of_header,
    "xyChart": _of_chart,
    "scorecard": _of_scorecard,
    "logsPanel": _of_logs,
}

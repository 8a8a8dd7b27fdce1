"""The dashboard as one picture, by matplotlib: each tile where the layout has it. It must not ask for data."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

import matplotlib as mpl
from matplotlib.dates import AutoDateLocator, ConciseDateFormatter
from matplotlib.figure import Figure

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from matplotlib.axes import Axes

    from tools.monitoring.preview.data import Filled

COLUMNS: Final = 12
# Of one cell of the layout, in inches.
WIDTH: Final = 1.3
HEIGHT: Final = 0.7
ENTRIES_MAX: Final = 12
NOTHING: Final = "nothing of this was logged"
_TIMES_THE_DATA: Final = 4.0


def draw(title: str, tiles: Sequence[Filled], output: Path) -> None:
    """Writes the picture, in the form that the name of the file ends with."""
    rows = max(one.tile.get("yPos", 0) + one.tile["height"] for one in tiles)
    with mpl.rc_context({"font.size": 8.0, "svg.fonttype": "none"}):
        figure = Figure(figsize=(COLUMNS * WIDTH, rows * HEIGHT), layout="constrained")
        figure.suptitle(title)
        grid = figure.add_gridspec(rows, COLUMNS)
        for one in tiles:
            x, y = one.tile.get("xPos", 0), one.tile.get("yPos", 0)
            axes = figure.add_subplot(grid[y : y + one.tile["height"], x : x + one.tile["width"]])
            axes.set_title(one.title, loc="left")
            _content(axes, one)
        figure.savefig(output)


def _content(axes: Axes, one: Filled) -> None:
    if "xyChart" in one.widget:
        _chart(axes, one)
        return
    axes.set_axis_off()
    if "scorecard" in one.widget:
        last = one.lines[0] if one.lines else None
        axes.text(0, 0.5, f"{last.values[-1]:,.4g} {last.unit}" if last else NOTHING, size=16)
    elif "logsPanel" in one.widget:
        shown = "\n".join(
            f"{entry.timestamp:%d %b %H:%M}  {entry.content['severity']}  {entry.payload.get('message', '')}"
            for entry in one.entries[:ENTRIES_MAX]
        )
        axes.text(0, 1, (shown or NOTHING).replace("$", r"\$"), va="top")


def _chart(axes: Axes, one: Filled) -> None:
    wanted = one.widget["xyChart"]
    second = axes.twinx() if "y2Axis" in wanted else axes
    if second is not axes:
        second.set_ylabel(wanted["y2Axis"]["label"])
    for number, line in enumerate(one.lines):
        on = second if line.is_second else axes
        on.plot([datetime.fromtimestamp(at, UTC) for at in line.times], line.values, f"C{number}", label=line.legend)  # type: ignore[arg-type]
    if not one.lines:
        axes.text(0.5, 0.5, NOTHING, transform=axes.transAxes, ha="center")
    top = max((value for line in one.lines if not line.is_second for value in line.values), default=1.0)
    for threshold in wanted.get("thresholds", []):
        # One that lies far above would press the data flat.
        if threshold["value"] <= _TIMES_THE_DATA * top:
            axes.axhline(threshold["value"], color="#c5221f", linestyle="--")
    axes.set_ylabel(wanted["yAxis"]["label"])
    locator = AutoDateLocator()  # type: ignore[no-untyped-call]  # matplotlib gives it no types
    axes.xaxis.set_major_locator(locator)
    axes.xaxis.set_major_formatter(ConciseDateFormatter(locator))  # type: ignore[no-untyped-call]
    if any(line.legend for line in one.lines):
        both = dict.fromkeys([axes, second])
        axes.legend(handles=[line for each in both for line in each.get_legend_handles_labels()[0]])

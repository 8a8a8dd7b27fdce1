"""The charts of the page, by matplotlib, as SVG that stands in the page itself.

It must not ask for data.
"""

from __future__ import annotations

import io
import math
from typing import TYPE_CHECKING, Any, Final

import matplotlib as mpl
import numpy as np
from matplotlib.dates import AutoDateLocator, ConciseDateFormatter
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from tools.monitoring.preview.formatting import number

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import datetime

    from matplotlib.axes import Axes

    from tools.monitoring.preview.data import DataSet, Filled, Line

_STYLE: Final[dict[Any, Any]] = {
    # Text stays text: it can be found, and takes a fraction of the room of outlines.
    "svg.fonttype": "none",
    "font.family": "sans-serif",
    "font.sans-serif": ["Roboto", "Helvetica Neue", "Arial", "DejaVu Sans", "sans-serif"],
    "font.size": 9.0,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.edgecolor": "#9aa0a6",
    "axes.labelcolor": "#5f6368",
    "xtick.color": "#5f6368",
    "ytick.color": "#5f6368",
    "axes.grid": True,
    "axes.grid.axis": "y",
    "grid.color": "#e8eaed",
    "axes.axisbelow": True,
}
NOTHING: Final = "nothing of this was logged"
_DOTS_PER_INCH: Final = 100
# Readable beside each other, with colour vision of any kind: the palette of Okabe and Ito.
_COLOURS: Final = ("#0072b2", "#e69f00", "#009e73", "#cc79a7", "#56b4e9", "#d55e00")
_MEANING: Final = {"success": "#009e73", "degraded": "#e69f00", "partial": "#cc79a7", "failed": "#d55e00"}
_THRESHOLD: Final = "#c5221f"
_GREY: Final = "#5f6368"
# A threshold further away than this many times the data would press the data flat.
_REACH: Final = 4.0
_LEGENDS_A_ROW: Final = 4
_LEGEND_CHARACTERS_A_ROW: Final = 60
_WHOLE_TICKS_FROM: Final = 4
# Year, month, day, hour, minute, second, in the words of matplotlib; where one begins, the next larger one is said.
_MOMENTS: Final = ["%Y", "%b", "%d %b", "%H:%M", "%H:%M", "%S"]
_MOMENTS_AT_ZERO: Final = ["", "%Y", "%d %b", "%d %b", "%H:%M", "%H:%M"]


def chart(filled: Filled, begin: datetime, end: datetime, width: int, height: int) -> str:
    """An xyChart as SVG of so many pixels."""
    wanted = filled.widget["xyChart"]
    with mpl.rc_context(_STYLE):
        figure = Figure(figsize=(width / _DOTS_PER_INCH, height / _DOTS_PER_INCH), layout="constrained")
        axes = figure.subplots()
        second = axes.twinx() if "y2Axis" in wanted else None
        _draw(axes, second, filled)
        _limit(axes, begin, end, wanted["yAxis"]["label"])
        if second is not None:
            # Two steady lines would else lie on each other.
            _limit(second, begin, end, wanted["y2Axis"]["label"], room=1.5)
            second.spines["right"].set_visible(True)
            second.grid(visible=False)
        _thresholds(axes, wanted.get("thresholds", []))
        if wanted["yAxis"].get("scale") == "LOG10":
            _logarithmic(axes)
        _legend(figure, axes, second)
        return _svg(figure)


def spark(line: Line, colour: str, width: int, height: int) -> str:
    """The course of a scorecard's number as SVG."""
    with mpl.rc_context(_STYLE):
        figure = Figure(figsize=(width / _DOTS_PER_INCH, height / _DOTS_PER_INCH), layout="constrained")
        axes = figure.subplots()
        axes.plot(_dates(line.times), line.values, color=colour, linewidth=1.6)
        axes.set_axis_off()
        return _svg(figure)


def _draw(axes: Axes, second: Axes | None, filled: Filled) -> None:
    """All lines of all data sets, each in a colour of its own; what is stacked stands on what came before."""
    colours = _palette()
    below: dict[float, float] = {}
    for data in filled.data_sets:
        on = second if data.is_second_axis and second is not None else axes
        for line in data.lines:
            colour = _MEANING.get(line.legend) or next(colours)
            if data.plot == "STACKED_BAR":
                _bars(on, data, line, below, colour)
            elif data.plot == "STACKED_AREA":
                _area(on, line, below, colour)
            else:
                style = "--" if data.is_second_axis else "-"
                on.plot(_dates(line.times), line.values, style, color=colour, linewidth=1.6, label=line.legend)
        if not data.lines and data.legend:
            on.plot([], [], " ", label=f"{data.legend}: {NOTHING}")
    if not any(data.lines for data in filled.data_sets):
        axes.text(0.5, 0.5, NOTHING, transform=axes.transAxes, ha="center", va="center", color=_GREY)
        axes.set_yticks([])


def _bars(axes: Axes, data: DataSet, line: Line, below: dict[float, float], colour: str) -> None:
    """A bar covers the step that ends at its point."""
    values = np.nan_to_num(line.values)
    lefts = _dates([at - data.step_seconds for at in line.times])
    bottoms = [below.get(at, 0.0) for at in line.times]
    width = np.timedelta64(data.step_seconds, "s")
    axes.bar(lefts, values, width, bottom=bottoms, align="edge", color=colour, label=line.legend)
    below.update({at: bottom + value for at, bottom, value in zip(line.times, bottoms, values, strict=True)})


def _area(axes: Axes, line: Line, below: dict[float, float], colour: str) -> None:
    bottoms = [below.get(at, 0.0) for at in line.times]
    tops = [bottom + value for bottom, value in zip(bottoms, np.nan_to_num(line.values), strict=True)]
    axes.fill_between(_dates(line.times), bottoms, tops, color=colour, alpha=0.75, linewidth=0, label=line.legend)
    below.update(zip(line.times, tops, strict=True))


def _limit(axes: Axes, begin: datetime, end: datetime, label: str, room: float = 1.12) -> None:
    axes.set_xlim(*_dates([begin.timestamp(), end.timestamp()]))
    top = axes.dataLim.y1 if math.isfinite(axes.dataLim.y1) and axes.dataLim.y1 > 0 else 1.0
    axes.set_ylim(0, top * room)
    axes.set_ylabel(label)
    locator = AutoDateLocator(minticks=3, maxticks=7)  # type: ignore[no-untyped-call]  # matplotlib gives it no types
    axes.xaxis.set_major_locator(locator)
    axes.xaxis.set_major_formatter(
        ConciseDateFormatter(locator, formats=_MOMENTS, zero_formats=_MOMENTS_AT_ZERO, show_offset=False)  # type: ignore[no-untyped-call]
    )
    axes.yaxis.set_major_locator(MaxNLocator(5, integer=top > _WHOLE_TICKS_FROM))
    axes.yaxis.set_major_formatter(lambda value, _: f"{value:,.6g}")


def _logarithmic(axes: Axes) -> None:
    lowest = axes.dataLim.minposy
    axes.set_yscale("log")
    axes.set_ylim(lowest / 1.5 if math.isfinite(lowest) else 0.1, axes.get_ylim()[1] * 2)
    axes.yaxis.set_major_formatter(lambda value, _: f"{value:,.6g}")


def _thresholds(axes: Axes, wanted: Sequence[Mapping[str, Any]]) -> None:
    """A line where it can be seen beside the data; a word where it lies far above."""
    top = axes.get_ylim()[1]
    for threshold in wanted:
        value, text = threshold["value"], f"{threshold['label']}: {number(threshold['value'])}"
        if value <= _REACH * top:
            axes.axhline(value, color=_THRESHOLD, linewidth=1, linestyle=(0, (4, 3)))
            axes.set_ylim(0, max(axes.get_ylim()[1], value * 1.15))
            place: dict[str, Any] = {"xy": (0.01, value), "xycoords": axes.get_yaxis_transform(), "va": "bottom"}
        else:
            text = f"{text}, above this chart"
            place = {"xy": (0.01, 0.99), "xycoords": "axes fraction", "va": "top"}
        axes.annotate(text, **place, ha="left", color=_THRESHOLD, size=8)


def _legend(figure: Figure, axes: Axes, second: Axes | None) -> None:
    handles, labels = axes.get_legend_handles_labels()
    if second is not None:
        more_handles, more_labels = second.get_legend_handles_labels()
        handles, labels = [*handles, *more_handles], [*labels, *more_labels]
    if labels:
        is_short = sum(map(len, labels)) <= _LEGEND_CHARACTERS_A_ROW
        columns = min(len(labels), _LEGENDS_A_ROW) if is_short else 1
        place: dict[str, Any] = {"loc": "outside lower center", "ncols": columns}
        figure.legend(handles, labels, **place, frameon=False, fontsize=8, handlelength=1.4)


def _palette() -> Iterator[str]:
    while True:
        yield from _COLOURS


def _dates(seconds: Sequence[float]) -> Any:  # noqa: ANN401 - numpy's own type of moments
    return np.array([round(at) for at in seconds], dtype="datetime64[s]")


def _svg(figure: Figure) -> str:
    text = io.StringIO()
    figure.savefig(text, format="svg", metadata={"Date": None})
    # What stands before the element is for files.
    return text.getvalue().partition("<svg")[1] + text.getvalue().partition("<svg")[2]

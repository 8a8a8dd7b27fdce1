"""The pictures of docs/performance.md, as SVG that differs only where the figures do.

It must not compute a figure of its own.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final

import matplotlib as mpl
from matplotlib.figure import Figure as Picture

from tools.bench.measuring import AT_LEAST, Json
from tools.bench.showing import number

if TYPE_CHECKING:
    from pathlib import Path

    from matplotlib.axes import Axes

_STYLE: Final[dict[Any, Any]] = {
    # Ids inside an SVG are random without a salt, and text would depend on the reader's fonts.
    "svg.hashsalt": "unbroken",
    "svg.fonttype": "path",
    "font.size": 9.0,
    "axes.spines.top": False,
    "axes.spines.right": False,
}
_OURS: Final = "#2e6f95"
_AGAINST: Final = "#b4b9be"
_MISSED: Final = "#d1495b"
_MET: Final = "#3a8f5c"
_INK: Final = "#333333"
_WIDTH: Final = 9.0
_ROUTES: Final = {"record": "record", "streak": "streak", "calendar": "calendar, 30 days", "all": "all"}


def draw(picture: Picture, target: Path) -> None:
    """Writes a picture; the ending of the file says the format."""
    with mpl.rc_context(_STYLE):
        metadata = {"Date": None} if target.suffix == ".svg" else None
        picture.savefig(target, metadata=metadata, dpi=110)


def pictures(run: Json) -> dict[str, Picture]:
    """All pictures by their names."""
    with mpl.rc_context(_STYLE):
        drawn = {"overview": overview(run)}
        for figure in run["figures"]:
            drawn |= {name: picture(figure) for name, picture in _PICTURES.get(figure["name"], {}).items()}
        return drawn


def overview(run: Json) -> Picture:
    """Every finding that has a goal, in parts of its goal: right of the line is better."""
    found = [
        (f"{figure['title']}: {finding['name']}", _score(finding), finding)
        for figure in run["figures"]
        for finding in figure["findings"]
        if finding["goal"] and finding["goal"]["value"]
    ][::-1]
    picture = Picture(figsize=(_WIDTH, 0.6 + 0.36 * len(found)), layout="constrained")
    axes: Axes = picture.subplots()
    for place, (_, score, finding) in enumerate(found):
        colour = _MET if finding["is_met"] else _MISSED
        axes.plot([1, score], [place, place], color=colour, linewidth=2)
        axes.plot(score, place, "o", color=colour)
        text = f"{number(finding['value'])} {finding['unit']}"
        axes.annotate(text, (score, place), xytext=(0, 6), textcoords="offset points", ha="center", color=_INK, size=8)
    axes.axvline(1, color=_INK, linewidth=1)
    lowest, highest = min(score for _, score, _ in found), max(score for _, score, _ in found)
    axes.set(xscale="log", xlim=(min(lowest / 1.4, 0.5), max(highest * 1.4, 2)), ylim=(-0.6, len(found) - 0.3))
    axes.set_yticks(range(len(found)), [name for name, _, _ in found])
    axes.set_xticks([0.25, 0.5, 1, 2], ["a quarter", "half", "the goal", "twice as good"])
    axes.minorticks_off()
    axes.tick_params(axis="y", length=0)
    axes.spines["left"].set_visible(False)
    return picture


def _score(finding: Json) -> float:
    value, goal = float(finding["value"]), finding["goal"]
    return float(value / goal["value"] if goal["bound"] == AT_LEAST else goal["value"] / value)


def rounds(figure: Json) -> Picture:
    """Both sides of each comparison: the bar is the median, each dot a round."""
    compared = [finding for finding in figure["findings"] if finding["spread"]]
    picture = Picture(figsize=(_WIDTH, 0.3 + 0.95 * len(compared)), layout="constrained")
    for axes, finding in zip(picture.subplots(len(compared), 1, squeeze=False)[:, 0], compared, strict=True):
        _sides(axes, finding)
    return picture


def _sides(axes: Axes, finding: Json) -> None:
    ours, against = finding["sides"]
    largest = max(max(side["values"]) for side in finding["sides"])
    for place, (side, colour) in enumerate(((against, _AGAINST), (ours, _OURS))):
        axes.barh(place, side["median"], color=colour, height=0.72)
        if len(side["values"]) > 1:
            axes.plot(side["values"], [place] * len(side["values"]), "o", color=_INK, markersize=2.6, alpha=0.7)
        axes.text(largest * 1.03, place, f"{number(side['median'])} {side['unit']}", va="center", color=_INK)
    axes.set_yticks([0, 1], [against["label"], ours["label"]])
    axes.set_xlim(0, largest * 1.25)
    axes.set_xticks([])
    axes.tick_params(axis="y", length=0)
    axes.spines["bottom"].set_visible(False)
    goal = f"  (goal: {finding['goal']['bound']} {number(finding['goal']['value'])})" if finding["goal"] else ""
    axes.set_title(f"{number(finding['value'])} {finding['name']}{goal}", loc="left", fontsize=9, fontweight="bold")


def memory(figure: Json) -> Picture:
    """Peak memory by the number of due users."""
    sizes, peaks = figure["details"]["due_users"], figure["details"]["peak_mib"]
    picture = Picture(figsize=(_WIDTH, 3.2), layout="constrained")
    axes: Axes = picture.subplots()
    axes.plot(sizes, peaks, "o-", color=_OURS, label="most memory ever held")
    axes.plot(sizes, figure["details"]["before_the_night_mib"], "o:", color=_AGAINST, label="before the night begins")
    for size, peak in zip(sizes, peaks, strict=True):
        text = f"{number(peak)} MiB"
        axes.annotate(text, (size, peak), xytext=(0, 7), textcoords="offset points", ha="center", color=_INK)
    goal = next(finding["goal"]["value"] for finding in figure["findings"] if finding["name"] == "peak")
    axes.axhline(goal, color=_MISSED, linewidth=1)
    axes.text(sizes[0], goal * 1.02, f"goal: {number(goal)} MiB", color=_MISSED)
    axes.set(xscale="log", ylim=(0, max(goal, *peaks) * 1.2), xlabel="due users", ylabel="MiB")
    axes.set_xticks(sizes, [f"{size:,}" for size in sizes])
    axes.minorticks_off()
    axes.legend(frameon=False, loc="lower right")
    return picture


def latencies(figure: Json) -> Picture:
    """How long requests took, by route."""
    found: dict[str, Any] = figure["details"]["latency_ms"]
    routes = [route for route in _ROUTES if route in found]
    picture = Picture(figsize=(_WIDTH, 3.2), layout="constrained")
    axes: Axes = picture.subplots()
    for place, (percentile, colour) in enumerate((("p50", _OURS), ("p95", "#7fa8c2"), ("p99", _AGAINST))):
        at = [route + (place - 1) * 0.27 for route in range(len(routes))]
        bars = axes.bar(at, [found[route][percentile] for route in routes], 0.25, color=colour, label=percentile)
        axes.bar_label(bars, [number(found[route][percentile]) for route in routes], color=_INK, size=8)
    axes.set_xticks(
        range(len(routes)), [f"{_ROUTES[route]}\n{found[route]['requests']:,} requests" for route in routes]
    )
    axes.set_ylabel("milliseconds")
    axes.legend(frameon=False)
    return picture


def imports(figure: Json) -> Picture:
    """What a cold start imports, by the time that the modules of each package take by themselves."""
    found = figure["details"]["imports_ms"][::-1]
    picture = Picture(figsize=(_WIDTH, 0.5 + 0.26 * len(found)), layout="constrained")
    axes: Axes = picture.subplots()
    bars = axes.barh([name for name, _ in found], [value for _, value in found], color=_OURS, height=0.72)
    axes.bar_label(bars, [f"{value:.0f} ms" for _, value in found], padding=3, color=_INK)
    axes.set_xticks([])
    axes.tick_params(axis="y", length=0)
    axes.spines["bottom"].set_visible(False)
    return picture


# The pictures of each figure, by the names of their files.
_PICTURES: Final[dict[str, dict[str, Callable[[Json], Picture]]]] = {
    "first_design": {"first_design": rounds},
    "limit": {"limit": rounds},
    "memory": {"memory": memory},
    "recording": {"recording": rounds},
    "reading": {"reading": rounds},
    "http": {"http": latencies},
    "cold_start": {"cold_start": rounds, "imports": imports},
}

"""The pictures of docs/scale.md, as SVG that is the same each time it is drawn.

It must not compute a figure of its own.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import UTC, datetime, time
from typing import TYPE_CHECKING, Final

import matplotlib as mpl
from matplotlib.figure import Figure

from tools.bench.tables import SPEEDS
from tools.simulate.day import Verdict, waiting_line
from tools.simulate.formatting import duration, millions, number
from tools.simulate.plan import operations_within

if TYPE_CHECKING:
    from pathlib import Path

    from matplotlib.axes import Axes

    from tools.simulate.advice import Study

# Ids inside an SVG are random without a salt, and text would depend on the reader's fonts.
_SALT: Final = "unbroken"
_REGION_OF: Final = {"America": "Americas", "Australia": "Pacific", "Indian": "Africa", "Atlantic": "Europe"}
_COLOURS: Final = {
    "Pacific": "#7b5ea7",
    "Asia": "#d1495b",
    "Europe": "#2e6f95",
    "Africa": "#e0a030",
    "Americas": "#3a8f5c",
}
_ELSEWHERE: Final = "#888888"
_DAILY: Final = "#2e6f95"
_HOURLY: Final = "#d1495b"
_BAR_HOURS: Final = 0.2
_HOURS: Final = 24
_SIZES: Final = tuple(round(10 ** (5 + step / 25)) for step in range(101))
_POINTS: Final = 120


def draw(name: str, study: Study, sizes: tuple[int, ...], target: Path) -> None:
    """Draws one of PLOTS into a file, whose ending says the format."""
    with mpl.rc_context(
        {
            "svg.hashsalt": _SALT,
            "svg.fonttype": "path",
            "font.size": 9.0,
            "axes.spines.top": False,
            "axes.spines.right": False,
        }
    ):
        figure = _PICTURES[name](study, sizes)
        metadata = {"Date": None} if target.suffix == ".svg" else None
        figure.savefig(target, metadata=metadata, dpi=110)


def _due(study: Study, sizes: tuple[int, ...]) -> Figure:
    users = sizes[0]
    figure = Figure(figsize=(9, 5.6), layout="constrained")
    top, bottom = figure.subplots(2, 1, sharex=True)
    _due_bars(top, study, users)
    for schedule, colour in ((study.daily, _DAILY), (study.hourly, _HOURLY)):
        line = waiting_line(users, schedule, study.around, study.assumptions)
        hours = [_hour(study, moment) for moment, _ in line]
        bottom.plot(hours, [waiting for _, waiting in line], color=colour, label=schedule.name)
    bottom.set(
        xlim=(-_BAR_HOURS, _HOURS + _BAR_HOURS),
        ylim=(0, None),
        xticks=range(0, _HOURS + 1, 3),
        xlabel="hour of the day (UTC)",
        ylabel="due and not yet settled",
        title=f"The backlog of {millions(users)} users",
    )
    bottom.legend(frameon=False)
    return figure


def _due_bars(axes: Axes, study: Study, users: int) -> None:
    heights: dict[str, dict[float, float]] = defaultdict(lambda: defaultdict(float))
    for one in study.around.line:
        hour = _hour(study, one.at)
        if 0 <= hour < _HOURS:
            area = one.time_zone.split("/")[0]
            heights[_REGION_OF.get(area, area)][hour] += users * study.assumptions.due_share * one.share
    under: dict[float, float] = defaultdict(float)
    for region in (*_COLOURS, *sorted(heights.keys() - _COLOURS.keys())):
        bars = heights[region]
        colour = _COLOURS.get(region, _ELSEWHERE)
        axes.bar(
            list(bars), list(bars.values()), _BAR_HOURS, bottom=[under[at] for at in bars], color=colour, label=region
        )
        for at, height in bars.items():
            under[at] += height
    axes.set(ylabel="become due in that minute", title=f"{millions(users)} users, {study.date}")
    axes.legend(frameon=False, ncols=2)


def _hour(study: Study, moment: datetime) -> float:
    return (moment - datetime.combine(study.date, time(), UTC)).total_seconds() / 3600


def _ramp(study: Study, sizes: tuple[int, ...]) -> Figure:
    own = study.assumptions
    figure = Figure(figsize=(9, 4), layout="constrained")
    axes = figure.subplots()
    seconds = [own.rules.deadline_seconds * step / _POINTS for step in range(_POINTS + 1)]
    minutes = [moment / 60 for moment in seconds]
    ramp = [operations_within(moment) / own.writes_per_due_user for moment in seconds]
    axes.plot(minutes, ramp, color="black", linewidth=2.4, label="500/50/5 alone")
    for speed in SPEEDS:
        most = speed * own.writes_per_due_user
        settled = [operations_within(moment, per_second_max=most) / own.writes_per_due_user for moment in seconds]
        if settled[-1] < ramp[-1]:
            axes.plot(minutes, settled, linewidth=1.2, label=f"an instance of {number(speed)} users/s")
    for users in sizes:
        backlog = study.day(users, study.hourly).largest_backlog
        if backlog <= ramp[-1]:
            axes.axhline(backlog, color=_HOURLY, linewidth=0.8, linestyle=":")
            text = f"largest hour of {millions(users)} users"
            # Where the curves are not: above them on the left, below them on the right.
            at, side = (0.01, "left") if backlog > ramp[-1] / 2 else (0.99, "right")
            axes.text(at, backlog, text, color=_HOURLY, ha=side, va="bottom", transform=axes.get_yaxis_transform())
    axes.set(xlim=(0, None), ylim=(0, None), xlabel="minutes since the call began", ylabel="users settled")
    axes.yaxis.set_major_formatter(lambda value, _: number(value))
    axes.legend(frameon=False, loc="center left", bbox_to_anchor=(0, 0.42))
    return figure


def _size(study: Study, sizes: tuple[int, ...]) -> Figure:
    figure = Figure(figsize=(9, 4.2), layout="constrained")
    axes = figure.subplots()
    for schedule, colour in ((study.daily, _DAILY), (study.hourly, _HOURLY)):
        for fan_out, style in ((False, "-"), (True, ":")):
            days = [(users, study.day(users, schedule, fan_out=fan_out)) for users in _SIZES]
            points = [(users, day.busiest.run.seconds / 60) for users, day in days if day.verdict is Verdict.IN_TIME]
            if points:
                label = f"{schedule.name}, {'fanned out' if fan_out else 'one call'}"
                axes.plot(*zip(*points, strict=True), style, color=colour, label=label)
                if len(points) < len(_SIZES):
                    axes.plot(*points[-1], "x", color=colour)
    deadline = study.assumptions.rules.deadline_seconds
    axes.axhline(deadline / 60, color=_ELSEWHERE, linewidth=0.8)
    axes.annotate(
        f"deadline of a call: {duration(deadline)}", (_SIZES[0], deadline / 60), (2, 3), textcoords="offset points"
    )
    for users in sizes:
        axes.axvline(users, color=_ELSEWHERE, linewidth=0.6, linestyle=":")
    axes.set(xscale="log", yscale="log", xlabel="users", ylabel="longest run of the day, minutes")
    axes.xaxis.set_major_formatter(lambda value, _: millions(round(value)))
    axes.yaxis.set_major_formatter(lambda value, _: f"{value:g}")
    axes.set_title("A cross is where runs no longer end in time")
    axes.legend(frameon=False)
    return figure


_PICTURES: Final = {"due.svg": _due, "ramp.svg": _ramp, "size.svg": _size}

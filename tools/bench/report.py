"""The findings of a run in Markdown, for docs/performance.md and the terminal alike. It must not measure."""

from __future__ import annotations

from typing import Any, Final

from tools.bench.measuring import Json
from tools.markdown import table

_MARKS: Final = {True: "met", False: "**missed**", None: ""}
_HEADER: Final = ("figure", "value", "goal", "", "absolute values, medians", "lowest and highest round")
_LARGE: Final = 100
_SMALL: Final = 10
_HEAD: Final = """# How fast it is

Written by `make bench`, which measures everything anew, or the figures that it is given; do not edit. Made in \
{minutes:.0f} minutes on {cores} cores ({system}) with Python {python}, {libraries} and the Firestore emulator \
{firestore_emulator}.

Every figure is a comparison within one run: both sides are measured in turn on the same machine and the same emulator,
A B A B, and the figure is the median of the rounds' quotients, because a machine that is busy for a round is busy for
both sides of it. The absolute values are those of this machine, where clients, service and database share the cores.
They say nothing about Google Cloud. Memory and counts of operations are what they are anywhere. Every round of every
side is in [figures.json](performance/figures.json).

## The goals

{goals}"""


def page(run: Json) -> str:
    """The whole page; the same run makes the same page."""
    figures, machine = run["figures"], run["machine"]
    goals = [(one["title"], *_row(finding)[:4]) for one in figures for finding in one["findings"] if finding["goal"]]
    libraries = ", ".join(f"{name} {version}" for name, version in machine["libraries"].items())
    told = {**machine, "libraries": libraries, "minutes": sum(one["seconds"] for one in figures) / 60}
    return "\n".join([_HEAD.format(goals=table(("", "figure", "value", "goal", ""), goals), **told), sections(figures)])


def sections(figures: list[Json]) -> str:
    """What was done and what was found, figure by figure."""
    return "\n".join(map(_section, figures))


def _section(figure: Json) -> str:
    findings = table(_HEADER, map(_row, figure["findings"]))
    return f"## {figure['title']}\n\n{figure['about']} Measured on {figure['measured_on']}.\n\n{findings}"


def number(value: float) -> str:
    """With as many decimals as say something."""
    if value == int(value) or abs(value) >= _LARGE:
        return f"{value:,.0f}"
    return f"{value:.1f}" if abs(value) >= _SMALL else f"{value:.2f}"


def _row(finding: Json) -> tuple[str, ...]:
    wanted: Any = finding["goal"]
    goal = f"{wanted['bound']} {number(wanted['value'])}" if wanted else ""
    sides = ", ".join(f"{side['label']} {number(side['median'])} {side['unit']}".strip() for side in finding["sides"])
    is_repeated = any(len(side["values"]) > 1 for side in finding["sides"])
    spread = " to ".join(number(each) for each in finding["spread"] or ()) if is_repeated else ""
    value = f"{number(finding['value'])} {finding['unit']}"
    return finding["name"], value, goal, _MARKS[finding["is_met"]], sides, spread

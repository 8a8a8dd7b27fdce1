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

Written by `make bench`, which measures everything anew; do not edit. {machine}

Every figure is a comparison within one run: both sides are measured in turn on the same machine and the same emulator,
A B A B, and the figure is the median of the rounds' quotients, because a machine that is busy for a round is busy for
both sides of it. The absolute values are those of this machine, where clients, service and database share the cores.
They say nothing about Google Cloud. Memory and counts of operations are what they are anywhere. Every round of every
side is in [figures.json](performance/figures.json).

## The goals

{goals}"""


def page(run: Json) -> str:
    """The whole page; the same run makes the same page."""
    goals = [
        (figure["title"], finding["name"], _value(finding), _goal(finding), _MARKS[finding["is_met"]])
        for figure in run["figures"]
        for finding in figure["findings"]
        if finding["goal"]
    ]
    header = ("", "figure", "value", "goal", "")
    return "\n".join([_HEAD.format(machine=_machine(run), goals=table(header, goals)), sections(run["figures"])])


def sections(figures: list[Json]) -> str:
    """What was done and what was found, figure by figure."""
    return "\n".join(
        f"## {figure['title']}\n\n{figure['about']}\n\n{table(_HEADER, map(_row, figure['findings']))}"
        for figure in figures
    )


def number(value: float) -> str:
    """With as many decimals as say something."""
    if value == int(value) or abs(value) >= _LARGE:
        return f"{value:,.0f}"
    return f"{value:.1f}" if abs(value) >= _SMALL else f"{value:.2f}"


def _machine(run: Json) -> str:
    machine = run["machine"]
    libraries = ", ".join(f"{name} {version}" for name, version in machine["libraries"].items())
    return (
        f"Made in {run['seconds'] / 60:.0f} minutes on {machine['cores']} cores ({machine['system']}) with Python "
        f"{machine['python']}, {libraries} and the Firestore emulator {machine['firestore_emulator']}."
    )


def _row(finding: Json) -> tuple[str, ...]:
    sides = ", ".join(f"{side['label']} {number(side['median'])} {side['unit']}".strip() for side in finding["sides"])
    is_repeated = any(len(side["values"]) > 1 for side in finding["sides"])
    spread = " to ".join(number(each) for each in finding["spread"] or ()) if is_repeated else ""
    return finding["name"], _value(finding), _goal(finding), _MARKS[finding["is_met"]], sides, spread


def _value(finding: Json) -> str:
    return f"{number(finding['value'])} {finding['unit']}"


def _goal(finding: Json) -> str:
    wanted: Any = finding["goal"]
    return f"{wanted['bound']} {number(wanted['value'])}" if wanted else ""

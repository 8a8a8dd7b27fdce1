"""docs/performance.md and its pictures, from the findings of one run and nothing else.

It must not measure.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from tools.bench.drawing import draw, pictures
from tools.bench.showing import absolute, goal, number

if TYPE_CHECKING:
    from pathlib import Path

    from tools.bench.measuring import Json

_MARKS: Final = {True: "met", False: "**missed**", None: ""}
_HEAD: Final = """# How fast it is

Written by `make bench`, which measures everything anew; do not edit. {machine} {took}

Every figure is a comparison within one run: both sides are measured in turn on the same machine and the same emulator,
A B A B, and the figure is the median of the rounds' quotients, because a machine that is busy for a round is busy for
both sides of it. The absolute values are those of this machine, where clients, service and database share the cores.
They say nothing about Google Cloud. Memory and counts of operations are what they are anywhere. The numbers behind this
page are in [figures.json]({folder}/figures.json).

![Every finding that has a goal, in parts of its goal]({folder}/overview.svg)

Right of the line is better than the goal.
"""
_CAPTIONS: Final = {
    "first_design": ("first_design", "Both sides of each comparison"),
    "limit": ("limit", "Throughput of the job and of the bare client, by round"),
    "memory": ("memory", "Peak memory by the number of due users"),
    "recording": ("recording", "Throughput of recording and of the bare client, by round"),
    "reading": ("reading", "Throughput of reading and of the bare client, by round"),
    "http": ("http", "Latency by route"),
    "cold_start": ("cold_start", "Seconds to the first answer, by round"),
}


def write_page(run: Json, page: Path, folder: Path) -> None:
    """The page, and its pictures in a folder beside it."""
    for name, picture in pictures(run).items():
        draw(picture, folder / f"{name}.svg")
    head = _HEAD.format(machine=_machine(run["machine"]), took=_took(run["seconds"]), folder=folder.name)
    sections = [_section(figure, folder.name) for figure in run["figures"]]
    page.write_text("\n".join([head, *sections]), encoding="utf-8")


def _machine(machine: Json) -> str:
    libraries = ", ".join(f"{name} {version}" for name, version in machine["libraries"].items())
    return (
        f"Made on {machine['cores']} cores ({machine['system']}) with Python {machine['python']}, {libraries} and the "
        f"Firestore emulator {machine['firestore_emulator']}."
    )


def _took(seconds: float) -> str:
    return f"The run took {seconds / 60:.0f} minutes."


def _section(figure: Json, folder: str) -> str:
    lines = [f"## {figure['title']}", "", figure["about"], ""]
    lines += ["| figure | value | goal | | absolute values, medians | lowest and highest round |"]
    lines += ["| --- | ---: | --- | --- | --- | --- |"]
    lines += [_row(finding) for finding in figure["findings"]]
    if caption := _CAPTIONS.get(figure["name"]):
        lines += ["", f"![{caption[1]}]({folder}/{caption[0]}.svg)"]
    if figure["name"] == "cold_start":
        lines += [
            "",
            "What the function imports, by package (with a clock on each import, which slows all of them down):",
            "",
        ]
        lines += [f"![Packages by the time their import takes]({folder}/imports.svg)"]
    return "\n".join([*lines, ""])


def _row(finding: Json) -> str:
    spread = "" if not finding["spread"] else " to ".join(number(each) for each in finding["spread"])
    if len({len(side["values"]) for side in finding["sides"]} | {1}) == 1:
        spread = ""
    cells = [
        finding["name"],
        f"{number(finding['value'])} {finding['unit']}",
        goal(finding),
        _MARKS[finding["is_met"]],
        absolute(finding),
        spread,
    ]
    return f"| {' | '.join(cells)} |"

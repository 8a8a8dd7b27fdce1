"""What a person sees of a run: what is being measured now, and a table of the findings at its end.

It must not know how anything is measured.
"""

from __future__ import annotations

import sys
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
from rich.table import Table

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from tools.bench.measuring import Json

_MARKS: Final = {True: "[green]met[/]", False: "[red]missed[/]", None: ""}
_WIDTH_ELSEWHERE: Final = 160
_LARGE: Final = 100
_SMALL: Final = 10


class Shown:
    """How far the run is: `figure` begins one, `tell` says what it does."""

    def __init__(self, show: Callable[[str, int], None]) -> None:
        """`show` takes a line and the number of figures that are done."""
        self._show = show
        self._done = -1
        self._title = ""

    def figure(self, title: str) -> None:
        """The next figure begins."""
        self._title, self._done = title, self._done + 1
        self.tell("")

    def tell(self, what: str) -> None:
        """What is being done now."""
        self._show(f"{self._title}: {what}" if what else self._title, self._done)


@contextmanager
def shown(figures: int) -> Iterator[Shown]:
    """A bar on a terminal, a line for each step elsewhere; on standard error."""
    if not sys.stderr.isatty():
        begun = time.monotonic()
        yield Shown(lambda line, _: print(f"{time.monotonic() - begun:6.1f} s  {line}", file=sys.stderr, flush=True))
        return
    columns = (
        SpinnerColumn(),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TextColumn("{task.description}"),
    )
    with Progress(*columns, console=Console(stderr=True)) as bar:
        task = bar.add_task("", total=figures)
        yield Shown(lambda line, done: bar.update(task, description=line, completed=done))


def show_table(figures: Sequence[Json]) -> None:
    """All findings, with the absolute values they were made from."""
    console = Console() if sys.stdout.isatty() else Console(width=_WIDTH_ELSEWHERE)
    table = Table("", "figure", "goal", "", "absolute values", title="Unbroken, measured", title_justify="left")
    for figure in figures:
        table.add_section()
        table.add_row(f"[bold]{figure['title']}[/]")
        for finding in figure["findings"]:
            value = f"{number(finding['value'])} {finding['unit']}"
            table.add_row(finding["name"], value, goal(finding), _MARKS[finding["is_met"]], absolute(finding))
    console.print(table)


def goal(finding: Json) -> str:
    """The goal in words; empty where there is none."""
    wanted: Any = finding["goal"]
    return f"{wanted['bound']} {number(wanted['value'])}" if wanted else ""


def absolute(finding: Json) -> str:
    """Both sides' medians."""
    return ", ".join(f"{side['label']} {number(side['median'])} {side['unit']}".strip() for side in finding["sides"])


def number(value: float) -> str:
    """With as many decimals as say something."""
    if value == int(value) or abs(value) >= _LARGE:
        return f"{value:,.0f}"
    return f"{value:.1f}" if abs(value) >= _SMALL else f"{value:.2f}"

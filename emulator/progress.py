"""Shows how far long work is: a bar on a terminal, a line for each tenth elsewhere.

Must not know what is transferred or counted.
"""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final

from rich.console import Console
from rich.progress import (
    BarColumn,
    DownloadColumn,
    MofNCompleteColumn,
    Progress,
    ProgressColumn,
    TextColumn,
    TimeRemainingColumn,
    TransferSpeedColumn,
)

PLAIN_STEP_PERCENT: Final = 10


Show = Callable[[int], None]


@contextmanager
def shown_progress(name: str, total_bytes: int) -> Iterator[Show]:
    """Yield what to call with the number of bytes there are so far. Writes to standard error."""
    columns = (DownloadColumn(), TransferSpeedColumn())
    with _shown(name, total_bytes, f"{total_bytes / 1e6:.1f} MB", columns) as show:
        yield show


@contextmanager
def shown_count(name: str, total: int) -> Iterator[Show]:
    """Yield what to call with the number of steps that are done so far. Writes to standard error."""
    with _shown(name, total, str(total), (MofNCompleteColumn(),)) as show:
        yield show


@contextmanager
def _shown(name: str, total: int, total_text: str, columns: tuple[ProgressColumn, ...]) -> Iterator[Show]:
    if not sys.stderr.isatty():
        yield _PlainLines(name, total, total_text)
        return
    around = (TextColumn("{task.description}"), BarColumn(), *columns, TimeRemainingColumn())
    with Progress(*around, console=Console(stderr=True)) as bar:
        task = bar.add_task(name, total=total)
        yield lambda done: bar.update(task, completed=done)


class _PlainLines:
    def __init__(self, name: str, total: int, total_text: str) -> None:
        self._name = name
        self._total = total
        self._total_text = total_text
        self._printed_percent = -PLAIN_STEP_PERCENT

    def __call__(self, done: int) -> None:
        percent = 100 * done // self._total
        if percent >= self._printed_percent + PLAIN_STEP_PERCENT:
            self._printed_percent = percent - percent % PLAIN_STEP_PERCENT
            print(f"{self._name}: {percent} % of {self._total_text}", file=sys.stderr, flush=True)

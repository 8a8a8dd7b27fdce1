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
_WHOLE: Final = 100

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
    if sys.stderr.isatty():
        around = (TextColumn("{task.description}"), BarColumn(), *columns, TimeRemainingColumn())
        with Progress(*around, console=Console(stderr=True)) as bar:
            task = bar.add_task(name, total=total)
            yield lambda done: bar.update(task, completed=done)
        return
    steps = iter(range(0, _WHOLE + 1, PLAIN_STEP_PERCENT))
    step = next(steps)

    def show(done: int) -> None:
        nonlocal step
        reached = None
        while step <= _WHOLE and _WHOLE * done >= step * total:
            reached, step = step, next(steps, _WHOLE + 1)
        if reached is not None:
            print(f"{name}: {reached} % of {total_text}", file=sys.stderr, flush=True)

    yield show

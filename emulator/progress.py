"""Shows how far a long transfer is: a bar on a terminal, a line for each tenth elsewhere.

Must not know what is transferred.
"""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final

from rich.console import Console
from rich.progress import (
    BarColumn,
    DownloadColumn,
    Progress,
    TextColumn,
    TimeRemainingColumn,
    TransferSpeedColumn,
)

PLAIN_STEP_PERCENT: Final = 10


@contextmanager
def shown_progress(name: str, total_bytes: int) -> Iterator[Callable[[int], None]]:
    """Yield what to call with the number of bytes there are so far. Writes to standard error."""
    if not sys.stderr.isatty():
        yield _PlainLines(name, total_bytes)
        return
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        DownloadColumn(),
        TransferSpeedColumn(),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=Console(stderr=True)) as bar:
        task = bar.add_task(name, total=total_bytes)
        yield lambda done_bytes: bar.update(task, completed=done_bytes)


class _PlainLines:
    def __init__(self, name: str, total_bytes: int) -> None:
        self._name = name
        self._total_bytes = total_bytes
        self._printed_percent = -PLAIN_STEP_PERCENT

    def __call__(self, done_bytes: int) -> None:
        percent = 100 * done_bytes // self._total_bytes
        if percent >= self._printed_percent + PLAIN_STEP_PERCENT:
            self._printed_percent = percent - percent % PLAIN_STEP_PERCENT
            megabytes = self._total_bytes / 1e6
            print(f"{self._name}: {percent} % of {megabytes:.1f} MB", file=sys.stderr, flush=True)

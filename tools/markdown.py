"""Tables in Markdown, the same for a page of docs and for a terminal. It must not know what is in them."""

from __future__ import annotations

import sys
from collections.abc import Iterable

from rich.console import Console
from rich.markdown import Markdown


def table(header: Iterable[str], rows: Iterable[Iterable[object]], title: str = "") -> str:
    """A table, below its title where it has one."""
    names = tuple(header)
    lines = [f"| {' | '.join(map(str, cells))} |" for cells in (names, ["---"] * len(names), *rows)]
    return "\n".join([*([f"**{title}**", ""] if title else []), *lines]) + "\n"


def show(text: str) -> None:
    """Drawn on a terminal, as it is in a file or a pipe."""
    if sys.stdout.isatty():
        Console().print(Markdown(text))
    else:
        print(text)

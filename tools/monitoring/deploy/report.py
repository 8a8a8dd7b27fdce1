"""What a deployment says: the differences, what was done, and what is left.

It must not do anything.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Final

from rich.console import Console
from rich.text import Text

from tools.monitoring.deploy.planning import Change, Verdict

if TYPE_CHECKING:
    from collections.abc import Sequence

_COLOURS: Final = {"+": "green", "-": "red", "@": "cyan"}
_ORDERS: Final = {Verdict.CREATE: "create", Verdict.UPDATE: "update", Verdict.GONE: "delete"}
_DONE: Final = {Verdict.CREATE: "created", Verdict.UPDATE: "updated", Verdict.GONE: "deleted"}


def show(to_do: Sequence[Change]) -> None:
    """Each change with its diff, coloured on a terminal."""
    console = Console(highlight=False, soft_wrap=True)
    for change in to_do:
        console.print(Text(f"{_ORDERS[change.verdict]} {change.title}", "bold"))
        for line in change.diff.splitlines():
            console.print(Text(line, _COLOURS.get(line[:1], "")))


def done_line(change: Change) -> str:
    """As in "created log metric streak/requests"."""
    return f"{_DONE[change.verdict]} {change.title}"


def planned_line(to_do: Sequence[Change], changes: Sequence[Change]) -> str:
    """What would be done."""
    counts = Counter(_ORDERS[change.verdict] for change in to_do)
    return _joined([f"to {order}: {counts[order]}" for order in _ORDERS.values() if counts[order]], changes)


def summary(done: Sequence[Change], changes: Sequence[Change]) -> str:
    """What was done."""
    counts = Counter(_DONE[change.verdict] for change in done)
    return _joined([f"{word}: {counts[word]}" for word in _DONE.values() if counts[word]], changes)


def so_far(done: Sequence[Change], to_do: Sequence[Change], changes: Sequence[Change]) -> str:
    """What a deployment that ended early has done, and what it has left."""
    if not done:
        return "nothing was changed"
    left = ", ".join(change.title for change in to_do[len(done) :])
    return f"so far: {summary(done, changes)}\nleft: {left or 'nothing'}; running it again goes on"


def gone_lines(changes: Sequence[Change]) -> list[str]:
    """What is ours and no longer in the folder."""
    gone = [change for change in changes if change.verdict is Verdict.GONE]
    return [f"no longer in the folder: {change.title} (--prune deletes it)" for change in gone]


def _joined(words: list[str], changes: Sequence[Change]) -> str:
    unchanged = sum(change.verdict is Verdict.UNCHANGED for change in changes)
    return ", ".join([*words, f"unchanged: {unchanged}"])

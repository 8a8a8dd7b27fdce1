"""The first of each board, kept for some seconds, so that one that many look at is read once for all of them.

Whoever asks sees themselves as they are now (`with_own`), and others as they were at most so long ago. It must not know
how anything is read.
"""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from streak_core.boards.pages import Board, Row

KEPT_SECONDS: Final = 10.0
# At some 30 kB each; the one that was read longest ago goes first.
_BOARDS_MAX: Final = 256


class _Kept(NamedTuple):
    rows: list[Row]
    until: float


class RecentBoards:
    """What a process has read of boards within the last seconds, for all of its threads."""

    def __init__(self, seconds: float = KEPT_SECONDS, clock: Callable[[], float] = time.monotonic) -> None:
        """Keeps rows for so many seconds of `clock`; with 0 seconds none."""
        self._seconds = seconds
        self._clock = clock
        self._kept: OrderedDict[Board, _Kept] = OrderedDict()
        self._lock = threading.Lock()

    def first(self, board: Board, read: Callable[[], list[Row]]) -> list[Row]:
        """What is kept of a board, or what `read` answers, and whatever that raises."""
        with self._lock:
            kept = self._kept.get(board)
        if kept is not None and self._clock() < kept.until:
            return kept.rows
        # It is as old as the moment in which it was asked for.
        until = self._clock() + self._seconds
        rows = read()
        if self._seconds:
            self._keep(board, _Kept(rows, until))
        return rows

    def _keep(self, board: Board, kept: _Kept) -> None:
        with self._lock:
            self._kept[board] = kept
            self._kept.move_to_end(board)
            if len(self._kept) > _BOARDS_MAX:
                self._kept.popitem(last=False)


def with_own(rows: Sequence[Row], user_doc_id: str, own: Row | None, most: int) -> list[Row]:
    """The first rows of a board, at most so many, with somebody's own as it is now.

    Where theirs would be the last of a board that goes on, it is left out: others may have come before it.
    """
    others = [row for row in rows if row.user_doc_id != user_doc_id]
    if own is None:
        return others
    if any(_order(row) == _order(own) for row in rows):
        return list(rows)
    now = sorted([*others, own], key=_order)
    if len(rows) >= most and now[-1] is own:
        return others
    return now[:most]


def _order(row: Row) -> tuple[int, str, str]:
    return -row.score, row.name, row.user_doc_id

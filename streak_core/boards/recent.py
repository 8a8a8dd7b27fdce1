"""The first of each board, kept for some seconds, so that one that many look at is read once for all of them.

Whoever asks sees themselves as they are now (`with_own`), and others as they were at most twice as long ago. It must
not know how anything is read.
"""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from functools import partial
from typing import TYPE_CHECKING, Final

from streak_core.known import Known

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from streak_core.boards.pages import Board, Row

# While one asks anew, others go by what is known for as long again.
KEPT_SECONDS: Final = 10.0
# At some 30 kB each; the one that was asked for longest ago goes first.
_BOARDS_MAX: Final = 256


class RecentBoards:
    """What a process has read of boards within the last seconds, for all of its threads."""

    def __init__(
        self,
        read: Callable[[Board], list[Row]],
        seconds: float = KEPT_SECONDS,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Keeps what `read` answers for so many seconds of `clock`; with 0 seconds not at all."""
        self._read = read
        self._seconds = seconds
        self._clock = clock
        self._known: OrderedDict[Board, Known[list[Row]]] = OrderedDict()
        self._lock = threading.Lock()

    def first(self, board: Board) -> list[Row]:
        """The first of a board as they were so long ago. Raises whatever `read` raises."""
        return self._of(board)()

    def _of(self, board: Board) -> Known[list[Row]]:
        with self._lock:
            known = self._known.setdefault(board, Known(partial(self._read, board), self._seconds, self._clock))
            self._known.move_to_end(board)
            if len(self._known) > _BOARDS_MAX:
                self._known.popitem(last=False)
        return known


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

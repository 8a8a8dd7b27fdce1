"""Answers who stands where at a leaderboard, and where whoever asks does.

It must not know HTTP or Firestore's client, and it decides no score.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Final

from streak_core.boards.pages import Board
from streak_core.boards.recent import with_own
from streak_core.domain.boards import Period, RankedBy, Span
from streak_core.store.documents import user_doc_id

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from streak_core.boards.pages import BoardPages, Row
    from streak_core.boards.recent import RecentBoards
    from streak_core.boards.responses import BoardResponse, OwnRankResponse, RowResponse
    from streak_core.domain.state import UserState

SHOWN_MAX: Final = 100
# On each side of whoever asks: five rows with their own.
_BESIDE: Final = 2


@dataclass(frozen=True, kw_only=True)
class Asked:
    """Which board: a span of periods, or None for all days; `is_last` is the period before the one of today."""

    span: Span | None
    by: RankedBy
    group: str | None = None
    is_last: bool = False


@dataclass(frozen=True)
class Leaderboards:
    """All leaderboards. `now` is always timezone-aware; periods are those of the labels of whoever asks."""

    pages: BoardPages
    state_of: Callable[[str, datetime], UserState]
    recent: RecentBoards

    def board(self, user_id: str, now: datetime, asked: Asked) -> BoardResponse:
        """The first hundred, and whoever asks with those beside them. Raises `DatabaseUnavailable`."""
        state = self.state_of(user_id, now)
        period = _period(asked, state)
        board = Board(period=period, by=asked.by, group=asked.group)
        first = self.recent.first(board)
        seat = state.streak.seat
        own = self.pages.own(board, user_id) if seat is not None and seat.is_taken else None
        top = ranked(with_own(first, user_doc_id(user_id), own, SHOWN_MAX))
        me, around = self._own(board, top, own) if own else (None, [])
        return {
            "span": "all" if asked.span is None else asked.span.value,
            "by": asked.by.value,
            "period": None if period is None else period.label,
            "group": asked.group,
            "final": period is not None and state.view.now >= period.final_at(state.rules.day_starts),
            "top": [_shown(rank, row, own) for rank, row in top],
            "me": me,
            "around": around,
        }

    def _own(self, board: Board, top: Sequence[tuple[int, Row]], own: Row) -> tuple[OwnRankResponse, list[RowResponse]]:
        """Where somebody stands, and the rows around them."""
        place = next((at for at, (_, row) in enumerate(top) if row.user_doc_id == own.user_doc_id), None)
        if place is not None:
            beside = self._continued(board, top, place)[max(0, place - _BESIDE) : place + _BESIDE + 1]
            return _rank(top[place][0], own, is_exact=True), [_shown(each, row, own) for each, row in beside]
        rows = [*self.pages.above(board, own, _BESIDE), own, *self.pages.below(board, own, _BESIDE)]
        ahead = self.pages.ahead(board, own.score)
        ranks = self._ranks(board, rows, own, ahead.count + 1) if ahead.is_certain else {}
        shown = [_shown(ranks.get(row.score, ahead.count + 1), row, own) for row in rows]
        return _rank(ahead.count + 1, own, is_exact=ahead.is_certain), shown

    def _continued(self, board: Board, top: Sequence[tuple[int, Row]], place: int) -> Sequence[tuple[int, Row]]:
        """The first of a board, with those behind a place where they are not all among them: no rank is counted."""
        if len(top) < SHOWN_MAX or place + _BESIDE < len(top):
            return top
        rows = [row for _, row in top[: place + 1]]
        # Whoever has fallen behind since the first were read is among both.
        known = {row.user_doc_id for row in rows}
        behind = [row for row in self.pages.below(board, rows[place], _BESIDE) if row.user_doc_id not in known]
        return ranked([*rows, *behind])

    def _ranks(self, board: Board, rows: Sequence[Row], own: Row, rank: int) -> dict[int, int]:
        """The rank of each score of some rows, of which one is known."""
        others = {row.score for row in rows} - {own.score}
        return {own.score: rank, **{score: self.pages.ahead(board, score).count + 1 for score in others}}


def ranked(rows: Sequence[Row]) -> list[tuple[int, Row]]:
    """Rows of a whole board, best first, each with its rank: whoever has as much shares it."""
    ranks: list[int] = [1] if rows else []
    for number, (before, row) in enumerate(pairwise(rows), start=2):
        ranks.append(ranks[-1] if row.score == before.score else number)
    return list(zip(ranks, rows, strict=True))


def _period(asked: Asked, state: UserState) -> Period | None:
    if asked.span is None:
        return None
    current = Period.of(asked.span, state.view.today)
    return current.before if asked.is_last else current


def _shown(rank: int, row: Row, own: Row | None) -> RowResponse:
    shown: RowResponse = {"rank": rank, "name": row.name, "score": row.score}
    return {**shown, "me": True} if own and row.user_doc_id == own.user_doc_id else shown


def _rank(rank: int, own: Row, *, is_exact: bool) -> OwnRankResponse:
    return {"rank": rank, "exact": is_exact, "score": own.score}

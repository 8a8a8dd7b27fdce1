"""A leaderboard whose rows are a list, and what is answered about it, for tests of several kinds."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final, cast

from streak_core.boards.leaderboards import SHOWN_MAX, Asked, Leaderboards
from streak_core.boards.pages import COUNTED_MAX, Ahead, Board, BoardPages, Row
from streak_core.boards.recent import RecentBoards
from streak_core.domain.boards import RankedBy
from testing.pure_user import PureUser
from tests.support.in_march import at
from tests.support.shipped_policy import POLICY

if TYPE_CHECKING:
    from collections.abc import Sequence

NOW: Final = datetime(2026, 3, 2, 10, tzinfo=UTC)


@dataclass
class Shelf:
    """Pages of a board whose rows are a list, best first."""

    rows: list[Row]
    counted: list[int] = field(default_factory=list)
    counted_max: int = COUNTED_MAX

    def first(self, _board: Board, limit: int) -> list[Row]:
        return self.rows[:limit]

    def own(self, _board: Board, user_id: str) -> Row | None:
        return next((row for row in self.rows if row.user_doc_id == user_id), None)

    def ahead(self, _board: Board, score: int) -> Ahead:
        self.counted.append(score)
        count = min(self.counted_max, sum(row.score > score for row in self.rows))
        return Ahead(count, is_certain=count < self.counted_max)

    def above(self, _board: Board, row: Row, limit: int) -> list[Row]:
        at_ = self.rows.index(row)
        return self.rows[max(0, at_ - limit) : at_]

    def below(self, _board: Board, row: Row, limit: int) -> list[Row]:
        at_ = self.rows.index(row)
        return self.rows[at_ + 1 : at_ + 1 + limit]


def rows_of(scores: Sequence[int]) -> list[Row]:
    """Rows of users `u0`, `u1` and so on, with these scores, best first."""
    ordered = sorted(scores, reverse=True)
    return [Row(f"u{number}", f"n{number:05d}", score, cast("Any", None)) for number, score in enumerate(ordered)]


def kept(shelf: Shelf, seconds: float) -> RecentBoards:
    """What is read of a shelf, for so many seconds that do not pass."""
    return RecentBoards(lambda board: shelf.first(board, SHOWN_MAX), seconds, lambda: 1.0)


def asked(shelf: Shelf, user_id: str, *, joined: bool = True, recent: RecentBoards | None = None) -> Any:
    """What somebody is answered about the board of all days' XP."""
    user = PureUser(POLICY)
    if joined:
        user.step({"at": at(2), "do": "join_leaderboard", "name": "Ada"})
    recent = recent or kept(shelf, 0)
    boards = Leaderboards(cast("BoardPages", shelf), lambda _, now: user.state(now), recent)
    return boards.board(user_id, NOW, Asked(span=None, by=RankedBy.XP))

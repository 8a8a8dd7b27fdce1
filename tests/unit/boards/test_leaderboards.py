"""The answers about a board: ranks that are shared, one's own row and those around it, and what is bounded."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from streak_core.boards.leaderboards import SHOWN_MAX, Asked, Leaderboards, ranked
from streak_core.boards.pages import COUNTED_MAX, Ahead, Board, BoardPages, Row
from streak_core.boards.recent import RecentBoards
from streak_core.domain.boards import RankedBy
from testing.pure_user import PureUser
from tests.support.in_march import at
from tests.support.shipped_policy import POLICY
from tests.support.thoroughness import examples

if TYPE_CHECKING:
    from collections.abc import Sequence

NOW = datetime(2026, 3, 2, 10, tzinfo=UTC)


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
    ordered = sorted(scores, reverse=True)
    return [Row(f"u{number}", f"n{number:05d}", score, cast("Any", None)) for number, score in enumerate(ordered)]


def kept(shelf: Shelf, seconds: float) -> RecentBoards:
    """What is read of a shelf, for so many seconds that do not pass."""
    return RecentBoards(lambda board: shelf.first(board, SHOWN_MAX), seconds, lambda: 1.0)


def asked(shelf: Shelf, user_id: str, *, joined: bool = True, recent: RecentBoards | None = None) -> Any:
    user = PureUser(POLICY)
    if joined:
        user.step({"at": at(2), "do": "join_leaderboard", "name": "Ada"})
    recent = recent or kept(shelf, 0)
    boards = Leaderboards(cast("BoardPages", shelf), lambda _, now: user.state(now), recent)
    return boards.board(user_id, NOW, Asked(span=None, by=RankedBy.XP))


def test_whoever_has_as_much_shares_a_rank_and_the_next_one_is_left_out() -> None:
    assert [rank for rank, _ in ranked(rows_of([9, 9, 7, 5, 5, 5, 1]))] == [1, 1, 3, 4, 4, 4, 7]
    assert ranked([]) == []


@given(st.lists(st.integers(1, 30), min_size=1, max_size=260), st.data())
@examples(150)
def test_one_s_own_rank_and_the_five_around_are_those_of_a_sort_over_all(
    scores: list[int], data: st.DataObject
) -> None:
    shelf = Shelf(rows_of(scores))
    place = data.draw(st.integers(0, len(scores) - 1))
    answer = asked(shelf, f"u{place}")
    everybody = [
        {"rank": 1 + sum(other.score > row.score for other in shelf.rows), "name": row.name, "score": row.score}
        | ({"me": True} if number == place else {})
        for number, row in enumerate(shelf.rows)
    ]
    assert answer["top"] == everybody[:SHOWN_MAX]
    assert answer["around"] == everybody[max(0, place - 2) : place + 3]
    own = everybody[place]
    assert answer["me"] == {"rank": own["rank"], "exact": True, "score": own["score"]}
    assert len(shelf.counted) <= (5 if place >= SHOWN_MAX else 0)


@pytest.mark.parametrize(("place", "counts"), [(0, 0), (97, 0), (98, 0), (99, 0), (100, 5)])
@pytest.mark.parametrize("are_equal", [True, False])
def test_whoever_is_among_the_first_hundred_costs_no_count(place: int, counts: int, *, are_equal: bool) -> None:
    # Whoever has as much as those beside them has their rank, which is counted once.
    shelf = Shelf(rows_of([7] * 130 if are_equal else range(1, 131)))
    ranks = [row["rank"] for row in asked(shelf, f"u{place}")["around"]]
    expected = range(max(0, place - 2), place + 3)
    assert ranks == [1 if are_equal else number + 1 for number in expected]
    assert len(shelf.counted) == (min(counts, 1) if are_equal else counts)


def test_whoever_takes_no_part_has_no_row_and_costs_no_count() -> None:
    shelf = Shelf(rows_of([3, 2, 1]))
    answer = asked(shelf, "u1", joined=False)
    assert (answer["me"], answer["around"], shelf.counted) == (None, [], [])
    assert not any("me" in row for row in answer["top"])
    assert asked(shelf, "nobody")["me"] is None


def test_behind_more_than_are_counted_a_rank_is_no_better_than_said_and_nothing_more_is_counted() -> None:
    shelf = Shelf(rows_of(range(1, 400)), counted_max=150)
    exact = asked(shelf, "u149")
    assert exact["me"] == {"rank": 150, "exact": True, "score": 250}
    shelf.counted.clear()
    answer = asked(shelf, "u150")
    assert answer["me"] == {"rank": 151, "exact": False, "score": 249}
    assert [row["rank"] for row in answer["around"]] == [151] * 5
    assert shelf.counted == [249]

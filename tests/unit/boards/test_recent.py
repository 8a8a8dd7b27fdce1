"""What is kept of boards for some seconds, and that whoever asks sees themselves as they are now."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from streak_core.boards.leaderboards import SHOWN_MAX
from streak_core.boards.pages import Board, Row
from streak_core.boards.recent import KEPT_SECONDS, RecentBoards, with_own
from streak_core.domain.boards import RankedBy
from streak_core.domain.errors import DatabaseUnavailable
from tests.support.board_shelf import Shelf, asked, kept, rows_of
from tests.support.thoroughness import examples

XP = Board(period=None, by=RankedBy.XP)
STREAK = Board(period=None, by=RankedBy.STREAK)


@dataclass
class Reading:
    """Reads of boards, which are counted."""

    rows: list[Row] = field(default_factory=list)
    asked: list[Board] = field(default_factory=list)
    fails: bool = False

    def __call__(self, board: Board) -> list[Row]:
        self.asked.append(board)
        if self.fails:
            raise DatabaseUnavailable
        return list(self.rows)


@dataclass
class Clock:
    """Seconds that pass when a test says so."""

    now: float = 100.0

    def __call__(self) -> float:
        return self.now


def row(user: str, score: int) -> Row:
    return Row(user, f"name of {user}", score, cast("Any", None))


def test_a_board_is_read_once_for_all_who_ask_within_its_seconds_and_again_after_them() -> None:
    clock, read = Clock(), Reading([row("ada", 3)])
    recent = RecentBoards(read, KEPT_SECONDS, clock)
    assert recent.first(XP) == recent.first(XP) == [row("ada", 3)]
    clock.now += KEPT_SECONDS - 0.001
    recent.first(XP)
    assert read.asked == [XP]
    clock.now += 0.001
    read.rows = []
    assert recent.first(XP) == []
    assert read.asked == [XP, XP]


def test_each_board_is_its_own_and_one_that_cannot_be_read_is_asked_for_again() -> None:
    read = Reading()
    recent = RecentBoards(read, KEPT_SECONDS, Clock())
    boards = [XP, STREAK, Board(period=None, by=RankedBy.XP, group="g")]
    for board in boards * 2:
        recent.first(board)
    assert read.asked == boards
    other, read.fails = Board(period=None, by=RankedBy.XP, group="h"), True
    with pytest.raises(DatabaseUnavailable):
        recent.first(other)
    read.fails, read.rows = False, [row("ada", 1)]
    assert recent.first(other) == [row("ada", 1)]


def test_with_no_seconds_nothing_is_kept() -> None:
    read = Reading()
    recent = RecentBoards(read, 0, Clock())
    recent.first(XP)
    recent.first(XP)
    assert read.asked == [XP, XP]


def test_so_many_boards_are_kept_and_no_more() -> None:
    read = Reading()
    recent = RecentBoards(read, KEPT_SECONDS, Clock())
    boards = [Board(period=None, by=RankedBy.XP, group=f"g{number}") for number in range(257)]
    for board in [*boards, boards[-1], boards[1]]:
        recent.first(board)
    assert read.asked == boards
    recent.first(boards[0])
    assert read.asked == [*boards, boards[0]]


@given(st.lists(st.integers(1, 9), min_size=1, max_size=14), st.data())
@examples(200)
def test_who_has_changed_meanwhile_stands_where_a_read_of_now_has_them_or_nowhere(
    scores: list[int], data: st.DataObject
) -> None:
    most = data.draw(st.integers(1, 12))
    before = rows_of(scores)
    place = data.draw(st.integers(0, len(before) - 1))
    own = before[place]._replace(score=data.draw(st.integers(1, 9)))
    others = [one for one in before if one.user_doc_id != own.user_doc_id]
    now = sorted([*others, own], key=lambda one: (-one.score, one.name))[:most]
    seen = with_own(before[:most], own.user_doc_id, own, most)
    still = [one for one in before[:most] if one in others]
    if seen != now:
        # Whoever has come up to the end of it in another's place was not among the first that were read.
        assert len(before) >= most
        assert seen == still
        assert all((-one.score, one.name) < (-own.score, own.name) for one in seen)
    assert with_own(before[:most], own.user_doc_id, None, most) == still


def test_whoever_records_sees_it_at_once_and_others_as_they_were() -> None:
    shelf = Shelf(rows_of(range(1, 131)))
    recent = kept(shelf, KEPT_SECONDS)
    assert asked(shelf, "u1", recent=recent)["me"]["rank"] == 2
    # The second has come to be first, the third is ahead of both, and nobody has read that yet.
    raised = {"u1": 200, "u2": 300}
    changed = (one._replace(score=raised.get(one.user_doc_id, one.score)) for one in shelf.rows)
    shelf.rows = sorted(changed, key=lambda one: -one.score)
    answer = asked(shelf, "u1", recent=recent)
    assert (answer["me"]["rank"], answer["top"][0]["score"], len(answer["top"])) == (1, 200, SHOWN_MAX)
    assert asked(shelf, "u2", recent=recent)["me"]["rank"] == 1
    assert asked(shelf, "u2", joined=False, recent=recent)["me"] is None
    assert [one["score"] for one in asked(shelf, "u2", joined=False, recent=recent)["top"]][:2] == [130, 129]


def test_nobody_stands_around_twice_who_has_fallen_behind_meanwhile() -> None:
    shelf = Shelf(rows_of(range(2, 262, 2)))
    recent = kept(shelf, KEPT_SECONDS)
    own = shelf.rows[98]
    assert [one["name"] for one in asked(shelf, own.user_doc_id, recent=recent)["around"]] == [
        row.name for row in shelf.rows[96:101]
    ]
    # Whoever was right before has been right behind since, and nobody has read that yet.
    shelf.rows[97:99] = [own, shelf.rows[97]._replace(score=own.score - 1)]
    around = [one["name"] for one in asked(shelf, own.user_doc_id, recent=recent)["around"]]
    assert around == [f"n{number:05d}" for number in (96, 97, 98, 99)]

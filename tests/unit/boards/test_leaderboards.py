"""The answers about a board: ranks that are shared, one's own row and those around it, and what is bounded."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from streak_core.boards.leaderboards import SHOWN_MAX, ranked
from tests.support.board_shelf import Shelf, asked, rows_of
from tests.support.thoroughness import examples


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

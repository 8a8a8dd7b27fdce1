"""Pieces are answered in their order, however long each takes, and no more of them is begun than is soon asked for."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import closing
from functools import partial

import pytest

from tools.streakctl.in_threads import AHEAD, in_threads


def test_answers_come_in_the_order_of_the_pieces() -> None:
    is_second_done = threading.Event()

    def first() -> int:
        assert is_second_done.wait(10)
        return 1

    def second() -> int:
        is_second_done.set()
        return 2

    stopping = threading.Event()
    assert list(in_threads([first, second], 2, stopping)) == [1, 2]
    assert not stopping.is_set(), "all was done"


def test_of_any_number_of_pieces_so_many_are_taken_ahead() -> None:
    taken: list[int] = []

    def pieces() -> Iterator[Callable[[], int]]:
        for number in range(1_000):
            taken.append(number)
            yield partial(int, number)

    stopping = threading.Event()
    with closing(in_threads(pieces(), 3, stopping)) as answers:
        assert [next(answers) for _ in range(10)] == list(range(10))
        assert len(taken) == 10 - 1 + 3 * AHEAD
    assert stopping.is_set(), "what is under way is told to end"
    assert len(taken) == 10 - 1 + 3 * AHEAD, "no more is begun"


def test_one_that_fails_stops_the_others() -> None:
    stopping = threading.Event()

    def fails() -> int:
        raise LookupError

    with pytest.raises(LookupError):
        list(in_threads([fails, lambda: int(stopping.wait(10))], 2, stopping))
    assert stopping.is_set()

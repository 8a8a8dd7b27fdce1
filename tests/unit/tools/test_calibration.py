"""The chance of keeping a streak is what comes of it, on simulated lives; the page that says so is of its numbers."""

from __future__ import annotations

import re
from typing import Final

from testing.calibration import Bin, Told, binned, error, told_to
from tests.support.shipped_policy import POLICY
from tools.calibration import BOUND, PAGE, PICTURE, page, picture

ROW: Final = re.compile(r"^\| ([01]\.\d{3}) \| ([01]\.\d{3}) \| (\d+) \|$", re.MULTILINE)


def test_what_is_told_is_what_comes_of_it_and_more_than_how_many_streaks_last_in_all() -> None:
    # Half a year of forty users.
    told = told_to(40, 26, POLICY, seed=1)
    assert len(told) > 500
    assert error(binned(told)) < BOUND

    def brier(chances: list[float]) -> float:
        return sum((chance - one.lasted) ** 2 for chance, one in zip(chances, told, strict=True)) / len(told)

    rate = sum(one.lasted for one in told) / len(told)
    assert brier([one.chance for one in told]) < 0.85 * brier([rate] * len(told))

    # Chances that are wrong are noticed.
    assert error(binned(Told(1 - one.chance, one.lasted) for one in told)) > 3 * BOUND
    assert error(binned(Told(min(1, one.chance + 0.15), one.lasted) for one in told)) > BOUND


def test_an_error_counts_by_how_many_were_told() -> None:
    assert error([Bin(3, 0.5, 0.5)]) == 0
    assert error([Bin(1, 0.0, 1.0), Bin(3, 0.5, 0.5)]) == 0.25


def test_page_and_picture_are_of_the_same_numbers() -> None:
    text = PAGE.read_text(encoding="utf-8")
    bins = [Bin(int(count), float(chance), float(lasted)) for chance, lasted, count in ROW.findall(text)]
    assert len(bins) == 10
    assert text == page(bins)
    assert PICTURE.read_text(encoding="utf-8") == picture(bins)
    assert error(bins) < BOUND

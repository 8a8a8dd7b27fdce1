"""Codes of invitations: each is told from all others however it is typed, and what is none is none."""

from __future__ import annotations

from typing import Final

import pytest

from streak_core.friends.codes import LENGTH, NO_CODE, code_of, new_code, shown

CODE: Final = "7K012XWA9T4C"


def test_a_new_code_is_one_that_nobody_has_and_reads_as_it_is_shown() -> None:
    codes = {new_code() for _ in range(100)}
    assert len(codes) == 100
    for code in codes:
        assert len(code) == LENGTH
        assert code_of(code) == code_of(shown(code)) == code


@pytest.mark.parametrize(
    "typed",
    [CODE, "7K01-2XWA-9T4C", "7k01 2xwa 9t4c", "7KOI-2XWA-9T4C", "7kol2xwa9t4c", " 7K01--2XWA\n9T4C\t"],
)
def test_a_code_is_read_however_it_is_typed(typed: str) -> None:
    assert code_of(typed) == CODE


@pytest.mark.parametrize(
    "typed",
    [
        "",
        NO_CODE,
        CODE[:-1],
        f"{CODE}C",
        f"{CODE[:-1]}U",
        f"{CODE[:-1]}ä",
        f"{CODE[:-1]}/",
        f"{CODE[:-1]}٣",
        "\u017f" * 12,
    ],
)
def test_what_can_be_none_is_none(typed: str) -> None:
    assert code_of(typed) is None

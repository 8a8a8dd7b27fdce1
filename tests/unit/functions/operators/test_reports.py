"""A report as a table: nothing that somebody wrote is a formula there, by whatever separator it is read."""

from __future__ import annotations

import csv

import pytest

from functions.operators.reports import table
from streak_core.reports import Report


def read(*rows: tuple[str | float | None, ...], delimiter: str = ",") -> list[list[str]]:
    text = table(Report(columns=("a", "b"), rows=rows))
    return list(csv.reader(text.splitlines(keepends=True), delimiter=delimiter))[1:]


@pytest.mark.parametrize(
    "cell",
    [
        "=1+1",
        "x;=cmd|' /C calc'!A0",
        "\n=1+1",
        " =1+1",
        "\u00a0=1+1",
        "\x00@SUM(A1)",
        "x\r\n+1",
        "x;\t-1",
        "\tx",
        "\uff1d1+1",
        'x";=1',
    ],
)
def test_what_a_spreadsheet_would_take_for_a_formula_is_a_text_in_every_column(cell: str) -> None:
    for row in (cell, 1), (1, cell):
        # Where it is read by another separator, quotes in the middle of what that makes a cell hold nothing together.
        for delimiter in ",;\t":
            for found in (one for line in read(row, delimiter=delimiter) for one in line):
                assert not found.strip(" \t\r\n\x00\u00a0").startswith(("=", "+", "-", "@", "\uff1d")), found


@pytest.mark.parametrize("cell", ["chat", "app.checkout", "a-b", "3 + 4", "a; b", "x,=y", "über 'so'", ""])
def test_any_other_text_is_as_it_was_written(cell: str) -> None:
    assert read((cell, 1)) == [[cell, "1"]]


def test_texts_stand_in_quotes_and_numbers_do_not() -> None:
    found = table(Report(columns=("a", "b"), rows=[("x", -1.5), (None, 3)]))
    assert found == '"a","b"\r\n"x",-1.5\r\n"",3\r\n'

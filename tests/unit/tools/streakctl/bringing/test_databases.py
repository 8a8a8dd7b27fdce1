"""Rows of a SQLite file: of any type that a table may hold, read and never written."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from tools.streakctl.bringing.databases import Query, SqliteTable
from tools.streakctl.bringing.forms import FORMS, FormName
from tools.streakctl.database import WrongUseError

if TYPE_CHECKING:
    from pathlib import Path


def table(path: Path, *statements: str | tuple[str, tuple[Any, ...]]) -> Path:
    """A file with what the statements make."""
    file = path / "users.sqlite"
    with closing(sqlite3.connect(file)) as database:
        for one in statements:
            statement, values = (one, ()) if isinstance(one, str) else one
            database.execute(statement, values)
        database.commit()
    return file


def test_each_row_is_read_with_the_values_of_its_types(tmp_path: Path) -> None:
    values = ("ada", 7, 1.5, None, b"\x00\xff")
    file = table(tmp_path, "CREATE TABLE u (a, b, c, d, e)", ("INSERT INTO u VALUES (?, ?, ?, ?, ?)", values))
    source = SqliteTable(file, Query("u"))
    assert [row.values for row in source.rows()] == [dict(zip("abcde", values, strict=True))]
    assert (source.count(), source.columns()) == (1, list("abcde"))


def test_text_that_is_no_utf_8_is_one_row_at_fault(tmp_path: Path) -> None:
    broken = "INSERT INTO u VALUES (CAST(x'62e96e' AS TEXT))"
    file = table(tmp_path, "CREATE TABLE u (a)", "INSERT INTO u VALUES ('ada')", broken, "INSERT INTO u VALUES ('名')")
    rows = list(SqliteTable(file, Query("u")).rows())
    assert [(row.number, row.fault) for row in rows] == [(1, None), (2, "it is not UTF-8"), (3, None)]


def test_a_table_without_rows_has_columns(tmp_path: Path) -> None:
    source = SqliteTable(table(tmp_path, "CREATE TABLE u (a)"), Query("u"))
    assert (list(source.rows()), source.count(), source.columns()) == ([], 0, ["a"])


@pytest.mark.parametrize("name", ["order", 'a"b', "a b; DROP TABLE x", "main.u"])
def test_a_table_of_any_name_is_found(tmp_path: Path, name: str) -> None:
    quoted = name.rpartition(".")[2].replace('"', '""')
    file = table(tmp_path, f'CREATE TABLE "{quoted}" (a)', f'INSERT INTO "{quoted}" VALUES (1)')  # noqa: S608 - a test's own
    assert SqliteTable(file, Query(name)).count() == 1


@pytest.mark.parametrize("content", [None, b"no database at all, but long enough to look like one" * 100])
def test_a_file_that_is_no_database_or_lacks_the_table_is_said_in_one_sentence(
    tmp_path: Path, content: bytes | None
) -> None:
    file = table(tmp_path, "CREATE TABLE u (a)")
    if content:
        file.write_bytes(content)
    source = SqliteTable(file, Query("v"))
    for ask in (source.columns, source.count, lambda: list(source.rows())):
        with pytest.raises(WrongUseError, match="can't be read" if content else "has no table v, which was looked for"):
            ask()


@pytest.mark.parametrize(
    ("form", "said", "wanted", "hint"),
    [
        (FormName.BOLTABACUS, None, "Authentication_userstreak", "--table names one of"),
        (FormName.BOLTABACUS, "streaks", "streaks", "--table names one of"),
        (FormName.CALORIA, None, "user", "--table names one of"),
        # Its days are those of another table.
        (FormName.CALORIA, "people", "daily_stats", "the form needs it beside"),
    ],
)
def test_a_ready_made_form_says_which_table_it_looked_for_and_which_there_are(
    tmp_path: Path, form: FormName, said: str | None, wanted: str, hint: str
) -> None:
    file = table(tmp_path, "CREATE TABLE people (id)", "CREATE TABLE accounts_userstreak (user_id)")
    query = FORMS[form].query
    assert query
    source = SqliteTable(file, replace(query, table=said) if said else query)
    there = f"has no table {wanted}, which was looked for; {hint}: accounts_userstreak, people"
    with pytest.raises(WrongUseError, match=there):
        source.columns()
    assert SqliteTable(file, replace(query, table="accounts_userstreak", further="")).columns() == ["user_id"]


def test_a_file_that_breaks_off_in_the_middle_says_so_after_the_rows_before(tmp_path: Path) -> None:
    rows = [("INSERT INTO u VALUES (?, ?)", (number, "x" * 900)) for number in range(500)]
    file = table(tmp_path, "CREATE TABLE u (a, b)", *rows)
    content = file.read_bytes()
    file.write_bytes(content[: len(content) // 8192 * 4096])
    found: list[int] = []
    with pytest.raises(WrongUseError, match="can't be read"):
        found.extend(row.number for row in SqliteTable(file, Query("u")).rows())


def test_the_days_of_caloria_are_those_on_which_meals_were_logged(tmp_path: Path) -> None:
    file = table(
        tmp_path,
        "CREATE TABLE user (id INTEGER PRIMARY KEY, email TEXT)",
        "CREATE TABLE daily_stats (user_id INTEGER, date DATE, meals_logged INTEGER)",
        "INSERT INTO user VALUES (1, 'ada'), (2, 'ben')",
        "INSERT INTO daily_stats VALUES (1, '2026-03-01', 2), (1, '2026-03-02', 0), (1, '2026-02-28', 1)",
    )
    query = FORMS[FormName.CALORIA].query
    assert query
    days = [row.values["streakctl_days"] for row in SqliteTable(file, query).rows()]
    assert [sorted(one.split()) for one in days] == [["2026-02-28", "2026-03-01"], ["[]"]]

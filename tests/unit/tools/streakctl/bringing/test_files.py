"""Rows of files: whatever is in one line, the others are read, and each is one row."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pytest

from emulator.places import ROOT
from tools.streakctl.bringing.files import CHARACTERS_MAX, CsvFile, NdjsonFile
from tools.streakctl.bringing.forms import FIELDS
from tools.streakctl.bringing.sources import source_of
from tools.streakctl.database import WrongUseError

if TYPE_CHECKING:
    from pathlib import Path

    from tools.streakctl.bringing.rows import Row

HEADER: Final = b"user_id,current_streak\n"
GOOD: Final = b"ada,12\n"
# What stands between two good lines, and how many rows at fault it is.
FAULTS: Final[dict[str, tuple[bytes, int]]] = {
    "a cell too few": (b"ben\n", 1),
    "a cell too many": (b"ben,1,2\n", 1),
    "a quote that is never closed": (b'"ben,1\n', 1),
    "a quote in the last cell that is never closed": (b'ben,"1\n', 1),
    "two quotes in two lines that are never closed": (b'"ben,1\n"cem,2\n', 2),
    "something after a quote": (b'"ben"x,1\n', 1),
    "bytes of Latin 1": ("bén,1\n".encode("latin-1"), 1),
    "a half of a character": (b"b\xed\xa0\x80n,1\n", 1),
    "a line that is too long": (b"x" * (CHARACTERS_MAX + 9) + b",1\n", 1),
    "a line that is much too long": (b"x" * (10 * CHARACTERS_MAX) + b",1\n", 1),
    "a quoted line that is too long": (b'"' + b"x" * (2 * CHARACTERS_MAX) + b'",1\n', 1),
    "a cell that is too long": (b"x" * 200_000 + b",1\n", 1),
    "nothing": (b"", 0),
    "empty lines": (b"\n\r\n\n", 0),
}


def csv(path: Path, content: bytes) -> list[Row]:
    file = path / "users.csv"
    file.write_bytes(content)
    return list(CsvFile(file).rows())


def ndjson(path: Path, content: bytes) -> list[Row]:
    file = path / "users.ndjson"
    file.write_bytes(content)
    return list(NdjsonFile(file).rows())


@pytest.mark.parametrize("what", FAULTS)
def test_a_line_at_fault_is_one_row_and_those_around_it_are_read(tmp_path: Path, what: str) -> None:
    between, faults = FAULTS[what]
    rows = csv(tmp_path, HEADER + GOOD + between + GOOD)
    assert [bool(row.fault) for row in rows] == [False, *[True] * faults, False]
    assert [row.number for row in rows] == list(range(1, faults + 3))
    assert rows[0].values == rows[-1].values == {"user_id": "ada", "current_streak": "12"}


@pytest.mark.parametrize(
    "content",
    [
        b"user_id,current_streak\r\nada,12\r\n",
        b"user_id,current_streak\rada,12\r",
        b"\xef\xbb\xbfuser_id,current_streak\nada,12",
        b" user_id , current_streak\nada,12\n",
        b"user_id;current_streak\nada;12\n",
        b"user_id\tcurrent_streak\nada\t12\n",
        b'"user_id","current_streak"\n"ada","12"\n',
    ],
)
def test_a_file_as_a_spreadsheet_writes_it_is_read(tmp_path: Path, content: bytes) -> None:
    assert [row.values for row in csv(tmp_path, content)] == [{"user_id": "ada", "current_streak": "12"}]


@pytest.mark.parametrize(
    ("cell", "read"),
    [
        (b'"a, ""b"""', 'a, "b"'),
        (b'"two\nlines"', "two\nlines"),
        (b"=1+2", "=1+2"),
        (b"a\x00b", "a\x00b"),
        ("名前".encode(), "名前"),
        (b'a"b', 'a"b'),
        (b"", ""),
    ],
)
def test_a_cell_is_read_as_it_stands(tmp_path: Path, cell: bytes, read: str) -> None:
    rows = csv(tmp_path, HEADER + cell + b",1\n" + GOOD)
    assert [(row.values["user_id"], row.fault) for row in rows] == [(read, None), ("ada", None)]


@pytest.mark.parametrize(
    "content", [b"", b"\n", b",,\n", b'"user_id\n', b"a,b,a\n", "user_id\n".encode("utf-16"), b"\xff\xfe\n"]
)
def test_a_file_without_a_header_is_refused_as_a_whole(tmp_path: Path, content: bytes) -> None:
    with pytest.raises(WrongUseError, match="header"):
        csv(tmp_path, content)


def test_a_header_alone_is_no_row(tmp_path: Path) -> None:
    assert csv(tmp_path, HEADER) == []
    assert ndjson(tmp_path, b"\n \n") == []


@pytest.mark.parametrize(
    "line",
    [
        b"[1]\n",
        b"{\n",
        b'{"user_id": "ada", "user_id": "ben"}\n',
        b'{"user_id": "\xe9"}\n',
        b'{"user_id": "\\ud800"}\n',
        b"[" * 100_000 + b"\n",
        b'{"a": "' + b"x" * (3 * CHARACTERS_MAX) + b'"}\n',
        b"null\n",
        b"\x00\n",
    ],
)
def test_a_line_that_is_no_object_is_one_row_and_those_around_it_are_read(tmp_path: Path, line: bytes) -> None:
    rows = ndjson(tmp_path, b'\xef\xbb\xbf{"user_id": "ada"}\r\n' + line + b'\n{"user_id": "ben"}')
    assert [(row.number, bool(row.fault)) for row in rows] == [(1, False), (2, True), (3, False)]
    assert [rows[0].values, rows[2].values] == [{"user_id": "ada"}, {"user_id": "ben"}]


@pytest.mark.parametrize("name", ["users.csv", "users.ndjson"])
def test_the_examples_of_the_page_are_whole_and_have_our_own_columns(name: str) -> None:
    source = source_of(str(ROOT / "docs" / "import" / name), None, is_table_said=False)
    rows = list(source.rows())
    assert not [row for row in rows if row.fault]
    assert {row.values["user_id"] for row in rows} == {"ada", "ben", "cem"}
    assert {name for row in rows for name in row.values} <= set(FIELDS)
    assert source.columns() in (None, list(FIELDS))


@pytest.mark.parametrize("name", ["users.xlsx", "users", "users.json"])
def test_another_kind_of_file_is_refused_with_those_that_are_known(tmp_path: Path, name: str) -> None:
    (tmp_path / name).touch()
    with pytest.raises(WrongUseError, match=r"\*\.csv"):
        source_of(str(tmp_path / name), None, is_table_said=False)


def test_what_is_not_there_or_has_no_tables_is_said(tmp_path: Path) -> None:
    with pytest.raises(WrongUseError, match="there is no file"):
        source_of(str(tmp_path / "users.csv"), None, is_table_said=False)
    (tmp_path / "users.csv").touch()
    with pytest.raises(WrongUseError, match="--table"):
        source_of(str(tmp_path / "users.csv"), None, is_table_said=True)
    (tmp_path / "users.db").touch()
    with pytest.raises(WrongUseError, match="--table"):
        source_of(str(tmp_path / "users.db"), None, is_table_said=False)

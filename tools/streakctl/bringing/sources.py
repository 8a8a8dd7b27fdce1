"""Where rows come from: CSV, NDJSON, a table of SQLite or PostgreSQL; one at a time, however many there are.

It must not know what a row means.
"""

from __future__ import annotations

import csv
import json
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Protocol

from tools.streakctl.database import WrongUseError

if TYPE_CHECKING:
    import psycopg

# Rows that are asked a database for at a time.
PAGE_ROWS: Final = 1_000
# A line of years of days is a fraction of it.
_LINE_CHARACTERS_MAX: Final = 1_000_000
_SQLITE: Final = (".sqlite", ".sqlite3", ".db")
_NDJSON: Final = (".ndjson", ".jsonl")
_POSTGRESQL: Final = ("postgresql://", "postgres://")


@dataclass(frozen=True, kw_only=True)
class Row:
    """One row, as it came. `fault` says why it can't be read; then there are no values."""

    # Counted from 1, a header not counted.
    number: int
    values: Mapping[str, Any]
    fault: str | None = None


class Source(Protocol):
    """Rows in an order that does not change."""

    def rows(self) -> Iterator[Row]:
        """Each once. Raises `WrongUseError` where there is no such source."""

    def count(self) -> int | None:
        """How many there are; None where only reading them all tells."""


@dataclass(frozen=True)
class Query:
    """What is asked a database for: a table, with columns that a ready-made mapping adds to it."""

    table: str
    # As SQL; `t` is the table.
    further: str = ""

    @property
    def text(self) -> str:
        """Every row."""
        return f"SELECT t.*{self.further} FROM {_quoted(self.table)} AS t"  # noqa: S608 - quoted

    @property
    def count(self) -> str:
        """How many there are."""
        return f"SELECT count(*) FROM {_quoted(self.table)}"  # noqa: S608 - quoted


def source_of(address: str, query: Query | None) -> Source:
    """The source of that address. Raises `WrongUseError`."""
    if address.startswith(_POSTGRESQL):
        return PostgresTable(address, _needed(query))
    path = Path(address)
    if not path.is_file():
        message = f"there is no file {address}"
        raise WrongUseError(message)
    if path.suffix in _SQLITE:
        return SqliteTable(path, _needed(query))
    if path.suffix == ".csv":
        return CsvFile(path)
    if path.suffix in _NDJSON:
        return NdjsonFile(path)
    message = f"{address} is none of *.csv, {', '.join('*' + one for one in (*_NDJSON, *_SQLITE))}, postgresql://…"
    raise WrongUseError(message)


def _needed(query: Query | None) -> Query:
    if query is None:
        message = "a database has many tables: say --table"
        raise WrongUseError(message)
    return query


@dataclass(frozen=True)
class CsvFile:
    """A file with a header."""

    path: Path

    def rows(self) -> Iterator[Row]:
        """Each line; one with more or fewer cells than the header is at fault."""
        with self.path.open(encoding="utf-8-sig", newline="", errors="surrogateescape") as file:
            for number, cells in enumerate(csv.DictReader(file, restkey="", restval=None), start=1):
                fault = "it has other columns than the header" if "" in cells or None in cells.values() else None
                yield Row(number=number, values=cells if fault is None else {}, fault=fault)

    def count(self) -> None:
        """Lines may stand in quotes."""


@dataclass(frozen=True)
class NdjsonFile:
    """A file with one JSON object a line."""

    path: Path

    def rows(self) -> Iterator[Row]:
        """Each line that is not empty."""
        with self.path.open(encoding="utf-8", errors="surrogateescape") as file:
            number = 0
            while line := file.readline(_LINE_CHARACTERS_MAX):
                if line.strip():
                    number += 1
                    yield _json_row(number, line)

    def count(self) -> None:
        """Lines may be empty."""


def _json_row(number: int, line: str) -> Row:
    try:
        values = json.loads(line)
    except (ValueError, RecursionError):
        values = None
    if not isinstance(values, dict):
        return Row(number=number, values={}, fault="it is no JSON object")
    return Row(number=number, values=values)


@dataclass(frozen=True)
class SqliteTable:
    """A table of a file, which is opened for reading alone."""

    path: Path
    query: Query

    def rows(self) -> Iterator[Row]:
        """In the order of the table."""
        with self._opened() as database:
            cursor = database.execute(self.query.text)
            yield from _numbered([column[0] for column in cursor.description], cursor)

    def count(self) -> int:
        """How many rows the table has."""
        with self._opened() as database:
            return int(database.execute(self.query.count).fetchone()[0])

    @contextmanager
    def _opened(self) -> Iterator[sqlite3.Connection]:
        try:
            with closing(sqlite3.connect(f"{self.path.absolute().as_uri()}?mode=ro", uri=True)) as database:
                yield database
        except sqlite3.Error as error:
            message = f"{self.path} can't be read: {error}"
            raise WrongUseError(message) from error


@dataclass(frozen=True)
class PostgresTable:
    """A table of a server, read through a cursor that stays there; one transaction sees all of it as of one moment."""

    address: str
    query: Query

    def rows(self) -> Iterator[Row]:
        """In the order in which the server gives them."""
        with self._connected() as connection, connection.cursor(name="streakctl_import") as cursor:
            cursor.itersize = PAGE_ROWS
            cursor.execute(self.query.text.encode())
            first = cursor.fetchmany(PAGE_ROWS)
            yield from _numbered([column.name for column in cursor.description or ()], chain(first, cursor))

    def count(self) -> int:
        """How many rows the table has."""
        with self._connected() as connection:
            found = connection.execute(self.query.count.encode()).fetchone()
        return int(found[0]) if found else 0

    @contextmanager
    def _connected(self) -> Iterator[psycopg.Connection[Any]]:
        try:
            import psycopg
        except ModuleNotFoundError:
            message = "PostgreSQL needs a driver: pip install 'psycopg[binary]'"
            raise WrongUseError(message) from None
        try:
            with psycopg.connect(self.address) as connection:
                connection.read_only = True
                yield connection
        except psycopg.Error as error:
            message = f"the PostgreSQL server can't be used: {str(error).splitlines()[0]}"
            raise WrongUseError(message) from error


def _numbered(names: Sequence[str], found: Iterable[Sequence[Any]]) -> Iterator[Row]:
    for number, values in enumerate(found, start=1):
        yield Row(number=number, values=dict(zip(names, values, strict=True)))


def _quoted(name: str) -> str:
    """A table's name as SQL has it, with its schema if it has one."""
    return ".".join('"' + part.replace('"', '""') + '"' for part in name.split("."))

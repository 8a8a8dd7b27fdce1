"""Rows of a table of SQLite or PostgreSQL, one at a time, however many there are.

It must not know what a row means.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from tools.streakctl.bringing.rows import Row, is_text
from tools.streakctl.database import WrongUseError

if TYPE_CHECKING:
    import psycopg

# Rows that are asked a server for at a time.
PAGE_ROWS: Final = 1_000
_NO_TABLE: Final = "no such table: "
# As `--table` takes them.
_SQLITE_TABLES: Final = "SELECT name FROM sqlite_master WHERE type IN ('table', 'view') ORDER BY name"
_POSTGRESQL_TABLES: Final = (
    "SELECT concat(nullif(concat(table_schema, '.'), 'public.'), table_name) FROM information_schema.tables"
    " WHERE table_schema NOT IN ('information_schema', 'pg_catalog') ORDER BY 1 LIMIT 50"
)
_AS_TEXT: Final = ("date", "timestamp", "timestamptz")


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


@dataclass(frozen=True)
class SqliteTable:
    """A table of a file, which is opened for reading alone."""

    path: Path
    query: Query

    def columns(self) -> list[str]:
        """Those of the table, and those that a mapping adds."""
        with self._opened() as database:
            return [column[0] for column in database.execute(f"{self.query.text} LIMIT 0").description]

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
                # Bytes that are no text are told of with their row.
                database.text_factory = lambda raw: raw.decode("utf-8", "surrogateescape")
                try:
                    yield database
                except sqlite3.OperationalError as error:
                    if _NO_TABLE not in str(error):
                        raise
                    missing = str(error).rpartition(_NO_TABLE)[2]
                    there = database.execute(_SQLITE_TABLES)
                    raise WrongUseError(_without(str(self.path), self.query, missing, there)) from error
        except sqlite3.Error as error:
            message = f"{self.path} can't be read: {error}"
            raise WrongUseError(message) from error


@dataclass(frozen=True)
class PostgresTable:
    """A table of a server, read through a cursor that stays there; one transaction sees all of it as of one moment."""

    address: str
    query: Query

    def columns(self) -> list[str]:
        """Those of the table, and those that a mapping adds."""
        with self._connected() as connection:
            found = connection.execute(f"{self.query.text} LIMIT 0".encode()).description or ()
            return [column.name for column in found]

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
            from psycopg.types.string import TextLoader
        except ModuleNotFoundError:
            message = "PostgreSQL needs a driver, which `pip install '.[postgresql]'` brings"
            raise WrongUseError(message) from None
        try:
            with psycopg.connect(self.address) as connection:
                connection.read_only = True
                # Also what Python has no day for, such as infinity, is a row's own fault.
                for name in _AS_TEXT:
                    connection.adapters.register_loader(name, TextLoader)
                connection.execute("SET datestyle TO ISO")
                connection.execute("SET timezone TO UTC")
                try:
                    yield connection
                except psycopg.errors.UndefinedTable as error:
                    connection.rollback()
                    missing = str(error).splitlines()[0].partition('"')[2].rpartition('"')[0]
                    there = connection.execute(_POSTGRESQL_TABLES)
                    raise WrongUseError(_without("the database", self.query, missing, there)) from error
        except psycopg.Error as error:
            message = f"the PostgreSQL server can't be used: {str(error).splitlines()[0]}"
            raise WrongUseError(message) from error


def _without(where: str, query: Query, missing: str, there: Iterable[Sequence[Any]]) -> str:
    """What is looked for, and what there is instead."""
    tables = ", ".join(name for (name,) in there) or "none"
    hint = "--table names one of" if missing in query.text.rpartition(" FROM ")[2] else "the form needs it beside"
    return f"{where} has no table {missing}, which was looked for; {hint}: {tables}"


def _numbered(names: Sequence[str], found: Iterable[Sequence[Any]]) -> Iterator[Row]:
    for number, values in enumerate(found, start=1):
        if all(is_text(value) for value in values if isinstance(value, str)):
            yield Row(number=number, values=dict(zip(names, values, strict=True)))
        else:
            yield Row(number=number, values={}, fault="it is not UTF-8")


def _quoted(name: str) -> str:
    """A table's name as SQL has it, with its schema if it has one."""
    return ".".join('"' + part.replace('"', '""') + '"' for part in name.split("."))

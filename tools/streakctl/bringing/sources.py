"""Where rows come from, found by the address. It must not know what a row means, or how one is read."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from tools.streakctl.bringing.databases import PostgresTable, Query, SqliteTable
from tools.streakctl.bringing.files import CsvFile, NdjsonFile
from tools.streakctl.bringing.rows import Source
from tools.streakctl.database import WrongUseError

_SQLITE: Final = (".sqlite", ".sqlite3", ".db")
_NDJSON: Final = (".ndjson", ".jsonl")
_POSTGRESQL: Final = ("postgresql://", "postgres://")


def source_of(address: str, query: Query | None, *, is_table_said: bool) -> Source:
    """The source of that address. Raises `WrongUseError`."""
    if address.startswith(_POSTGRESQL):
        return PostgresTable(address, _needed(query))
    path = Path(address)
    if not path.is_file():
        message = f"there is no file {address}"
        raise WrongUseError(message)
    suffix = path.suffix.lower()
    if suffix in _SQLITE:
        return SqliteTable(path, _needed(query))
    if is_table_said:
        message = f"--table is for databases, and {address} is a file of rows"
        raise WrongUseError(message)
    if suffix == ".csv":
        return CsvFile(path)
    if suffix in _NDJSON:
        return NdjsonFile(path)
    message = f"{address} is none of *.csv, {', '.join('*' + one for one in (*_NDJSON, *_SQLITE))}, postgresql://…"
    raise WrongUseError(message)


def _needed(query: Query | None) -> Query:
    if query is None:
        message = "a database has many tables: say --table"
        raise WrongUseError(message)
    return query

"""Rows of CSV and NDJSON files, one at a time, however large the file is and whatever is in it.

It must not know what a row means.
"""

from __future__ import annotations

import csv
import json
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, NamedTuple, TextIO

from tools.streakctl.bringing.rows import Row, is_text
from tools.streakctl.database import WrongUseError

# A line, and a row of several lines, of years of days is a fraction of it.
CHARACTERS_MAX: Final = 1_000_000
_DELIMITERS: Final = ",;\t"
_ENDS: Final = ("\n", "\r")
_TOO_LONG: Final = f"it is longer than {CHARACTERS_MAX:,} characters"


@dataclass(frozen=True)
class CsvFile:
    """A file with a header; what parts its cells, a comma, a semicolon or a tab, is what the header has most of."""

    path: Path

    def columns(self) -> list[str]:
        """The header. Raises `WrongUseError` where there is none, or a name stands twice."""
        with _opened(self.path) as file:
            return self._header(_Lines(file))[0]

    def rows(self) -> Iterator[Row]:
        """Each row; one that can't be told apart, or has more or fewer cells than the header, is at fault."""
        with _opened(self.path) as file:
            lines = _Lines(file)
            names, delimiter = self._header(lines)
            number = 0
            while (found := _next_cells(lines, delimiter)) is not None:
                cells, fault = found
                if not cells and fault is None:
                    continue
                number += 1
                if fault is None and len(cells) != len(names):
                    fault = f"it has {len(cells)} cells, and the header has {len(names)}"
                    lines.end_row_with_its_first_line()
                yield _row(number, dict(zip(names, cells, strict=True)) if fault is None else {}, fault)

    def count(self) -> None:
        """Lines may stand in quotes."""

    def _header(self, lines: _Lines) -> tuple[list[str], str]:
        line = lines.peek()
        delimiter = max(_DELIMITERS, key=line.count)
        cells, fault = _next_cells(lines, delimiter) or ([], None)
        names = [cell.strip() for cell in cells]
        if not any(names) or fault or not is_text("".join(names)):
            message = f"{self.path} has no header that is UTF-8: the first line must name the columns"
            raise WrongUseError(message)
        if len(set(names)) < len(names):
            message = f"{self.path}: the header has a name twice: {', '.join(names)}"
            raise WrongUseError(message)
        return names, delimiter


@dataclass(frozen=True)
class NdjsonFile:
    """A file with one JSON object a line."""

    path: Path

    def columns(self) -> None:
        """Each row has its own."""

    def rows(self) -> Iterator[Row]:
        """Each line that is not empty."""
        with _opened(self.path) as file:
            lines, number = _Lines(file), 0
            while (line := lines.next()) != _END:
                if line.is_too_long or line.text.strip():
                    number += 1
                    yield _row(number, {}, _TOO_LONG) if line.is_too_long else _json_row(number, line.text)

    def count(self) -> None:
        """Lines may be empty."""


class _Line(NamedTuple):
    """A line with its end; of one that is too long, the beginning."""

    text: str
    is_too_long: bool


_END: Final = _Line("", is_too_long=False)


class _Lines:
    """The lines of a file, some of which are given back: what is held is no more than a row may be."""

    def __init__(self, file: TextIO) -> None:
        self._file = file
        # Those that come next, before the file goes on.
        self._waiting: deque[_Line] = deque()
        self._handed_out: list[_Line] = []

    def next(self) -> _Line:
        """The next line; an empty one at the end of the file."""
        if self._waiting:
            return self._waiting.popleft()
        text = rest = self._file.readline(CHARACTERS_MAX)
        is_too_long = len(text) == CHARACTERS_MAX and not text.endswith(_ENDS)
        while is_too_long and rest and not rest.endswith(_ENDS):
            rest = self._file.readline(CHARACTERS_MAX)
        return _Line(text, is_too_long)

    def peek(self) -> str:
        """The next line, which stays the next one."""
        line = self.next()
        self._waiting.appendleft(line)
        return line.text

    def of_one_row(self) -> Iterator[str]:
        """Lines, as long as they are asked for, up to what a row may have."""
        self._handed_out, characters = [], 0
        while (line := self.next()) != _END:
            self._handed_out.append(line)
            characters += len(line.text)
            if line.is_too_long or characters > CHARACTERS_MAX:
                return
            yield line.text

    def broke_off(self) -> bool:
        """Whether the row had a line, of which nothing was handed out."""
        return bool(self._handed_out)

    def end_row_with_its_first_line(self) -> bool:
        """The others come again, as rows of their own. Answers whether that first one was too long."""
        self._waiting.extendleft(reversed(self._handed_out[1:]))
        return self._handed_out[0].is_too_long


def _next_cells(lines: _Lines, delimiter: str) -> tuple[list[str], str | None] | None:
    """The cells of the next row, and what is at fault with it; None at the end of the file.

    Of a row in which a quote is not closed the first line is at fault alone, and the next one is a row again.
    """
    try:
        return next(csv.reader(lines.of_one_row(), delimiter=delimiter, strict=True)), None
    except csv.Error as error:
        return [], _TOO_LONG if lines.end_row_with_its_first_line() else f"it is no CSV: {error}"
    except StopIteration:
        return ([], _TOO_LONG) if lines.broke_off() else None


def _json_row(number: int, line: str) -> Row:
    try:
        values = json.loads(line, object_pairs_hook=_once)
    except (ValueError, RecursionError):
        values = None
    if not isinstance(values, dict):
        return _row(number, {}, "it is no JSON object that has each name once")
    return _row(number, values, None)


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        message = "a name stands twice"
        raise ValueError(message)
    return found


def _row(number: int, values: dict[str, Any], fault: str | None) -> Row:
    if fault is None and not is_text(json.dumps(values, ensure_ascii=False)):
        values, fault = {}, "it is not UTF-8"
    return Row(number=number, values=values, fault=fault)


@contextmanager
def _opened(path: Path) -> Iterator[TextIO]:
    try:
        with path.open(encoding="utf-8-sig", newline="", errors="surrogateescape") as file:
            yield file
    except OSError as error:
        message = f"{path} can't be read: {error.strerror}"
        raise WrongUseError(message) from error

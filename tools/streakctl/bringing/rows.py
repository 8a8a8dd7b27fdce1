"""A row as it came from wherever it is kept. It must not know what a row means."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Protocol


@dataclass(frozen=True, kw_only=True)
class Row:
    """One row, as it came. `fault` says why it can't be read; then there are no values."""

    # Counted from 1, a header not counted.
    number: int
    values: Mapping[str, Any]
    fault: str | None = None


class Source(Protocol):
    """Rows in an order that does not change."""

    def columns(self) -> list[str] | None:
        """Their names; None where each row has its own. Raises `WrongUseError` where there is no such source."""

    def rows(self) -> Iterator[Row]:
        """Each once. Raises `WrongUseError` where it breaks off."""

    def count(self) -> int | None:
        """How many there are; None where only reading them all tells."""


def is_text(text: str) -> bool:
    """Whether it can be written as UTF-8: bytes that are none were read as halves of characters."""
    return text.isascii() or not any("\ud800" <= character <= "\udfff" for character in text)

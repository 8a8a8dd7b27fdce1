"""What a migration is, and why one is refused.

It must not know any single migration.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Sequence

    from streak_core.store.documents import Document
    from streak_core.store.migrated import Beside


class MigrationRefusedError(Exception):
    """Nothing is migrated; the message says why, and what to do."""


class WouldLoseError(MigrationRefusedError):
    """A way back on which something would be lost."""

    def __init__(self, lost: Sequence[str]) -> None:
        """`lost`: the names of what the form before has no place for."""
        self.lost = tuple(lost)
        super().__init__(f"the form before has no place for {', '.join(self.lost)}: leave this one in its form")


class Up(Protocol):
    """A document of the form before as one of this form."""

    def __call__(self, document: Document, beside: Beside) -> Document:
        """Raises `UnreadableStreakError`."""


class Down(Protocol):
    """A document of this form as one of the form before."""

    def __call__(self, document: Document, beside: Beside, *, accept_loss: bool = False) -> Document:
        """Raises `UnreadableStreakError`, `WouldLoseError`."""


@dataclass(frozen=True, kw_only=True)
class Migration:
    """One step; its number is the `schema_version` that it leads to."""

    number: int
    name: str
    # The collections whose documents it changes.
    collections: tuple[str, ...]
    up: Up
    down: Down
    # Of the source of all that decides what it does and that never changes again.
    checksum: str

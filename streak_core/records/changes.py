"""What a change of a user's records goes by, what it is, and what comes of it.

It must not know how anything is read or written, or what a record says.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from streak_core.domain.actor import Actor
from streak_core.records.acts import Act
from streak_core.records.chain import Entry
from streak_core.records.homes import RecordHome
from streak_core.store.documents import Document
from streak_core.store.tombstones import is_tombstone
from streak_core.store.writing import Writer, nothing_else


@dataclass(frozen=True, kw_only=True)
class Standing:
    """What is read for a change, at once; documents that are not there are empty."""

    home: RecordHome
    streak: Mapping[str, Any] = field(default_factory=dict)
    # Marks a streak that is a tombstone as that of a user who began anew; nothing for all others.
    beginning: Writer = nothing_else
    key: Mapping[str, Any] = field(default_factory=dict)
    others: Sequence[Mapping[str, Any]] = ()

    @property
    def has_records(self) -> bool:
        """Whether anything is recorded of the user beside the streak: not of whoever was erased."""
        return self.home.version is not None and self.home.erased_at is None

    @property
    def is_of_somebody(self) -> bool:
        """Whether anything at all is stored of the user, where some field of the streak was read."""
        return self.has_records or bool(self.streak and not is_tombstone(self.streak))


@dataclass(frozen=True, kw_only=True)
class Made:
    """What a change makes: its name, and until when a key names it."""

    name: str
    kept_until: datetime


@dataclass(frozen=True, kw_only=True)
class Change:
    """What is written in one commit over the version of the home."""

    # Who does for the user what no trail is told of; None for the user.
    actor: Actor | None = None
    # What the trail is told, where it is told of it.
    act: Act | None = None
    also: Writer = nothing_else
    # What the home says besides.
    home: Document = field(default_factory=dict)
    made: Made | None = None
    # Whether it was done, by what is read after a commit of which nobody knows whether it took effect; None for what
    # is told, whose entry says it, and for what may be done again.
    is_done: Callable[[Standing], bool] | None = None


@dataclass(frozen=True, kw_only=True)
class Changed:
    """What was changed: the name of what was made, and whether it had been under the same key before."""

    name: str = ""
    replayed: bool = False


@dataclass(frozen=True, kw_only=True)
class Appended(Changed):
    """A change that the trail tells of, by its entry."""

    entry: Entry


# What comes of what was read; None where nothing changes.
Decide = Callable[[Standing], Change | None]

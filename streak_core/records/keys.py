"""Idempotency keys of what is recorded, each in the commit of what it names, so that it is recorded once.

It must not know what is recorded. A key is kept as long as what it names.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Self

from streak_core.domain.refusals import IdempotencyKeyReused
from streak_core.records.acts import Party, PartyKind, json_text
from streak_core.records.chain import hash_of
from streak_core.records.homes import SCHEMA_VERSION, reading_record
from streak_core.store.documents import Document

# Below a home.
KEYS: Final = "keys"
# What a key names: an entry of the trail by its number, anything else by its name.
_ENTRY: Final = "seq"
_NAMED: Final = "named"
_UNTIL: Final = "expire_at"
# A hash of what is asked under it, and by whom.
ASKED: Final = "asked"
# All that is read of one.
KEPT: Final = (ASKED, _ENTRY, _NAMED, _UNTIL)


@dataclass(frozen=True, kw_only=True)
class Key:
    """A key, and what tells whether the same is asked under it."""

    name: str
    asked: str

    @classmethod
    def of(cls, name: str, content: Mapping[str, Any]) -> Self:
        """The key of what is asked."""
        return cls(name=name, asked=hash_of(json_text(content)))

    @classmethod
    def sent(cls, name: str, content: Mapping[str, Any], by: Party) -> Self:
        """The key that somebody sent: each kind of actor has its own, so that no user takes a server's by guessing."""
        own = name if by.kind is PartyKind.USER else f"{by.kind.value}={name}"
        return cls.of(own, {**content, "actor": [by.kind.value, by.id]})

    def document(self, named: int | str, until: datetime) -> Document:
        """What is kept of it, and until when."""
        return {
            "schema_version": SCHEMA_VERSION,
            ASKED: self.asked,
            _ENTRY if isinstance(named, int) else _NAMED: named,
            _UNTIL: until,
        }

    def is_kept(self, document: Mapping[str, Any], now: datetime) -> bool:
        """Whether a document keeps it: one that has expired is none, whether the database has deleted it or not."""
        return bool(document) and not (isinstance(until := document.get(_UNTIL), datetime) and until <= now)

    def named(self, document: Mapping[str, Any]) -> int | str:
        """The number of the entry, or the name, that it names. Raises `IdempotencyKeyReused`, `RecordsUnreadable`."""
        with reading_record(document):
            seq, name = document.get(_ENTRY), document.get(_NAMED)
            if type(seq) is not int and not isinstance(name, str):
                raise TypeError
        if document.get(ASKED) != self.asked:
            raise IdempotencyKeyReused
        return seq if isinstance(seq, int) else str(name)


def once_a_day(what: str, content: object, now: datetime) -> Key:
    """The key under which the same is told once on a day (UTC). No key of an app has an equals sign."""
    return Key.of(f"{what}={now:%Y-%m-%d}={hash_of(json_text(content))[:32]}", {})

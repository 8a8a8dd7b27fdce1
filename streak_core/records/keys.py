"""Idempotency keys of what is recorded, each in the commit of what it names, so that it is recorded once.

It must not know what is recorded. A key is kept as long as what it names.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, Self

from streak_core.domain.refusals import IdempotencyKeyReused
from streak_core.records.acts import json_text
from streak_core.records.chain import Entry, hash_of
from streak_core.records.homes import SCHEMA_VERSION, RecordsUnreadable
from streak_core.store.documents import Document

# Below a home.
KEYS: Final = "keys"
# All that is read of one.
KEPT: Final = ("asked", "seq")


@dataclass(frozen=True, kw_only=True)
class Key:
    """A key, and what tells whether the same is asked under it."""

    name: str
    asked: str

    @classmethod
    def of(cls, name: str, content: Mapping[str, Any]) -> Self:
        """The key of what is asked."""
        return cls(name=name, asked=hash_of(json_text(content)))

    def document(self, entry: Entry) -> Document:
        """What is kept of it."""
        return {
            "schema_version": SCHEMA_VERSION,
            "asked": self.asked,
            "seq": entry.seq,
            "expire_at": entry.expires_at,
        }

    def named(self, document: Mapping[str, Any]) -> int:
        """The number of the entry that it names. Raises `IdempotencyKeyReused`, `RecordsUnreadable`."""
        seq = document.get("seq")
        if type(seq) is not int:
            raise RecordsUnreadable
        if document.get("asked") != self.asked:
            raise IdempotencyKeyReused
        return seq

"""A database with one document of each kind for ada, under rules. Must not know who asks for them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from emulator.places import FIRESTORE_RULES
from tests.integration.rules.attempts import STORED

if TYPE_CHECKING:
    from tests.integration.rules.ruled import RuledDatabase

RULES: Final = FIRESTORE_RULES.read_text(encoding="utf-8")


def stored_under(rules: str, database: RuledDatabase) -> RuledDatabase:
    """The database, with one document of each kind, under these rules."""
    assert database.load(rules) == []
    for path in STORED:
        database.put(path)
    return database

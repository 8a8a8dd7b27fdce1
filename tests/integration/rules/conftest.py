"""The project's own rules in force, over one document of each kind for ada. Must not know what is tested."""

from __future__ import annotations

from collections.abc import Iterator

import httpx
import pytest

from emulator.firestore import FirestoreEmulator
from emulator.places import FIRESTORE_RULES
from tests.integration.rules.attempts import STORED
from tests.integration.rules.ruled import RuledDatabase

RULES = FIRESTORE_RULES.read_text(encoding="utf-8")


@pytest.fixture(scope="session")
def http() -> Iterator[httpx.Client]:
    """Connections that tests share."""
    with httpx.Client(timeout=30) as client:
        yield client


@pytest.fixture
def empty(http: httpx.Client, emulator: FirestoreEmulator) -> RuledDatabase:
    """A database without documents, and without rules of its own."""
    return RuledDatabase(http, emulator.host)


@pytest.fixture(scope="module")
def ruled(http: httpx.Client, emulator: FirestoreEmulator) -> RuledDatabase:
    """With what is stored, under the project's rules; no attempt changes anything that another one sees."""
    return stored_under(RULES, RuledDatabase(http, emulator.host))


def stored_under(rules: str, database: RuledDatabase) -> RuledDatabase:
    """The database, with one document of each kind, under these rules."""
    assert database.load(rules) == []
    for path in STORED:
        database.put(path)
    return database

"""The project's own rules in force, over one document of each kind for ada. Must not know what is tested."""

from __future__ import annotations

from collections.abc import Iterator

import httpx
import pytest

from emulator.firestore import FirestoreEmulator
from tests.integration.rules.ruled import RuledDatabase
from tests.integration.rules.stored import RULES, stored_under


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

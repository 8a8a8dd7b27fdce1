"""Users of the served functions. Must not know what is tested."""

from __future__ import annotations

from collections.abc import Iterator

import httpx
import pytest

from tests.e2e.client import User


@pytest.fixture(scope="session")
def http() -> Iterator[httpx.Client]:
    """Connections that tests share."""
    with httpx.Client(timeout=30) as client:
        yield client


@pytest.fixture
def user(http: httpx.Client, served: str) -> User:
    """A user of whom nothing is known."""
    return User(http, served)


@pytest.fixture
def other(http: httpx.Client, served: str) -> User:
    """Another one."""
    return User(http, served)


@pytest.fixture
def admin(http: httpx.Client, served: str) -> User:
    """An admin."""
    return User(http, served, admin=True)

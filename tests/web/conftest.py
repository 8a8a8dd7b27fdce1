"""The served functions as a page of another origin sees them. Must not know what is tested."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest

from emulator.firestore import HOST_VARIABLE, FirestoreEmulator
from emulator.port import free_port
from testing.local_server import LocalServer, serve_command
from tests.web.pages import Pages


@pytest.fixture(scope="session")
def pages() -> Iterator[Pages]:
    """The origin of an app: the client's sources as they are, and an empty page."""
    with Pages() as origin:
        yield origin


@pytest.fixture(scope="session")
def service(emulator: FirestoreEmulator, pages: Pages) -> Iterator[str]:
    """The base URL of all functions, open to that origin."""
    own = {HOST_VARIABLE: emulator.host, "PORT": str(free_port()), "STREAK_CORS_ORIGINS": pages.url}
    with LocalServer(serve_command(), {**os.environ, **own}) as server:
        yield server.wait_until_ready()
        assert server.stop() == 0, server.errors()

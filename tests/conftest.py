"""What several kinds of tests need: a Firestore emulator, a project of one's own in it, all functions served.

Must not know what is tested.
"""

import os
import zoneinfo
from collections.abc import Iterator
from typing import Final

import pytest
from google.cloud import firestore
from hypothesis import HealthCheck, settings

from emulator.firestore import HOST_VARIABLE, FirestoreEmulator
from emulator.port import free_port
from testing.local_server import LocalServer, serve_command
from tests.support.projects import new_project

# The browser origin that the served functions allow.
ALLOWED_ORIGIN: Final = "https://app.example.com"

# The tests' own model knows the same time zone rules as the code: those of the pinned package, not the machine's.
zoneinfo.reset_tzpath(to=())

# A busy machine is slow to draw a life, and that says nothing about the code.
settings.register_profile("unbroken", deadline=None, suppress_health_check=[HealthCheck.too_slow], print_blob=True)
settings.load_profile("unbroken")


def pytest_configure(config: pytest.Config) -> None:
    """Declares the marks that tests may carry."""
    config.addinivalue_line("markers", "last: looks back at the whole run, and runs after everything else")


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Puts what looks back at the run to its end."""
    items.sort(key=lambda item: item.get_closest_marker("last") is not None)


@pytest.fixture(scope="session")
def emulator() -> Iterator[FirestoreEmulator]:
    """A Firestore emulator that `google.cloud.firestore.Client` finds by itself.

    Without a Java or a JAR the test fails, and the message says how to get them.
    """
    with FirestoreEmulator() as running, pytest.MonkeyPatch.context() as environment:
        environment.setenv(HOST_VARIABLE, running.host)
        # Its first answer takes longer than a client of ours waits, on a busy machine.
        firestore.Client(project=new_project()).document("any/thing").get()
        yield running


@pytest.fixture
def project_id() -> str:
    """A project id that no other test uses: an empty database."""
    return new_project()


@pytest.fixture(scope="session")
def served(emulator: FirestoreEmulator) -> Iterator[str]:
    """The base URL of all functions, served as by `make serve`, on the same Firestore emulator."""
    own = {HOST_VARIABLE: emulator.host, "PORT": str(free_port()), "STREAK_CORS_ORIGINS": ALLOWED_ORIGIN}
    with LocalServer(serve_command(), {**os.environ, **own}) as server:
        yield server.wait_until_ready()
        assert server.stop() == 0, server.errors()

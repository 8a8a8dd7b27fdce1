"""What several kinds of tests need: a Firestore emulator, a project of one's own in it, all functions served.

Everything here that takes long to import is imported by the fixture that uses it, so that a test of pure code starts
at once. With several workers each has an emulator and served functions of its own. Must not know what is tested.
"""

from __future__ import annotations

import os
import zoneinfo
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pytest

from tests.support.projects import new_project
from tests.support.thoroughness import register_profiles
from tests.support.wanted import what_was_missing

if TYPE_CHECKING:
    from emulator.firestore import FirestoreEmulator

_HERE: Final = Path(__file__).parent

# The tests' own model knows the same time zone rules as the code: those of the pinned package, not the machine's.
zoneinfo.reset_tzpath(to=())
# What somebody has set for a local server of theirs is nothing of the tests'.
for name in ("PROJECT", "FIRESTORE_PORT"):
    os.environ.pop(name, None)
register_profiles()

# Whoever is done takes tests from the end of what others still have: last comes what is short, so that nobody waits
# long for another, and first what waits for processes and downloads while others compute.
_ORDER: Final = ("packaging", "web", "integration", "e2e", "unit")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The rooms in that order, each as it was; what lies elsewhere comes first."""
    places = {_HERE / room: place for place, room in enumerate(_ORDER, start=1)}
    items.sort(key=lambda item: next((places[one] for one in item.path.parents if one in places), 0))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Says in one line what was skipped for want of a program, and how to get it."""
    line = what_was_missing(terminalreporter.getreports("skipped"))
    if line:
        terminalreporter.write_line(line, yellow=True)


@pytest.fixture(scope="session")
def emulator() -> Iterator[FirestoreEmulator]:
    """A Firestore emulator that `google.cloud.firestore.Client` finds by itself.

    Without a Java or a JAR the test fails, and the message says how to get them. At the end, and before it
    is emptied, no query of the product, in any test, may have needed an index that is not declared.
    """
    from google.cloud import firestore

    from emulator.firestore import HOST_VARIABLE, FirestoreEmulator
    from tests.support.fresh_emulator import nothing_undeclared

    with FirestoreEmulator() as running, pytest.MonkeyPatch.context() as environment:
        environment.setenv(HOST_VARIABLE, running.host)
        # Its first answer takes longer than a client of ours waits, on a busy machine.
        firestore.Client(project=new_project()).document("any/thing").get()
        yield running
        nothing_undeclared(running)


@pytest.fixture
def project_id() -> str:
    """A project id that no other test uses: an empty database."""
    return new_project()


@pytest.fixture(scope="session")
def served(emulator: FirestoreEmulator) -> Iterator[str]:
    """The base URL of all functions, served as by `make serve`, on the same Firestore emulator."""
    from emulator.firestore import HOST_VARIABLE
    from emulator.port import free_port
    from testing.local_server import LocalServer, serve_command
    from tests.support.environment import ALLOWED_ORIGIN

    own = {HOST_VARIABLE: emulator.host, "PORT": str(free_port()), "STREAK_CORS_ORIGINS": ALLOWED_ORIGIN}
    with LocalServer(serve_command(), {**os.environ, **own}) as server:
        yield server.wait_until_ready()
        assert server.stop() == 0, server.errors()

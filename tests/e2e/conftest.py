"""Users of the served functions. Must not know what is tested."""

from __future__ import annotations

import contextlib
import os
import signal
from collections.abc import Iterator

import httpx
import pytest

from emulator.firestore import FirestoreEmulator
from tests.e2e.client import User
from tests.e2e.google_stand_in import GoogleStandIn
from tests.e2e.one_function import OneFunction
from tests.e2e.verifying import AUDIENCE, SCHEDULER, Verifying
from tests.support.fresh_emulator import start_anew
from tests.support.marked import Marked


@pytest.fixture(scope="session")
def http() -> Iterator[httpx.Client]:
    """Connections that tests share."""
    with httpx.Client(timeout=30) as client:
        yield client


@pytest.fixture(scope="module", autouse=True)
def _nobody_of_other_modules(emulator: FirestoreEmulator) -> None:
    start_anew(emulator)


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


@pytest.fixture
def support(http: httpx.Client, served: str) -> User:
    """Somebody of support."""
    return User(http, served, support=True)


@pytest.fixture(scope="session")
def verifying(
    emulator: FirestoreEmulator, http: httpx.Client, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Verifying]:
    """No Auth emulator is named, so that nothing but a good signature will do."""
    with GoogleStandIn(tmp_path_factory.mktemp("google")) as google:
        own = {"FIRESTORE_EMULATOR_HOST": emulator.host, **google.environment}
        scheduled = {**own, "MAINTENANCE_SERVICE_ACCOUNT": SCHEDULER, "MAINTENANCE_AUDIENCE": AUDIENCE}
        with (
            OneFunction("streak", scheduled) as streak,
            OneFunction("maintenance", scheduled) as maintenance,
            OneFunction("maintenance", own) as unscheduled,
        ):
            processes = {"streak": streak, "maintenance": maintenance, "unscheduled": unscheduled}
            for process in processes.values():
                assert process.starts(), process.output()
            yield Verifying(google, {name: process.url for name, process in processes.items()}, http)


@pytest.fixture
def marked() -> Iterator[Marked]:
    """An environment for processes of which none is left at the end."""
    environment = Marked()
    yield environment
    for pid in environment.processes():
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)

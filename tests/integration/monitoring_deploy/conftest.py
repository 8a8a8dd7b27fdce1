"""A project at a stand-in for Google, the command that deploys to it, and a folder to be changed."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

from tests.integration.monitoring_deploy.deploying import VARIABLES
from tests.support.monitoring_stand_in import PROJECT, Serving, StandInGoogle
from tools.deploy.__main__ import WRONG_USE, monitoring, parse
from tools.deploy.errors import WrongUse
from tools.monitoring.deploy.clients import Clients
from tools.monitoring.deploy.folder import MONITORING

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


@pytest.fixture
def google() -> StandInGoogle:
    return StandInGoogle()


@pytest.fixture
def clients(google: StandInGoogle) -> Iterator[Clients]:
    with Serving(google) as serving:
        yield serving.clients()


@pytest.fixture
def run(clients: Clients, monkeypatch: pytest.MonkeyPatch) -> Callable[..., int]:
    """The command, with the variables of the policies in its environment."""
    for name, value in VARIABLES.items():
        monkeypatch.setenv(name, value)
    monkeypatch.delenv("TICKET_CHANNELS", raising=False)

    def deploy(*given: str) -> int:
        try:
            _, options = parse(
                ["monitoring", "SETTINGS=", f"PROJECT={PROJECT}", "REGION=europe-west1", *given], os.environ
            )
            return monitoring(options, lambda: clients)
        except WrongUse as error:
            sys.stderr.write(f"error: {error}\n")
            return WRONG_USE

    return deploy


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the files, to be changed."""
    copy = tmp_path / "monitoring"
    for part in ("metrics", "uptime_checks", "alerts"):
        shutil.copytree(MONITORING / part, copy / part)
    shutil.copy(MONITORING / "streak_maintenance_dashboard.json", copy)
    return copy

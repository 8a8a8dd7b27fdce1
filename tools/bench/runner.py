"""What every figure needs: the shared emulator, empty projects in it, sizes, a word on what goes on, and workers.

It must not know any figure.
"""

from __future__ import annotations

import json
import sys
import tempfile
import threading
import time
import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Self

from google.cloud import firestore

from emulator.child import Child
from emulator.errors import SetupError
from streak_core.commands import StreakCommands
from streak_core.config import shipped_policy
from streak_core.config.maintenance import MaintenanceRules
from streak_core.maintenance.run import Maintenance
from streak_core.store.client import BoundedClient
from streak_core.store.due import DueStore
from streak_core.store.runs import RunStore
from streak_core.store.users import UserStore
from tools.bench.measuring import Json

# Set when the run is interrupted: the job then begins no new page.
STOPPING: Final = threading.Event()
POLL_SECONDS: Final = 0.02
WORKER_SECONDS_MAX: Final = 600.0
LOG_TAIL_BYTES_MAX: Final = 2_000


@dataclass(frozen=True, kw_only=True)
class Bench:
    """One run of the benchmarks. `tell` shows what is being done."""

    firestore_host: str
    is_quick: bool
    tell: Callable[[str], None]

    def size(self, full: int, quick: int) -> int:
        """The size of something, or the tiny one of a smoke run."""
        return quick if self.is_quick else full

    def client(self, project: str | None = None) -> firestore.Client:
        """The client that the service uses, in an empty project where none is named."""
        return BoundedClient(project=project or new_project())


def new_project() -> str:
    """The id of a project that nobody used before; all of them are of the same length."""
    return f"bench-{uuid.uuid4().hex[:12]}"


def job(client: firestore.Client) -> Maintenance:
    """The job as it is deployed, but for the ramp of 500/50/5, which the emulator does not have."""
    rules = MaintenanceRules(is_paced=False)
    return Maintenance(DueStore(client), RunStore(client), shipped_policy(), rules=rules, stopping=STOPPING)


def service_of(client: firestore.Client) -> StreakCommands:
    """The service as it is deployed."""
    return StreakCommands(UserStore(client, shipped_policy()), shipped_policy())


class Worker:
    """A Python process of its own that writes what it found to a file; nothing of it stays when it is left."""

    def __init__(self, module: str, arguments: Sequence[str], environment: Mapping[str, str] | None = None) -> None:
        """Starts `python -m module RESULT arguments…`."""
        self._module = module
        self._folder = tempfile.TemporaryDirectory(prefix="bench-")
        self._result = Path(self._folder.name) / "result.json"
        self._log = Path(self._folder.name) / "log"
        command = [sys.executable, "-m", module, str(self._result), *arguments]
        with self._log.open("wb") as log:
            self.child = Child(module, command, output=log, environment=environment)

    def found(self) -> Json:
        """Waits for the end; what it found. Raises `SetupError` when it failed."""
        deadline = time.monotonic() + WORKER_SECONDS_MAX
        while self.child.exit_status is None and time.monotonic() < deadline:
            time.sleep(POLL_SECONDS)
        if self.child.exit_status != 0:
            message = f"{self._module} ended with status {self.child.exit_status}\n{self.log_tail()}"
            raise SetupError(message)
        found: Any = json.loads(self._result.read_text(encoding="utf-8"))
        return dict(found)

    def log_tail(self) -> str:
        """The end of what it printed."""
        return self._log.read_bytes()[-LOG_TAIL_BYTES_MAX:].decode(errors="replace").strip()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.child.stop()
        self._folder.cleanup()

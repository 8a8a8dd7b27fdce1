"""What every figure needs: the shared emulator, empty projects in it, sizes, sides measured in turn, and processes.

It must not know any figure.
"""

from __future__ import annotations

import json
import subprocess
import sys
import threading
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from google.cloud import firestore

from emulator.child import tethered
from emulator.errors import SetupError
from streak_core.commands import StreakCommands
from streak_core.config import shipped_rules
from streak_core.config.maintenance import MaintenanceRules
from streak_core.maintenance.run import Maintenance
from streak_core.store.due import DueStore
from streak_core.store.runs import RunStore
from streak_core.store.users import UserStore
from tools.bench.measuring import Json, Side, in_turn

# Set when the run is interrupted: the job then begins no new page.
STOPPING: Final = threading.Event()
ALONE_SECONDS_MAX: Final = 1_800.0
LOG_TAIL_MAX: Final = 2_000


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
        return firestore.Client(project=project or new_project())

    def sides(
        self,
        sides: Mapping[str, Callable[[int], float]],
        unit: str,
        *,
        rounds: int,
        amount: float | None = None,
        unmeasured: int = 0,
    ) -> list[Side]:
        """The sides by their labels, in turn. With an `amount` they answer seconds, and its speed is what is kept."""

        def told(label: str, side: Callable[[int], float]) -> Callable[[int], float]:
            def once(number: int) -> float:
                self.tell(f"{label}, round {number + 1} of {rounds}")
                return side(number)

            return once

        took = in_turn(rounds, *(told(*one) for one in sides.items()), unmeasured=unmeasured)
        return [
            Side(label=label, unit=unit, values=values if amount is None else [amount / one for one in values])
            for label, values in zip(sides, took, strict=True)
        ]


def new_project() -> str:
    """The id of a project that nobody used before; all of them are of the same length."""
    return f"bench-{uuid.uuid4().hex[:12]}"


def job(client: firestore.Client) -> Maintenance:
    """The job as it is deployed, but for the ramp of 500/50/5, which the emulator does not have."""
    rules = MaintenanceRules(is_paced=False)
    return Maintenance(DueStore(client), RunStore(client), shipped_rules, rules=rules, stopping=STOPPING)


def service_of(client: firestore.Client) -> StreakCommands:
    """The service as it is deployed."""
    return StreakCommands(UserStore(client, shipped_rules), shipped_rules)


def run_alone(module: str, *arguments: str) -> Json:
    """What a Python process of its own prints as JSON. Raises `SetupError` when it fails."""
    command = tethered([sys.executable, "-m", module, *arguments])
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=ALONE_SECONDS_MAX)  # noqa: S603 - ours
    if done.returncode:
        message = f"{module} ended with status {done.returncode}\n{done.stderr[-LOG_TAIL_MAX:]}"
        raise SetupError(message)
    found: Json = json.loads(done.stdout)
    return found

"""Clients that live over HTTP until time is up, in a process of their own (`python -m tools.chaos.soak_clients`).

It must not know what kills the server's workers. Each life ends with the proof of the simulation.
"""

from __future__ import annotations

import json
import sys
import threading
import time
import zoneinfo
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any, Final

from streak_core.config import shipped_policy
from streak_core.store.client import BoundedClient
from testing.scenarios import difference
from tools.chaos import stored
from tools.chaos.devices import Device
from tools.chaos.faults import NoFaults
from tools.chaos.http_device import HttpDevice
from tools.chaos.lives import lives, user_ids
from tools.chaos.possible_states import Judge, PossibleState, is_plain
from tools.chaos.proof import prove

Step = dict[str, Any]
_YEAR: Final = "2026"
_LATER: Final = timedelta(days=2)


@dataclass(frozen=True, kw_only=True)
class Settings:
    """Who lives where until when (Unix seconds); `first` and `every` number the lives of one thread among all."""

    base_url: str
    project: str
    seed: int
    threads: int
    first: int
    every: int
    # Added to the environment's number, so that each soak has users of its own.
    offset: int
    ends_at: float
    # The file that is written at the end.
    result: str


def main(text: str) -> None:
    """Lives in all threads, and writes what they saw as JSON."""
    zoneinfo.reset_tzpath(to=())
    settings = Settings(**json.loads(text))
    threads = [_Thread(settings, number) for number in range(settings.threads)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    found = {
        "users": sum(thread.users for thread in threads),
        "different": [one for thread in threads for one in thread.different],
        "endings": dict(sum((thread.http.endings for thread in threads), Counter())),
        "took_ms": [one for thread in threads for one in thread.http.took_ms],
    }
    Path(settings.result).write_text(json.dumps(found), encoding="utf-8")


class _Thread(threading.Thread):
    """Lives in one environment after the other."""

    def __init__(self, settings: Settings, number: int) -> None:
        super().__init__(daemon=True)
        self.users = 0
        self.different: list[str] = []
        self.http = HttpDevice(settings.base_url)
        self._settings = settings
        self._numbers = count(settings.first + number, settings.every)
        self._proof = Device(f"proof {number}", settings.project, shipped_policy(), NoFaults())
        self._clean = BoundedClient(project=settings.project)

    def run(self) -> None:
        while time.time() < self._settings.ends_at:
            number = next(self._numbers)
            steps = lives(self._settings.seed, number)
            if not steps[0]["at"].startswith(_YEAR):
                continue
            try:
                self._live(user_ids(self._settings.offset + number), steps)
            except Exception as error:  # noqa: BLE001 - whatever it is, it is reported
                self.different.append(f"environment {number}: {type(error).__name__}: {error}")
                return

    def _live(self, ids: list[str], steps: list[Step]) -> None:
        possible_states = [PossibleState() for _ in ids]
        last = steps[0]["at"]
        for step in _one_by_one(steps):
            if time.time() >= self._settings.ends_at:
                break
            last = max(last, step["at"], key=datetime.fromisoformat)
            user = step["user"]
            self._step(ids[user], possible_states, user, step)
        later = [(datetime.fromisoformat(last) + _LATER * days).isoformat() for days in (1, 2)]
        for user_id, state in zip(ids, possible_states, strict=True):
            self.users += 1
            self.different += [f"{user_id!r}: {one}" for one in prove(self._proof, self._clean, user_id, state, later)]

    def _step(self, user_id: str, possible_states: list[PossibleState], user: int, step: Step) -> None:
        if step["do"].startswith("get_"):
            found = difference(possible_states[user].ask(step), self.http.ask(user_id, step))
        else:
            tries = [self.http.command(user_id, step)]
            entries = [] if is_plain(tries) else stored.ledger(self._clean, user_id)
            judge = Judge([(entry.entry_id, entry.at) for entry in entries])
            after = judge.explain(possible_states[user], tries)
            found = None if after else judge.complaint or "nothing explains the answers"
            possible_states[user] = after[0] if after else possible_states[user]
        if found:
            self.different.append(f"{user_id!r}, {step}: {found}")


def _one_by_one(steps: list[Step]) -> Iterator[Step]:
    """The users' steps; the job is called by somebody else."""
    for step in steps:
        yield from (part for part in step.get("lanes", [step]) if part["do"] != "maintenance")


if __name__ == "__main__":
    main(sys.argv[1])

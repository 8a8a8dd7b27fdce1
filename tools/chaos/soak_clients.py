"""Clients that live over HTTP until time is up, in a process of their own.

It must not know what kills the server's workers. Each life ends with the proof of the simulation.
"""

from __future__ import annotations

import threading
import time
import zoneinfo
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import count
from typing import Any, Final

from streak_core.config import shipped_policy
from tools.chaos.environment import Environment
from tools.chaos.faults import NoFaults
from tools.chaos.http_device import HttpDevice
from tools.chaos.lives import lives, user_ids

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


@dataclass
class Seen:
    """What clients have seen: users who were proved, differences, how requests ended and how long they took."""

    users: int
    different: list[str]
    endings: Counter[str]
    took_ms: list[float]


def live(settings: Settings) -> Seen:
    """Lives in all threads; what they saw together."""
    zoneinfo.reset_tzpath(to=())
    threads = [_Thread(settings, number) for number in range(settings.threads)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return Seen(
        users=sum(thread.users for thread in threads),
        different=[one for thread in threads for one in thread.different],
        endings=sum((thread.http.endings for thread in threads), Counter()),
        took_ms=[one for thread in threads for one in thread.http.took_ms],
    )


class _Thread(threading.Thread):
    """Lives in one environment after the other."""

    def __init__(self, settings: Settings, number: int) -> None:
        super().__init__(daemon=True)
        self.users = 0
        self.different: list[str] = []
        self.http = HttpDevice(settings.base_url)
        self._settings = settings
        self._numbers = count(settings.first + number, settings.every)

    def run(self) -> None:
        while time.time() < self._settings.ends_at:
            number = next(self._numbers)
            steps = lives(self._settings.seed, number)
            if not steps[0]["at"].startswith(_YEAR):
                continue
            ids = user_ids(self._settings.offset + number)
            environment = Environment(ids, shipped_policy(), NoFaults(), self._settings.project, given=self.http)
            try:
                self._live(environment, steps)
            except Exception as error:  # noqa: BLE001 - whatever it is, it is reported
                self.different.append(f"environment {number}: {type(error).__name__}: {error}")
                return
            finally:
                environment.close()

    def _live(self, environment: Environment, steps: list[Step]) -> None:
        last = steps[0]["at"]
        for step in _one_by_one(steps):
            if time.time() >= self._settings.ends_at:
                break
            last = max(last, step["at"], key=datetime.fromisoformat)
            environment.play(step)
        later = [(datetime.fromisoformat(last) + _LATER * days).isoformat() for days in (1, 2)]
        self.users += len(environment.user_ids)
        self.different += [found.what for found in environment.differences(later)]


def _one_by_one(steps: list[Step]) -> Iterator[Step]:
    """The users' steps; the job is called by somebody else."""
    for step in steps:
        yield from (part for part in step.get("lanes", [step]) if part["do"] != "maintenance")

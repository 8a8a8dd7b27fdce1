"""Clients that live over HTTP until time is up, in a process of their own.

It must not know what kills the server's workers. Each life ends with the proof of the simulation.
"""

from __future__ import annotations

import time
import zoneinfo
from collections import Counter
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count
from typing import Final

from emulator.token import PROJECT
from streak_core.config import shipped_policy
from testing.steps import JobStep, Step
from tools.chaos.environment import Environment
from tools.chaos.faults import NoFaults
from tools.chaos.http_device import HttpDevice
from tools.chaos.lives import lives, user_ids

THREADS: Final = 4
_YEAR: Final = "2026"
_LATER: Final = timedelta(days=2)


@dataclass(frozen=True, kw_only=True)
class Settings:
    """Who lives where until when (Unix seconds); `first` and `every` number the lives of a process among all."""

    base_url: str
    seed: int
    first: int
    every: int
    # Added to the environment's number, so that each soak has users of its own.
    offset: int
    ends_at: float


@dataclass
class Seen:
    """What clients have seen: users who were proved, differences, how requests ended and how long they took."""

    users: int = 0
    different: list[str] = field(default_factory=list)
    endings: Counter[str] = field(default_factory=Counter)
    took_ms: list[float] = field(default_factory=list)


def live(settings: Settings) -> Seen:
    """Lives in all threads; what they saw together."""
    zoneinfo.reset_tzpath(to=())
    with ThreadPoolExecutor(THREADS) as pool:
        return together(pool.map(lambda thread: _live_on(settings, thread), range(THREADS)))


def together(seen: Iterable[Seen]) -> Seen:
    """All of it as one."""
    whole = Seen()
    for one in seen:
        whole.users += one.users
        whole.different += one.different
        whole.endings += one.endings
        whole.took_ms += one.took_ms
    return whole


def _live_on(settings: Settings, thread: int) -> Seen:
    """Lives in one environment after the other."""
    device = HttpDevice(settings.base_url)
    seen = Seen(endings=device.endings, took_ms=device.took_ms)
    numbers = count(settings.first * THREADS + thread, settings.every * THREADS)
    while time.time() < settings.ends_at and not seen.different:
        number = next(numbers)
        steps = lives(settings.seed, number)
        if not steps[0]["at"].startswith(_YEAR):
            continue
        ids = user_ids(settings.offset + number)
        environment = Environment(ids, shipped_policy(), NoFaults(), PROJECT, given=device)
        try:
            seen.different += _differences(environment, steps, settings.ends_at)
            seen.users += len(ids)
        except Exception as error:  # noqa: BLE001 - whatever it is, it is reported
            seen.different.append(f"environment {number}: {type(error).__name__}: {error}")
        finally:
            environment.close()
    return seen


def _differences(environment: Environment, steps: list[Step], ends_at: float) -> list[str]:
    """Lives the users' steps one by one, while the job is called by somebody else; what the proof finds."""
    last = datetime.fromisoformat(steps[0]["at"])
    parts = (part for step in steps for part in step.get("lanes", [step]) if part["do"] != JobStep.MAINTENANCE)
    for step in parts:
        if time.time() >= ends_at:
            break
        last = max(last, datetime.fromisoformat(step["at"]))
        environment.play(step)
    later = [(last + _LATER * days).isoformat() for days in (1, 2)]
    return [found.what for found in environment.differences(later)]

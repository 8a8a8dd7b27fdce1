"""How often and for how long a write that met a conflict is tried again.

It must not know what is tried.
"""

from __future__ import annotations

import random
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from streak_core.domain.errors import ContentionError

if TYPE_CHECKING:
    from collections.abc import Callable


@dataclass(frozen=True, kw_only=True)
class RetryRules:
    """Full jitter: each wait is anything from nothing up to a limit that doubles."""

    attempts_max: int = 24
    deadline_seconds: float = 15.0
    wait_seconds_first: float = 0.02
    wait_seconds_max: float = 1.0


@dataclass
class Attempts:
    """The attempts of one command: `again` waits, or gives up with `ContentionError`."""

    rules: RetryRules = field(default_factory=RetryRules)
    clock: Callable[[], float] = time.monotonic
    sleep: Callable[[float], None] = time.sleep
    jitter: Callable[[float, float], float] = random.uniform
    retries: int = 0

    def __post_init__(self) -> None:
        """The deadline counts from here."""
        self._deadline = self.clock() + self.rules.deadline_seconds

    def again(self) -> None:
        """Waits before the next attempt. Raises `ContentionError` when attempts or time are used up."""
        limit = min(self.rules.wait_seconds_max, self.rules.wait_seconds_first * 2**self.retries)
        wait = self.jitter(0, limit)
        self.retries += 1
        if self.retries >= self.rules.attempts_max or self.clock() + wait > self._deadline:
            raise ContentionError
        self.sleep(wait)

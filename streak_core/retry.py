"""How often and for how long a write that was not taken is tried again.

It must not know what is tried.
"""

from __future__ import annotations

import random
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from streak_core.domain.errors import DatabaseOverloaded, UserBusy
from streak_core.store.deadlines import seconds_left
from streak_core.store.failures import CommitFailed, StoreOverloaded, WriteRefused
from streak_core.telemetry import LogEvent, count, log

if TYPE_CHECKING:
    from collections.abc import Callable


@dataclass(frozen=True, kw_only=True)
class RetryRules:
    """Full jitter: each wait is anything from nothing up to a limit that doubles."""

    attempts_max: int = 24
    # The client has tried for a while by itself before it says that Firestore is overloaded.
    overloads_max: int = 2
    # The client says the same of a commit whose reply was lost, be it a success or a conflict: each is looked for.
    refusals_max: int = 4
    # Within what a request may wait for the database in all (`deadlines`).
    deadline_seconds: float = 8.5
    wait_seconds_first: float = 0.02
    wait_seconds_max: float = 1.0


_RULES: Final = RetryRules()


@dataclass
class Attempts:
    """The attempts of one command: `again` waits, or gives up."""

    rules: RetryRules = _RULES
    clock: Callable[[], float] = time.monotonic
    sleep: Callable[[float], None] = time.sleep
    jitter: Callable[[float, float], float] = random.uniform
    retries: int = 0
    overloads: int = 0
    refusals: int = 0

    def __post_init__(self) -> None:
        """The deadline counts from here."""
        self._deadline = self.clock() + seconds_left(self.rules.deadline_seconds)

    def again(self, failure: CommitFailed | None = None) -> None:
        """Waits before the next attempt.

        Raises `UserBusy` when attempts or time are used up, `DatabaseOverloaded` much sooner when it was no conflict,
        and the failure itself when the write is refused again and again: each time it may have taken effect.
        """
        if isinstance(failure, WriteRefused):
            self.refusals += 1
            if self.refusals >= self.rules.refusals_max:
                raise failure
        if isinstance(failure, StoreOverloaded):
            self.overloads += 1
            if failure.is_pending or self.overloads >= self.rules.overloads_max:
                raise DatabaseOverloaded from failure
        limit = min(self.rules.wait_seconds_max, self.rules.wait_seconds_first * 2**self.retries)
        wait = self.jitter(0, limit)
        self.retries += 1
        if self.retries >= self.rules.attempts_max or self.clock() + wait > self._deadline:
            raise UserBusy from failure
        self.sleep(wait)


def note_retry(failure: CommitFailed, command: str, attempts: Attempts) -> None:
    """Logs that a write was not taken."""
    count(retries=1)
    log(
        LogEvent.TRANSACTION_RETRY,
        "a write was not taken",
        reason=str(failure),
        command=command,
        attempt=attempts.retries + 1,
    )

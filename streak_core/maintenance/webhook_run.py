"""Looks at all users of whom a server of the app's is to be told something: what no trigger and no task has done.

It must not know how anybody is told.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from streak_core.domain.errors import StreakError, Unavailable
from streak_core.store.unreadable import UnreadableStreakError
from streak_core.telemetry import LogEvent, log
from streak_core.write_gate import never_closed

if TYPE_CHECKING:
    import threading
    from collections.abc import Callable, Iterator
    from datetime import datetime

# A run comes every five minutes, and is no part of what reminds users.
RUN_SECONDS_MAX: Final = 240.0


@dataclass(frozen=True)
class WebhookRun:
    """One run; doing it twice, or two at a time, is harmless."""

    due: Callable[[datetime], Iterator[tuple[str, datetime]]]
    # Has a user looked at at a moment: through a queue, else here and now.
    look_at: Callable[[str, datetime], object]
    stopping: threading.Event
    clock: Callable[[], float] = field(default=time.monotonic)
    # Whether documents are restored: nothing is written beside that.
    is_closed: Callable[[], bool] = never_closed

    def run(self, now: datetime) -> int:
        """How many users were looked at; what fails is logged, and is the next run's to try."""
        begun, found = self.clock(), 0
        try:
            for user_id, since in self.due(now):
                if self.stopping.is_set() or self.is_closed() or self.clock() - begun >= RUN_SECONDS_MAX:
                    break
                self._look_at(user_id, since)
                found += 1
        except Unavailable as error:
            log(LogEvent.WEBHOOKS_FAILED, "a run of webhooks ended early", error=error, reason=error.code)
        return found

    def _look_at(self, user_id: str, since: datetime) -> None:
        """One user, whose failure must not keep the others from being looked at. Raises `Unavailable`."""
        try:
            self.look_at(user_id, since)
        except Unavailable:
            raise
        except (StreakError, UnreadableStreakError) as error:
            log(LogEvent.WEBHOOKS_FAILED, "a user's events could not be told", error=error, user_id=user_id)

"""Hears what the product logs while it is played with: a failure that it swallowed is a difference, too.

It must not know what is played.
"""

from __future__ import annotations

import logging
from typing import Any, Final, Self

from streak_core.domain.errors import ContentionError
from streak_core.telemetry import LogEvent
from streak_core.telemetry.log import LOGGER

# Faults can keep a due user's batch and the user alone from being written for a whole run; the next run does it.
_EXPLAINED: Final = frozenset({ContentionError.code})


class Listening(logging.Handler):
    """While entered, keeps errors that no injected fault explains in `wrong`, and everything else quiet."""

    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.wrong: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        """Looks for a shard that failed, or a user that could not be read."""
        logged: dict[str, Any] = getattr(record, "json_fields", {})
        is_explained = logged.get("event") == LogEvent.USER_FAILED and logged.get("reason") in _EXPLAINED
        if logged.get("event") in {LogEvent.SHARD_FAILED, LogEvent.USER_FAILED} and not is_explained:
            self.wrong.append(f"logged: {record.getMessage()}: {logged}")

    def __enter__(self) -> Self:
        LOGGER.addHandler(self)
        LOGGER.propagate = False
        return self

    def __exit__(self, *_: object) -> None:
        LOGGER.removeHandler(self)
        LOGGER.propagate = True

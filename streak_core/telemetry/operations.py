"""Times operations, and says which of them were slow. It must not know what they do.

The threshold is set once by the process, from its configuration.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Final

from streak_core.telemetry.catalogue import LogEvent
from streak_core.telemetry.log import log

SLOW_MS: Final = 500


@dataclass
class _Threshold:
    slow_ms: float = SLOW_MS


_THRESHOLD: Final = _Threshold()


def call_slow_from(slow_ms: float) -> None:
    """From how many milliseconds on an operation of this process is slow."""
    _THRESHOLD.slow_ms = slow_ms


def milliseconds_since(begun: float) -> float:
    """Since a moment of `time.perf_counter`."""
    return round((time.perf_counter() - begun) * 1_000, 1)


def note_duration(operation: str, duration_ms: float, *, reads: int = 0, writes: int = 0) -> None:
    """Logs an operation that was slow, and what it read and wrote."""
    if duration_ms > _THRESHOLD.slow_ms:
        log(
            LogEvent.SLOW_OPERATION,
            f"{operation} took {duration_ms:.0f} ms",
            operation=operation,
            duration_ms=duration_ms,
            reads=reads,
            writes=writes,
        )

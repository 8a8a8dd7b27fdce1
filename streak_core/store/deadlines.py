"""How long the work that goes on here may still wait for the database. It must not know what is waited for.

A request sets it once at its door; what sets none, as the job does, waits as long as each call may by itself.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Final

_ENDS_AT: Final[ContextVar[float | None]] = ContextVar("streak_deadline", default=None)


@contextmanager
def waiting_at_most(seconds: float | None) -> Iterator[None]:
    """From here on everything together waits no longer than this; None takes an earlier bound away."""
    token = _ENDS_AT.set(None if seconds is None else time.monotonic() + seconds)
    try:
        yield
    finally:
        _ENDS_AT.reset(token)


def seconds_left(at_most: float) -> float:
    """How long may still be waited: never longer than `at_most`, and nothing or less once the time is used up."""
    ends_at = _ENDS_AT.get()
    return at_most if ends_at is None else min(at_most, ends_at - time.monotonic())

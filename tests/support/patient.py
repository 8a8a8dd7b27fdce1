"""The event that ends a run, on which nobody really waits: time passes at once. Must not know what is waited for."""

from __future__ import annotations

import threading


class Patient(threading.Event):
    """Remembers how long it was to wait; `clock` has moved on by all of it."""

    def __init__(self) -> None:
        super().__init__()
        self.waits: list[float] = []

    def wait(self, timeout: float | None = None) -> bool:
        self.waits.append(timeout or 0.0)
        return self.is_set()

    def clock(self) -> float:
        """Seconds."""
        return sum(self.waits)

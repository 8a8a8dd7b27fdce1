"""An answer that a process goes by for a while, and then asks for again.

It must not know what is asked.
"""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

Answer = TypeVar("Answer")


class Known(Generic[Answer]):
    """Called, it answers what is known for less than `seconds`, else what `ask` says; several threads may call it."""

    def __init__(self, ask: Callable[[], Answer], seconds: float, clock: Callable[[], float] = time.monotonic) -> None:
        """Asks nothing yet."""
        self._ask = ask
        self._seconds = seconds
        self._clock = clock
        self._lock = threading.Lock()
        # When it was asked, and what was answered.
        self._known: tuple[float, Answer] | None = None
        self._is_asking = False

    def __call__(self) -> Answer:
        """Raises what `ask` raises, where nothing is known that is recent enough."""
        begun = self._clock()
        with self._lock:
            known = self._known
            is_fresh = known is not None and begun - known[0] < self._seconds
            # While one asks, the others go by what is known for as long again, and do not wait behind it.
            is_asked_for = known is not None and self._is_asking and begun - known[0] < 2 * self._seconds
            if known is not None and (is_fresh or is_asked_for):
                return known[1]
            self._is_asking = True
        try:
            found = self._ask()
            with self._lock:
                self._known = begun, found
            return found
        finally:
            with self._lock:
                self._is_asking = False

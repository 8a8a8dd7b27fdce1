"""Waits for what others do, and no longer than is said, whatever they do.

It must not know what is waited for. The time-outs of libraries bound one step each, an address, a try or a piece, and
some can't be chosen or let a second caller queue behind the first. A thread that is waited for bounds all of it, and
one that is kept costs a few hundredths of a millisecond.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from threading import Event
from typing import TYPE_CHECKING, Final, TypeVar

from streak_core.store.deadlines import seconds_left

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

# As many as a process answers requests at a time, and some that are still held by what nobody waits for any more.
THREADS_MAX: Final = 64

T = TypeVar("T")


class BoundedWait:
    """Threads for what may take too long, started as they are needed."""

    def __init__(self, seconds_max: float) -> None:
        """Nothing is waited for longer than this, nor longer than the request as a whole may wait."""
        self._seconds_max = seconds_max
        self._threads = ThreadPoolExecutor(THREADS_MAX)

    def result(self, work: Callable[[], T]) -> T:
        """What the work answers or raises. Raises `TimeoutError` where it does neither in time; it may go on then."""
        future = self._threads.submit(work)
        try:
            return future.result(seconds_left(self._seconds_max))
        finally:
            future.cancel()

    @contextmanager
    def otherwise(self, end: Callable[[], None]) -> Iterator[None]:
        """Calls `end` where what goes on here is not done in time."""
        done = Event()
        self._threads.submit(_watch, done, seconds_left(self._seconds_max), end)
        try:
            yield
        finally:
            done.set()


def _watch(done: Event, seconds: float, end: Callable[[], None]) -> None:
    if not done.wait(seconds):
        end()

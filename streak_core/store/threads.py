"""Calls that take no timeout, each in a thread of its own, so that nobody has to wait for it longer than he can.

It must not know what is called. `concurrent.futures` does the same and more, and takes half as much of the processor
again: every write would pay for that.
"""

from __future__ import annotations

import threading
from queue import Empty, SimpleQueue
from typing import TYPE_CHECKING, Any, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

T = TypeVar("T")


class AllThreadsBusy(Exception):
    """As many calls as there may be go on already."""


class Call(Generic[T]):
    """One call; it goes on whether it is waited for or not."""

    def __init__(self, work: Callable[[], T]) -> None:
        """Starts nothing."""
        self._work = work
        self._outcome: SimpleQueue[tuple[list[T], BaseException | None]] = SimpleQueue()
        self.goes_on = False

    def run(self) -> None:
        """Makes the call, in the thread that it is given."""
        outcome: tuple[list[T], BaseException | None]
        try:
            outcome = [self._work()], None
        except BaseException as error:  # noqa: BLE001 - whatever it is, it is raised where the call is waited for
            outcome = [], error
        self.goes_on = False
        self._outcome.put(outcome)

    def result(self, seconds: float) -> T:
        """What it answers, once. Raises what it raises, and `TimeoutError` where it still goes on after so long."""
        try:
            answer, error = self._outcome.get(timeout=seconds)
        except Empty:
            if self.goes_on:
                raise TimeoutError from None
            answer, error = self._outcome.get()
        if error is not None:
            raise error
        return answer[0]


class Threads:
    """At most so many calls at a time. A thread is started when none is free, and is kept for the next call."""

    def __init__(self, at_most: int) -> None:
        """Starts none yet."""
        self._at_most = at_most
        self._calls: SimpleQueue[Call[Any]] = SimpleQueue()
        self._lock = threading.Lock()
        self._started = self._busy = 0

    def start(self, call: Call[Any]) -> None:
        """Gives it to a thread. Raises `AllThreadsBusy`."""
        with self._lock:
            if self._busy == self._at_most:
                raise AllThreadsBusy
            self._busy += 1
            if self._busy > self._started:
                self._started += 1
                # A process that ends does not wait for what nobody waits for.
                threading.Thread(target=self._work, name=f"call-{self._started}", daemon=True).start()
        call.goes_on = True
        self._calls.put(call)

    def _work(self) -> None:
        while True:
            call = self._calls.get()
            call.run()
            # A thread that is free holds nothing of what it was last given.
            del call
            with self._lock:
                self._busy -= 1

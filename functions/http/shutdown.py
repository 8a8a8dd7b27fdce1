"""Hears that the process is told to end, so that a long job can stop in order.

It must not know what is stopped. Whoever listened before still hears of it.

Only a main thread can set a signal's handler, the server sets its own after it has forked, and jobs run in threads.
So the loading process leaves a handler on SIGURG, a signal that the server does not touch and whose default is to be
ignored; a job sends it to the main thread, which then puts its ear to SIGTERM in front of the server's.
"""

from __future__ import annotations

import signal
import threading
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from types import FrameType


class EndListener:
    """Sets `stopping` on SIGTERM, once `listen` was called."""

    def __init__(self, stopping: threading.Event) -> None:
        """Made while the process loads, in its main thread; made elsewhere, it hears nothing."""
        self._stopping = stopping
        self._is_prepared = threading.current_thread() is threading.main_thread()
        if self._is_prepared:
            signal.signal(signal.SIGURG, self._put_ear_to_the_door)

    def listen(self) -> None:
        """Makes sure that this process hears of its end; to be called by whoever wants to stop in order."""
        main = threading.main_thread().ident
        if self._is_prepared and main is not None:
            signal.pthread_kill(main, signal.SIGURG)

    def _put_ear_to_the_door(self, _: int, __: FrameType | None) -> None:
        before = signal.getsignal(signal.SIGTERM)
        if getattr(before, "__self__", None) is self:
            return
        self._before = before
        signal.signal(signal.SIGTERM, self._hear)

    def _hear(self, number: int, frame: FrameType | None) -> None:
        self._stopping.set()
        if callable(self._before):
            self._before(number, frame)
        elif self._before is signal.SIG_DFL:
            signal.signal(number, signal.SIG_DFL)
            signal.raise_signal(number)

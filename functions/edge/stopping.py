"""Hears that the process is told to end, so that a long job can stop in order.

It must not know what is stopped. Whoever listened before still hears of it.
"""

from __future__ import annotations

import signal
import threading
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from types import FrameType


def hear_of_the_end(stopping: threading.Event) -> None:
    """Sets `stopping` on SIGTERM, then lets the server do what it would have done. Only a main thread can listen."""
    if threading.current_thread() is not threading.main_thread():
        return
    before = signal.getsignal(signal.SIGTERM)

    def stop(number: int, frame: FrameType | None) -> None:
        stopping.set()
        if callable(before):
            before(number, frame)
        elif before is signal.SIG_DFL:
            signal.signal(signal.SIGTERM, signal.SIG_DFL)
            signal.raise_signal(signal.SIGTERM)

    signal.signal(signal.SIGTERM, stop)

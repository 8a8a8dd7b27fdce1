"""Ends a program that is asked to by SIGINT, SIGTERM or SIGHUP as Ctrl-C does. Must not know what is stopped."""

import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Final

STOP_SIGNALS: Final = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


@contextmanager
def stop_signals_interrupt(first: Callable[[], None] = lambda: None) -> Iterator[None]:
    """While entered, the first of the signals calls `first` and raises KeyboardInterrupt."""

    def interrupt(_signal: int, _frame: FrameType | None) -> None:
        # Stopping is bounded; a second signal, as make and a terminal send together, must not break it off.
        for each in STOP_SIGNALS:
            signal.signal(each, signal.SIG_IGN)
        first()
        raise KeyboardInterrupt

    before = {each: signal.signal(each, interrupt) for each in STOP_SIGNALS}
    try:
        yield
    finally:
        for each, handler in before.items():
            signal.signal(each, handler)

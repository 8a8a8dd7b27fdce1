"""Ends a program that is asked to by SIGINT, SIGTERM or SIGHUP as Ctrl-C does. Must not know what is stopped."""

import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Final

STOP_SIGNALS: Final = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


@contextmanager
def stop_signals_interrupt(first: Callable[[], None] = lambda: None) -> Iterator[None]:
    """While entered, the first of the signals calls `first` and raises KeyboardInterrupt.

    SIGINT and SIGHUP stay ignored where they were so at the start, as under nohup.
    """

    def interrupt(_signal: int, _frame: FrameType | None) -> None:
        # Stopping is bounded; a second signal, as make and a terminal send together, must not break it off.
        for each in STOP_SIGNALS:
            signal.signal(each, signal.SIG_IGN)
        first()
        raise KeyboardInterrupt

    before = {each: signal.signal(each, interrupt) for each in STOP_SIGNALS if _is_heeded(each)}
    try:
        yield
    finally:
        for each, handler in before.items():
            signal.signal(each, handler)


def _is_heeded(number: signal.Signals) -> bool:
    """One that was ignored at the start was meant to be, as by nohup; that for ending it surely ends it."""
    return number is signal.SIGTERM or signal.getsignal(number) is not signal.SIG_IGN

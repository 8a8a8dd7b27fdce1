"""How far a command over many users is, said after two seconds and then now and then; and how it is stopped in order.

It must not know what is done with a user.
"""

from __future__ import annotations

import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from types import FrameType
from typing import Final, Self

from rich.console import Console

SILENT_SECONDS: Final = 2.0
LINE_EVERY_SECONDS: Final = 5.0

_STOP_SIGNALS: Final = (signal.SIGINT, signal.SIGTERM)


@dataclass
class ShownProgress:
    """Counts users while entered. `total` is asked for once there is something to say; 0 is not known."""

    console: Console
    # What is asked for once; 0 is not known.
    total: Callable[[], int]
    done: str = "verified"
    what: str = "users"
    wrong: str = "differ"
    clock: Callable[[], float] = time.monotonic
    users: int = 0
    differing: int = 0
    _total: int = 0
    _said_at: float = field(default=0.0, init=False)

    def __enter__(self) -> Self:
        self._begun = self._said_at = self.clock()
        return self

    def __exit__(self, *_: object) -> None:
        """Says nothing more."""

    def count(self, *, differs: bool) -> None:
        """One user more."""
        self.users += 1
        self.differing += differs
        now = self.clock()
        if now - self._begun < SILENT_SECONDS or now - self._said_at < LINE_EVERY_SECONDS:
            return
        self._said_at, self._total = now, self._total or self.total() or -1
        of = f" of {self._total:,}" if self._total > 0 else ""
        self.console.print(
            f"{self.done} {self.users:,}{of} {self.what}, {self.rate} {self.what}/s, {self.differing:,} {self.wrong}"
        )

    @property
    def seconds(self) -> float:
        """Since it was entered."""
        return self.clock() - self._begun

    @property
    def rate(self) -> float:
        """Users per second so far."""
        return round(self.users / self.seconds, 1) if self.seconds else 0.0


@contextmanager
def stop_signals_interrupt() -> Iterator[None]:
    """A signal to stop is a `KeyboardInterrupt`, once: what is under way ends in order."""

    def interrupt(_signal: int, _frame: FrameType | None) -> None:
        # Stopping is bounded by the reads that are under way; a second signal must not break it off.
        for each in _STOP_SIGNALS:
            signal.signal(each, signal.SIG_IGN)
        raise KeyboardInterrupt

    before = {each: signal.signal(each, interrupt) for each in _STOP_SIGNALS}
    try:
        yield
    finally:
        for each, handler in before.items():
            signal.signal(each, handler)

"""How far a command is that takes its time, said after two seconds and then now and then.

It must not know what is done meanwhile.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final, Self

from rich.console import Console

SILENT_SECONDS: Final = 2.0
LINE_EVERY_SECONDS: Final = 5.0


@dataclass
class NowAndThen:
    """When it is time to say something. Time counts from its making."""

    clock: Callable[[], float] = time.monotonic
    begun: float = field(init=False)
    _next: float = field(init=False)

    def __post_init__(self) -> None:
        self.begun = self.clock()
        self._next = self.begun + SILENT_SECONDS

    def is_due(self) -> bool:
        """Whether it is time; then it is so again after some seconds."""
        now = self.clock()
        if now < self._next:
            return False
        self._next = now + LINE_EVERY_SECONDS
        return True


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

    def __enter__(self) -> Self:
        self._lines = NowAndThen(self.clock)
        return self

    def __exit__(self, *_: object) -> None:
        """Says nothing more."""

    def count(self, *, differs: bool) -> None:
        """One user more."""
        self.users += 1
        self.differing += differs
        if not self._lines.is_due():
            return
        self._total = self._total or self.total() or -1
        of = f" of {self._total:,}" if self._total > 0 else ""
        self.console.print(
            f"{self.done} {self.users:,}{of} {self.what}, {self.rate} {self.what}/s, {self.differing:,} {self.wrong}"
        )

    @property
    def seconds(self) -> float:
        """Since it was entered."""
        return self.clock() - self._lines.begun

    @property
    def rate(self) -> float:
        """Users per second so far."""
        return round(self.users / self.seconds, 1) if self.seconds else 0.0

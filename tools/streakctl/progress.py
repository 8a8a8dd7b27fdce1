"""Says how far a long verification is: a line now and then, and nothing at first.

It must not know what is verified.
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
class ShownProgress:
    """Counts users while entered. `total` is asked for once there is something to say; 0 is not known."""

    console: Console
    total: Callable[[], int]
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
        self.console.print(f"verified {self.users:,}{of} users, {self.rate} users/s, {self.differing:,} differ")

    @property
    def seconds(self) -> float:
        """Since it was entered."""
        return self.clock() - self._begun

    @property
    def rate(self) -> float:
        """Users per second so far."""
        return round(self.users / self.seconds, 1) if self.seconds else 0.0

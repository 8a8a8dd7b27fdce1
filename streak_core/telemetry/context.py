"""What is known of the work that goes on in this thread: whose request it is, and what it has cost so far.

It must not log. Threads that are started for the same work are given a copy of the context and share its tally.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Final


class Tally:
    """Counts that threads of one piece of work add to."""

    __slots__ = ("_lock", "bonuses_earned", "reads", "retries", "writes")

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self.reads = 0
        self.writes = 0
        self.retries = 0
        self.bonuses_earned = 0

    def add(self, *, reads: int = 0, writes: int = 0, retries: int = 0, bonuses_earned: int = 0) -> None:
        """Adds to each."""
        with self._lock:
            self.reads += reads
            self.writes += writes
            self.retries += retries
            self.bonuses_earned += bonuses_earned


@dataclass(frozen=True, kw_only=True)
class Trace:
    """Where a request belongs in a distributed trace: ids in lower-case hexadecimal digits, 32 and 16 of them."""

    trace_id: str
    span_id: str | None = None
    is_sampled: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Origin:
    """Where a request came from, as it says itself but for the peer of its connection; no log line has any of it."""

    peer: str | None
    forwarded_for: str
    user_agent: str | None
    # By the clock that only goes forward, in seconds.
    begun: float


@dataclass(frozen=True, kw_only=True, slots=True)
class Work:
    """One request; `function` is the deployed function."""

    function: str
    request_id: str
    trace: Trace | None = None
    origin: Origin | None = None
    tally: Tally = field(default_factory=Tally)


_CURRENT: Final[ContextVar[Work | None]] = ContextVar("streak_work", default=None)


def current() -> Work | None:
    """The request that goes on here, if any."""
    return _CURRENT.get()


@contextmanager
def during(work: Work) -> Iterator[Work]:
    """Makes it the request that goes on here."""
    token = _CURRENT.set(work)
    try:
        yield work
    finally:
        _CURRENT.reset(token)


def count(*, reads: int = 0, writes: int = 0, retries: int = 0, bonuses_earned: int = 0) -> None:
    """Adds to the tally of the request that goes on here, if any."""
    work = _CURRENT.get()
    if work is not None:
        work.tally.add(reads=reads, writes=writes, retries=retries, bonuses_earned=bonuses_earned)

"""The database's health, asked at most once a second however many want to know: a probe costs, and anybody may ask.

It must not know Firestore or HTTP.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final, Generic, Protocol, TypeVar

from streak_core.domain.errors import DatabaseUnavailable
from streak_core.store.backups import BackupRecord
from streak_core.store.unreadable import UnreadableStreakError

VERDICT_SECONDS: Final = 1.0
# Counting users costs more than a probe, and changes less.
COUNT_SECONDS: Final = 60.0

Seconds = Callable[[], float]
Answer = TypeVar("Answer")


class Probe(Protocol):
    """What asks the database."""

    def read(self) -> None:
        """Raises `DatabaseUnavailable`."""

    def users(self) -> int:
        """Raises `DatabaseUnavailable`."""

    def last_backup(self) -> BackupRecord | None:
        """Raises `DatabaseUnavailable`, and `UnreadableStreakError`."""

    def migrated_to(self) -> int | None:
        """Raises `DatabaseUnavailable`."""


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """Whether the database answered a probe, after how long, and when it was sent."""

    timestamp: datetime
    latency_ms: float
    has_answered: bool


class DatabaseHealth:
    """The last verdict, or a new one where that is too old."""

    def __init__(self, probe: Probe, clock: Seconds = time.monotonic) -> None:
        """Asks nothing yet."""
        self._probe = probe
        self._clock = clock
        self._verdict = _Kept(self._ask, VERDICT_SECONDS, clock)
        self._users = _Kept(self._count, COUNT_SECONDS, clock)
        self._backup = _Kept(self._last_backup, COUNT_SECONDS, clock)
        self._migrated_to = _Kept(self._newest_form, COUNT_SECONDS, clock)

    def verdict(self) -> Verdict:
        """Whether the database answers; at most `VERDICT_SECONDS` old."""
        return self._verdict.get()

    def users(self) -> int | None:
        """How many users there are, at most `COUNT_SECONDS` old; None where they could not be counted in time."""
        return self._users.get()

    def last_backup(self) -> BackupRecord | None:
        """The last backup that is known, at most `COUNT_SECONDS` ago; None where none is, or nobody could say."""
        return self._backup.get()

    def migrated_to(self) -> int | None:
        """The newest form that users were migrated to, at most `COUNT_SECONDS` old; None where none is known."""
        return self._migrated_to.get()

    def _ask(self) -> Verdict:
        timestamp, begun = datetime.now(UTC), self._clock()
        has_answered = True
        try:
            self._probe.read()
        except DatabaseUnavailable:
            has_answered = False
        latency_ms = round((self._clock() - begun) * 1_000, 1)
        return Verdict(timestamp=timestamp, latency_ms=latency_ms, has_answered=has_answered)

    def _count(self) -> int | None:
        try:
            return self._probe.users()
        except DatabaseUnavailable:
            return None

    def _last_backup(self) -> BackupRecord | None:
        try:
            return self._probe.last_backup()
        except (DatabaseUnavailable, UnreadableStreakError):
            return None

    def _newest_form(self) -> int | None:
        try:
            return self._probe.migrated_to()
        except DatabaseUnavailable:
            return None


class _Kept(Generic[Answer]):
    """An answer that is asked for again when it is too old; whoever comes while it is being asked for waits for it."""

    def __init__(self, ask: Callable[[], Answer], seconds: float, clock: Seconds) -> None:
        self._ask = ask
        self._seconds = seconds
        self._clock = clock
        self._lock = threading.Lock()
        self._kept: tuple[float, Answer] | None = None

    def get(self) -> Answer:
        with self._lock:
            if self._kept is None or self._clock() - self._kept[0] >= self._seconds:
                answer = self._ask()
                self._kept = self._clock(), answer
            return self._kept[1]

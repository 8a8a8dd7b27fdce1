"""The database is asked at most once a second, by one at a time, whatever it answers."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

from streak_core.domain.errors import DatabaseUnavailable
from streak_core.health import COUNT_SECONDS, VERDICT_SECONDS, DatabaseHealth
from streak_core.store.backups import BackupRecord
from streak_core.store.unreadable import UnreadableStreakError

NOW = datetime(2026, 3, 2, 2, tzinfo=UTC)
BACKUP = BackupRecord(moment=NOW, ended_at=NOW, documents=9, is_verified=True)


class Clock:
    """Stands still until it is moved."""

    def __init__(self) -> None:
        self.seconds = 100.0

    def __call__(self) -> float:
        return self.seconds


class FakeProbe:
    """A database that takes `latency_seconds`, and is down where a test says so."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self.latency_seconds = 0.0
        self.is_down = False
        self.is_unreadable = False
        self.asked = 0

    def read(self) -> None:
        self.asked += 1
        self._clock.seconds += self.latency_seconds
        if self.is_down:
            raise DatabaseUnavailable

    def users(self) -> int:
        self.read()
        return 7

    def migrated_to(self) -> int | None:
        self.read()
        return 2

    def last_backup(self) -> BackupRecord | None:
        self.read()
        if self.is_unreadable:
            raise UnreadableStreakError
        return BACKUP


def health() -> tuple[DatabaseHealth, FakeProbe, Clock]:
    clock = Clock()
    probe = FakeProbe(clock)
    return DatabaseHealth(probe, clock), probe, clock


def test_a_verdict_says_how_long_it_took_and_when_it_was_asked_for() -> None:
    database, probe, _ = health()
    probe.latency_seconds = 0.0123
    before = datetime.now(UTC)
    verdict = database.verdict()
    assert (verdict.has_answered, verdict.latency_ms) == (True, 12.3)
    assert before <= verdict.timestamp <= datetime.now(UTC)


def test_a_verdict_is_kept_for_a_second_and_no_longer() -> None:
    database, probe, clock = health()
    first = database.verdict()
    clock.seconds += VERDICT_SECONDS - 0.001
    assert database.verdict() is first
    clock.seconds += 0.001
    assert database.verdict() is not first
    assert probe.asked == 2


def test_that_the_database_is_down_is_kept_as_well_and_so_is_that_it_is_back() -> None:
    database, probe, clock = health()
    probe.is_down = True
    assert not database.verdict().has_answered
    probe.is_down = False
    assert not database.verdict().has_answered
    clock.seconds += VERDICT_SECONDS
    assert database.verdict().has_answered


def test_a_verdict_is_as_old_as_its_answer_not_as_its_question() -> None:
    database, probe, clock = health()
    probe.latency_seconds = 3.0
    first = database.verdict()
    clock.seconds += VERDICT_SECONDS / 2
    assert database.verdict() is first


def test_users_are_counted_once_a_minute() -> None:
    database, probe, clock = health()
    assert [database.users(), database.users()] == [7, 7]
    assert probe.asked == 1
    clock.seconds += COUNT_SECONDS
    assert database.users() == 7
    assert probe.asked == 2


def test_users_who_cannot_be_counted_are_no_number_and_are_not_counted_again_at_once() -> None:
    database, probe, _ = health()
    probe.is_down = True
    assert [database.users(), database.users()] == [None, None]
    assert probe.asked == 1


def test_the_last_backup_is_asked_for_once_a_minute_and_none_where_nobody_can_say() -> None:
    database, probe, clock = health()
    assert [database.last_backup(), database.last_backup()] == [BACKUP, BACKUP]
    assert probe.asked == 1
    clock.seconds += COUNT_SECONDS
    probe.is_unreadable = True
    assert database.last_backup() is None
    clock.seconds += COUNT_SECONDS
    probe.is_down = True
    assert database.last_backup() is None


def test_what_users_were_migrated_to_is_asked_for_once_a_minute_and_none_where_nobody_can_say() -> None:
    database, probe, clock = health()
    assert [database.migrated_to(), database.migrated_to()] == [2, 2]
    assert probe.asked == 1
    clock.seconds += COUNT_SECONDS
    probe.is_down = True
    assert database.migrated_to() is None


def test_whoever_asks_while_the_database_is_being_asked_waits_for_that_answer() -> None:
    released, asked = threading.Event(), threading.Semaphore(0)

    class Hanging:
        times = 0

        def read(self) -> None:
            Hanging.times += 1
            asked.release()
            released.wait(10)
            raise DatabaseUnavailable

        def users(self) -> int:
            return 0

        def migrated_to(self) -> None:
            """Nobody asks here."""

        def last_backup(self) -> None:
            return None

    database = DatabaseHealth(Hanging(), Clock())
    with ThreadPoolExecutor(8) as pool:
        waiting = [pool.submit(database.verdict) for _ in range(8)]
        assert asked.acquire(timeout=10)
        released.set()
        verdicts = [one.result() for one in waiting]
    assert len(set(map(id, verdicts))) == 1
    assert Hanging.times == 1

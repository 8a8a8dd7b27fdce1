"""A run begins as warm as the one before left Firestore: paced runs on the emulator, on a clock that only they move."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

import pytest
from google.api_core import exceptions

from streak_core.config.maintenance import MaintenanceRules
from streak_core.maintenance.report import MAINTENANCE, REMINDING, RunLog
from streak_core.maintenance.run import Maintenance
from streak_core.store.due import DueStore
from streak_core.store.failures import StoreOverloaded
from streak_core.store.paces import HELD, PACES, Pace, PaceStore
from streak_core.store.run_report import RunStatus
from streak_core.store.runs import RunStore
from streak_core.store.sharding import SHARDS, shard_of
from tests.support.population import due_population, write_due_users
from tests.support.shipped_policy import policies

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from google.cloud import firestore

    from streak_core.store.due import DuePage, Settled
    from streak_core.store.reading import Cursor
    from tests.support.recorded_client import RecordedClient, Recorder

# When everybody of the population is due; and when that is done.
NIGHT: Final = datetime(2026, 3, 4, 5, tzinfo=UTC)
WALL: Final = datetime(2026, 11, 20, 12, tzinfo=UTC)
# What a commit of one user writes by itself: the user, an event and the progress.
ITSELF: Final = 3


class Killed(BaseException):
    """The process is gone: nothing catches it."""


class Waiting(threading.Event):
    """Never set; to wait for it takes no time but on the clock of a test."""

    def __init__(self) -> None:
        super().__init__()
        self.seconds = 0.0
        self.waits: list[float] = []

    def wait(self, timeout: float | None = None) -> bool:
        self.seconds += timeout or 0.0
        self.waits.append(timeout or 0.0)
        return False


class Heavy(DueStore):
    """Each user is as much work as many; after some of them the process is killed."""

    def __init__(self, client: firestore.Client, operations: int, lives: int) -> None:
        super().__init__(client)
        self._beside, self._lives = operations - ITSELF, lives

    def beside(self, batch: Sequence[Settled]) -> int:
        return self._beside * len(batch)

    def page(self, shard: int, now: datetime, after: Cursor | None, limit: int) -> DuePage:
        if self._lives < 0:
            raise Killed
        return super().page(shard, now, after, limit)

    def commit(self, batch: Sequence[Settled], also: Callable[[firestore.Transaction], None]) -> None:
        self._lives -= len(batch)
        if self._lives < 0:
            raise Killed
        super().commit(batch, also)


@dataclass
class Nights:
    """Runs one after the other. Each is asked how fast it began: by how long its second user had to wait."""

    client: firestore.Client
    waiting: Waiting = field(default_factory=Waiting)
    runs: int = 0

    def now(self) -> datetime:
        return WALL + timedelta(seconds=self.waiting.seconds)

    def job(self, log: RunLog = MAINTENANCE, operations: int = 40_000, lives: int = 10**9) -> Maintenance:
        rules = MaintenanceRules(threads=1, page_users=10, batch_users=1)
        job = Maintenance(
            Heavy(self.client, operations, lives),
            RunStore(self.client),
            policies,
            rules=rules,
            stopping=self.waiting,
            wall=self.now,
            clock=lambda: self.waiting.seconds,
        )
        return job.over(job.due, log)

    def due(self, count: int) -> None:
        """So many more users who are due."""
        self.runs += 1
        due_population(self.client, count, prefix=f"night{self.runs}-")

    def run(self, log: RunLog = MAINTENANCE, count: int = 2) -> float:
        """Operations a second with which a run over so many users begins."""
        self.due(count)
        self.waiting.waits.clear()
        report = self.job(log).run(f"run-{self.runs}", NIGHT)
        assert (report.status, report.users_processed) == (RunStatus.SUCCESS, count)
        return 40_000 / self.waiting.waits[0]

    def task(self, shard: int, count: int = 2) -> float:
        """The same of a task of a shard, whose users are a hundredth of the work."""
        self.runs += 1
        names = [name for number in range(5_000) if shard_of(name := f"task{self.runs}-{number}") == shard][:count]
        write_due_users(self.client, names)
        self.waiting.waits.clear()
        report = self.job(REMINDING, operations=400).run_shard(f"run-{self.runs}", shard, NIGHT)
        assert (report.status, report.users_processed) == (RunStatus.SUCCESS, count)
        return 400 / self.waiting.waits[0]

    def left(self, worker: str) -> float:
        return float((self.client.collection(PACES).document(worker).get().to_dict() or {})["written_per_second"])


@pytest.fixture
def nights(client: firestore.Client) -> Nights:
    return Nights(client)


def test_a_second_run_begins_with_what_the_first_one_wrote_and_one_an_hour_later_cold(nights: Nights) -> None:
    assert nights.run(count=20) == pytest.approx(500)
    left = nights.left("maintenance")
    assert 750 < left < 500 * 1.5**3
    nights.waiting.seconds += 240
    assert nights.run() == pytest.approx(left)
    nights.waiting.seconds += 3_600
    assert nights.run() == pytest.approx(500)


def test_reminders_and_maintenance_warm_nothing_up_for_each_other(nights: Nights) -> None:
    nights.run(count=20)
    assert nights.run(REMINDING) == pytest.approx(500)
    assert nights.run() == pytest.approx(nights.left("maintenance"))
    assert [one.id for one in nights.client.collection(PACES).stream()] == ["maintenance"]


def test_the_next_call_of_a_run_that_was_killed_begins_with_what_it_wrote(nights: Nights) -> None:
    nights.due(25)
    with pytest.raises(Killed):
        nights.job(lives=20).run("run", NIGHT)
    left = nights.left("maintenance")
    assert left > 500
    # Nobody knows yet that it is dead.
    since = nights.now() - timedelta(minutes=5)
    assert PaceStore(nights.client).take("maintenance", since, nights.now()) is None
    nights.waiting.seconds += HELD.total_seconds()
    nights.waiting.waits.clear()
    report = nights.job().run("run", NIGHT)
    assert report.status is RunStatus.SUCCESS
    assert 40_000 / nights.waiting.waits[0] == pytest.approx(left)


def test_a_call_that_stops_at_its_deadline_leaves_its_pace_to_the_next_one(nights: Nights) -> None:
    nights.due(60)
    assert nights.job().run("run", NIGHT).status is RunStatus.PARTIAL
    left = nights.left("maintenance")
    nights.waiting.waits.clear()
    nights.job().run("run", NIGHT)
    assert 40_000 / nights.waiting.waits[0] == pytest.approx(left)


def test_a_task_of_a_shard_begins_with_what_the_one_before_wrote_of_that_shard(nights: Nights) -> None:
    cold = 500 / SHARDS
    assert nights.task(7, count=20) == pytest.approx(cold)
    left = nights.left("reminders.07")
    assert left > 1.5 * cold
    assert nights.task(8) == pytest.approx(cold)
    assert nights.task(7) == pytest.approx(left)
    # The one call of a run that is not fanned out is another worker.
    assert nights.run(REMINDING) == pytest.approx(500)


def test_what_has_nothing_to_do_costs_nothing_and_what_has_little_one_read(
    client: RecordedClient, recorder: Recorder
) -> None:
    nights = Nights(client)
    nights.job().run("idle", NIGHT)
    assert [one for one in recorder.documents_read() if one[0].startswith(PACES)] == []
    recorder.calls.clear()
    nights.due(3)
    nights.job(operations=10).run("small", NIGHT)
    assert [one for one in recorder.documents_read() if one[0].startswith(PACES)] == [["paces/maintenance"]]
    assert [one for one in recorder.documents_written() if one.startswith(PACES)] == []


@pytest.mark.parametrize(
    "change",
    [
        {"of_a_later_program": 1},
        {"written_per_second": "fast"},
        {"written_per_second": float("nan")},
        {"written_per_second": 1e12},
        {"until": WALL + timedelta(days=1)},
        {"held_until": WALL + timedelta(days=1)},
        {"held_until": None},
    ],
)
def test_a_pace_that_does_not_read_or_cannot_be_makes_a_cold_start_and_ends_no_run(
    nights: Nights, change: dict[str, Any]
) -> None:
    kept = {"written_per_second": 2_000.0, "until": WALL, "held_until": WALL}
    place = nights.client.collection(PACES).document("maintenance")
    place.set(kept)
    assert nights.run() == pytest.approx(2_000)
    place.set({**kept, "until": nights.now(), "held_until": nights.now(), **change})
    assert nights.run(count=20) == pytest.approx(500)
    # What it wrote itself is in its place.
    assert nights.left("maintenance") > 750


def test_one_pace_is_taken_once(client: RecordedClient, recorder: Recorder) -> None:
    store, pace = PaceStore(client), Pace(written_per_second=2_000.0, until=WALL)
    long_ago = WALL - timedelta(minutes=5)
    assert store.take("reminders", long_ago, WALL) is None
    store.keep("reminders", pace, WALL)
    assert store.take("reminders", WALL + timedelta(seconds=1), WALL) is None
    recorder.before["Commit"] = [exceptions.Aborted("somebody was faster")]
    assert store.take("reminders", long_ago, WALL) is None
    recorder.before["Commit"] = [exceptions.DeadlineExceeded("no answer")]
    with pytest.raises(StoreOverloaded):
        store.take("reminders", long_ago, WALL)
    assert store.take("reminders", long_ago, WALL) == pace
    assert store.take("reminders", long_ago, WALL + HELD - timedelta(seconds=1)) is None
    assert store.take("reminders", long_ago, WALL + HELD) == pace

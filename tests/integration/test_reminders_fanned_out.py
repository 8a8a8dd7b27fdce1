"""Reminders whose run is a task a shard: tasks that are killed, doubled, late or of two runs at once remind once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import TYPE_CHECKING, Final

import pytest

from streak_core.domain.commands import CheckIn
from streak_core.maintenance.tasks import QueueUnavailable
from streak_core.reminders import Sending
from streak_core.store.run_report import FannedOut, RunReport, RunStatus
from streak_core.store.sharding import SHARDS, shard_of
from testing.logged import Logged
from tests.support.reminded_world import DAY, EVENING, NOON, World

if TYPE_CHECKING:
    from datetime import datetime

    from google.cloud import firestore

    from streak_core.domain.notices import Notice

RUN: Final = "reminders-2026-03-03T18:30:00Z"
NEXT_RUN: Final = "reminders-2026-03-03T18:35:00Z"
NAMES: Final = tuple(f"u{number}" for number in range(12))
NOTICES: Final = {(name, "2026-03-03.reminder") for name in NAMES}
BUSY: Final = sorted({shard_of(name) for name in NAMES})


@pytest.fixture
def world(client: firestore.Client) -> World:
    found = World(client)
    found.wishing(*NAMES)
    return found


def begun(world: World, run_id: str = RUN) -> None:
    assert world.job().fan_out(run_id, lambda _: SHARDS) == FannedOut(run_id=run_id, tasks=SHARDS)


def task(world: World, shard: int, now: datetime = EVENING, run_id: str = RUN) -> RunReport:
    return world.job().run_shard(run_id, shard, now)


def all_tasks(world: World, now: datetime = EVENING, run_id: str = RUN, times: int = 1) -> list[RunReport]:
    with ThreadPoolExecutor(8) as pool:
        shards = [shard for shard in range(SHARDS) for _ in range(times)]
        return list(pool.map(lambda shard: task(world, shard, now, run_id), shards))


def test_the_call_reminds_nobody_and_its_tasks_everybody_once_with_one_report(world: World) -> None:
    begun(world)
    assert world.queue == {}
    with Logged() as logged:
        reports = all_tasks(world)
    assert {one.status for one in reports} == {RunStatus.SUCCESS}
    assert world.queue.keys() == NOTICES
    (ended,) = logged.of("reminders_completed")
    assert (ended["run_id"], ended["status"], ended["users_processed"]) == (RUN, "success", len(NAMES))
    # None of the job's own metrics counts it, and what went well is told once.
    assert not [one for name in ("maintenance_completed", "shard_completed") for one in logged.of(name)]
    again = world.job().fan_out(RUN, lambda _: 0)
    assert isinstance(again, RunReport)
    assert again.users_processed == len(NAMES)


def test_tasks_that_are_doubled_and_come_at_once_remind_once(world: World) -> None:
    begun(world)
    all_tasks(world, times=2)
    assert world.queue.keys() == NOTICES
    assert [world.send(name, EVENING) for name in NAMES] == [Sending.SENT] * len(NAMES)
    all_tasks(world)
    assert [world.send(name, EVENING) for name in NAMES] == [Sending.BEFORE] * len(NAMES)
    assert len(world.push.sent) == len(NAMES)


class Killed(BaseException):
    """The process is gone: nothing catches it."""


class Dying(World):
    """A task that is killed once it has enqueued a notice and written nothing."""

    is_alive = False

    def enqueue(self, user_id: str, notice: Notice) -> None:
        super().enqueue(user_id, notice)
        if not self.is_alive:
            raise Killed


def test_a_task_that_is_killed_in_between_comes_again_and_goes_on(client: firestore.Client) -> None:
    world = Dying(client)
    world.wishing(*NAMES)
    begun(world)
    for shard in BUSY:
        with pytest.raises(Killed):
            task(world, shard)
    assert world.queue
    world.is_alive = True
    reports = all_tasks(world, EVENING + timedelta(minutes=2))
    assert sum(one.users_processed for one in reports) == len(NAMES)
    assert world.queue.keys() == NOTICES
    assert [world.send(name, EVENING + timedelta(minutes=3)) for name in NAMES] == [Sending.SENT] * len(NAMES)


def test_where_tasks_could_not_all_be_enqueued_the_next_call_goes_on_with_the_missing_ones(world: World) -> None:
    def away(_run_id: str) -> int:
        raise QueueUnavailable

    with pytest.raises(QueueUnavailable):
        world.job().fan_out(RUN, away)
    begun(world)
    all_tasks(world)
    assert world.queue.keys() == NOTICES


def test_tasks_that_are_late_remind_who_is_still_to_be_and_nobody_at_night(world: World) -> None:
    begun(world)
    begun(world, NEXT_RUN)
    world.give("u0", EVENING + timedelta(minutes=1), CheckIn())
    # The tasks of the later run are faster, and some of both come at once.
    with ThreadPoolExecutor(2) as pool:
        later, late = (
            pool.submit(all_tasks, world, EVENING + timedelta(minutes=5), run_id) for run_id in (NEXT_RUN, RUN)
        )
        reports = [*later.result(), *late.result()]
    assert {one.status for one in reports} == {RunStatus.SUCCESS}
    assert world.queue.keys() == NOTICES - {("u0", "2026-03-03.reminder")}
    assert sum(one.users_processed for one in reports) == len(NAMES) - 1


def test_tasks_that_come_when_it_is_quiet_remind_nobody(world: World) -> None:
    begun(world)
    all_tasks(world, EVENING.replace(hour=23))
    assert world.queue == {}
    world.give("u0", NOON + DAY, CheckIn())
    all_tasks(world, EVENING + DAY, NEXT_RUN)
    assert world.queue.keys() <= {("u0", "2026-03-04.reminder")}

"""A day of reminders: when the world's users wish for them, and what runs, the queue and Cloud Messaging make of it.

It must not know prices or how the figures are shown.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from streak_core.domain.notices import MINUTES_OF_A_DAY, QUIET_AT_NIGHT, wall_instants
from streak_core.domain.reminders import BEFORE_QUIET, MEETABLE
from streak_core.store.sharding import SHARDS
from tools.deploy.scheduler import NOTICES_AT_ONCE, NOTICES_AT_ONCE_MAX
from tools.simulate.day import ONE_DAY
from tools.simulate.plan import SOME_DAY, Assumptions, plan_run

if TYPE_CHECKING:
    from collections.abc import Sequence

    from streak_core.store.paces import Pace
    from tools.simulate.population import Population

RUN_EVERY: Final = timedelta(minutes=5)
# Of two days, of which the second is looked at.
SLOTS: Final = 2 * ONE_DAY // RUN_EVERY
# Of a project.
MESSAGES_PER_MINUTE: Final = 600_000
# How long a reminder may wait in all for a day to be called in time.
WAIT_MAX: Final = timedelta(minutes=15)
# How long one task takes to be enqueued; each thread of a run does so one after the other.
ENQUEUE_SECONDS: Final = 0.02
# What is assumed of wishes: that part is for a full hour of the evening, in these parts; the others are of the minute
# at which users usually come, spread like a bell around this one.
CHOSEN_PART: Final = 0.4
CHOSEN: Final = {18 * 60: 0.3, 19 * 60: 0.25, 20 * 60: 0.25, 21 * 60: 0.2}
USUAL_MINUTE: Final = 18 * 60 + 30
USUAL_SPREAD: Final = 150
_STEP: Final = 5


@dataclass(frozen=True, kw_only=True)
class RemindedDay:
    """What becomes of a day's reminders."""

    users: int
    # The most that become due within five minutes.
    due_max: int
    # Whether more are left when it ends than when it began.
    falls_behind: bool
    # The longest that one waits for its run to come to it, and then for its task to be delivered.
    wait_for_run: timedelta
    wait_in_queue: timedelta

    @property
    def wait(self) -> timedelta:
        """Both together, at the worst."""
        return self.wait_for_run + self.wait_in_queue

    @property
    def dispatches_needed(self) -> int:
        """Tasks a second with which what is due within five minutes is sent within five."""
        return math.ceil(self.due_max / RUN_EVERY.total_seconds())

    @property
    def part_of_messages(self) -> float:
        """What is then sent, one message each, as a part of what Firebase Cloud Messaging takes."""
        return 60 * self.dispatches_needed / MESSAGES_PER_MINUTE


def wished_minutes(chosen_part: float = CHOSEN_PART) -> dict[int, float]:
    """Which part of all users are reminded at which minute of their local day, quiet hours being as they begin."""
    wished = {minute: chosen_part * part for minute, part in CHOSEN.items()}
    bell = {
        minute: math.exp(-(((minute - USUAL_MINUTE) / USUAL_SPREAD) ** 2) / 2)
        for minute in range(0, MINUTES_OF_A_DAY, _STEP)
    }
    whole = math.fsum(bell.values())
    for minute, height in bell.items():
        told = _before_quiet(minute)
        wished[told] = wished.get(told, 0.0) + (1 - chosen_part) * height / whole
    return wished


def _before_quiet(minute: int) -> int:
    """Where a minute that is quiet goes: half an hour before quiet begins, since the day begins before it ends."""
    begins, ends = QUIET_AT_NIGHT.from_minute, QUIET_AT_NIGHT.until_minute
    is_free = ends <= minute <= begins - MEETABLE // timedelta(minutes=1)
    return minute if is_free else begins - BEFORE_QUIET // timedelta(minutes=1)


@lru_cache(maxsize=4_096)
def _hours(time_zone: str, local: date) -> list[datetime]:
    """When a clock there shows each full hour of a date (UTC)."""
    return [wall_instants(time_zone, local, 60 * hour)[0] for hour in range(24)]


def wished_slots(population: Population, day: date, chosen_part: float = CHOSEN_PART) -> tuple[float, ...]:
    """Which part of all users is to be reminded in each five minutes of a date of UTC, the one before it first."""
    begin, found = datetime.combine(day - ONE_DAY, time(), UTC), [0.0] * SLOTS
    wished = wished_minutes(chosen_part)
    for zone, share in population.shares.items():
        for local in (day - 2 * ONE_DAY, day - ONE_DAY, day, day + ONE_DAY):
            hours = _hours(zone, local)
            for minute, part in wished.items():
                slot = (hours[minute // 60] + timedelta(minutes=minute % 60) - begin) // RUN_EVERY
                if 0 <= slot < SLOTS:
                    found[slot] += share * part
    return tuple(found)


@dataclass(frozen=True, kw_only=True)
class _Runs:
    """What the runs of two days do, minute by minute, and how they fare on the second."""

    enqueued: list[float]
    wait: timedelta
    falls_behind: bool


def reminded_day(users: int, slots: Sequence[float], assumptions: Assumptions, *, fan_out: bool = False) -> RemindedDay:
    """The second of two equal days, in which each of that many users is reminded once."""
    due = [round(users * part) for part in slots]
    runs = _runs(due, assumptions, fan_out=fan_out)
    dispatches_per_second = NOTICES_AT_ONCE_MAX if fan_out else NOTICES_AT_ONCE
    held = _held(runs.enqueued, dispatches_per_second)
    return RemindedDay(
        users=users,
        due_max=max(due[SLOTS // 2 :]),
        falls_behind=runs.falls_behind or held[2 * MINUTES_OF_A_DAY - 1] > held[MINUTES_OF_A_DAY - 1] + users / 1_000,
        wait_for_run=runs.wait,
        wait_in_queue=timedelta(seconds=max(held[MINUTES_OF_A_DAY:]) / dispatches_per_second),
    )


def _runs(due: list[int], assumptions: Assumptions, *, fan_out: bool) -> _Runs:
    """One run after the other: Cloud Scheduler begins no call of a job before the one before it has ended.

    Where runs are fanned out it begins them all the same, and the queue lets in as many tasks as there are shards.
    """
    enqueued_at_once = 1 if fan_out else assumptions.rules.threads
    own = replace(
        assumptions,
        users_per_second_instance=enqueued_at_once / ENQUEUE_SECONDS,
        tasks_per_instance=1,
        max_instances=SHARDS,
    )
    enqueued, left_at = [0.0] * (3 * MINUTES_OF_A_DAY), [0, 0]
    waiting, oldest, slot, at = 0, 0, 0, 0
    wait = timedelta()
    pace: Pace | None = None
    while at < 2 * MINUTES_OF_A_DAY:
        while slot < len(due) and slot * _STEP <= at:
            oldest = oldest if waiting else slot * _STEP
            waiting, slot = waiting + due[slot], slot + 1
        now = SOME_DAY + timedelta(minutes=at)
        run = plan_run(waiting, own.rules.deadline_seconds, own, fan_out=fan_out, at=now, found=pace)
        pace = run.pace
        took = max(1, math.ceil(run.seconds / 60))
        enqueued[at : at + took] = [run.done / took] * took
        if at >= MINUTES_OF_A_DAY and waiting:
            wait = max(wait, timedelta(minutes=at - oldest, seconds=run.seconds))
        waiting = run.left
        left_at[at >= MINUTES_OF_A_DAY] = waiting
        at += max(_STEP, math.ceil(took / _STEP) * _STEP)
    return _Runs(enqueued=enqueued, wait=wait, falls_behind=left_at[1] > left_at[0])


def _held(enqueued: list[float], per_second: float) -> list[float]:
    """What a queue still holds at the end of each minute."""
    found = [0.0]
    for number in enqueued:
        found.append(max(0.0, found[-1] + number - 60 * per_second))
    return found[1:]


def most_in_time(slots: Sequence[float], assumptions: Assumptions, *, fan_out: bool = False) -> int:
    """Up to how many users a day each reminder comes in time, as it is deployed."""
    low, high = 0, 10**9
    while high - low > max(1, low // 100):
        middle = (low + high) // 2
        if reminded_day(middle, slots, assumptions, fan_out=fan_out).wait <= WAIT_MAX:
            low = middle
        else:
            high = middle
    return low

"""A day of reminders: when they are wished for, and what runs and the queue make of it."""

from __future__ import annotations

import math
from datetime import date, timedelta
from typing import Final

import pytest

from tests.unit.tools.simulate.studies import people
from tools.simulate.plan import Assumptions
from tools.simulate.reminding import (
    SLOTS,
    WAIT_MAX,
    most_in_time,
    reminded_day,
    wished_minutes,
    wished_slots,
)

DAY: Final = date(2026, 1, 15)
OWN: Final = Assumptions()


def slot(hour: int, minute: int = 0) -> int:
    """The five minutes of the second day that a moment lies in."""
    return SLOTS // 2 + (60 * hour + minute) // 5


def all_at(hour: int, minute: int = 0) -> list[float]:
    """Everybody at one moment of both days."""
    found = [0.0] * SLOTS
    found[slot(hour, minute)] = found[slot(hour, minute) - SLOTS // 2] = 1.0
    return found


@pytest.mark.parametrize("part", [0.0, 0.4, 1.0])
def test_everybody_is_reminded_once_and_nobody_at_night(part: float) -> None:
    wished = wished_minutes(part)
    assert math.isclose(math.fsum(wished.values()), 1.0)
    assert all(8 * 60 <= minute <= 21 * 60 + 50 for minute, share in wished.items() if share)
    # What would be later goes to half an hour before quiet begins.
    late = wished[21 * 60 + 30]
    assert late > wished[21 * 60 + 25] if part < 1 else late == 0


def test_wishes_are_of_the_users_own_clocks() -> None:
    slots = wished_slots(people(Asia__Kolkata=3.0, Asia__Tokyo=1.0), DAY, 1.0)
    # Six in the evening is half past twelve in one, and nine in the other.
    assert math.isclose(slots[slot(12, 30)], 0.75 * 0.3)
    assert math.isclose(slots[slot(9)], 0.25 * 0.3)
    assert math.isclose(math.fsum(slots), 2.0)


def test_a_few_are_reminded_at_once_and_more_than_a_run_gets_through_wait() -> None:
    few = reminded_day(1_000, all_at(18), OWN)
    assert (few.due_max, few.dispatches_needed, few.falls_behind) == (1_000, 4, False)
    assert few.wait < timedelta(seconds=10)
    many = reminded_day(400_000, all_at(18), OWN)
    # 250 users a second at first, as 500 writes a second are for two each; and 300 tasks a second.
    assert many.wait_for_run > timedelta(minutes=15)
    assert many.wait_in_queue > timedelta(0)
    assert not many.falls_behind
    assert many.part_of_messages == pytest.approx(0.1334, abs=0.001)


def test_runs_every_five_minutes_go_on_as_fast_as_the_one_before_was() -> None:
    hour = [0.0] * SLOTS
    for begin in (0, SLOTS // 2):
        hour[begin + 100 : begin + 112] = [1 / 12] * 12
    # 300 000 every five minutes: four times what runs of five minutes get through that each begin cold, and wait for an
    # hour and a half.
    day = reminded_day(3_600_000, hour, OWN, fan_out=True)
    assert day.wait_for_run < timedelta(minutes=30)


def test_more_than_a_day_takes_falls_behind() -> None:
    assert not reminded_day(20_000_000, [2 / SLOTS] * SLOTS, OWN).falls_behind
    # 300 tasks a second are 26 millions a day.
    assert reminded_day(27_000_000, [2 / SLOTS] * SLOTS, OWN).falls_behind


def test_the_most_that_come_in_time_do_and_more_do_not() -> None:
    most = most_in_time(all_at(18), OWN)
    assert reminded_day(most, all_at(18), OWN).wait <= WAIT_MAX
    assert reminded_day(round(most * 1.05), all_at(18), OWN).wait > WAIT_MAX

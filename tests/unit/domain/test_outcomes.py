"""How many streaks reach a day is told without bias by those that still run; a comeback is one after its break."""

from __future__ import annotations

import random
from datetime import UTC, date, datetime, timedelta
from typing import Final

import pytest

from streak_core.domain.events import EventKind
from streak_core.domain.outcomes import LENGTHS, CameBack, HappenedTo, comebacks, survival

DAY: Final = date(2026, 3, 2)
AT: Final = datetime(2026, 3, 3, 4, tzinfo=UTC)


def table(reached: dict[int, int], broke: dict[int, int]) -> list[float]:
    numbers = range(1, LENGTHS[-1] + 2)
    found = survival({one: reached.get(one, 0) for one in numbers}, {one: broke.get(one, 0) for one in numbers})
    assert [one.length for one in found] == list(LENGTHS)
    assert [one.reached for one in found] == [reached.get(one, 0) for one in LENGTHS]
    return [one.share for one in found]


def test_of_streaks_that_all_broke_it_is_the_plain_share() -> None:
    assert table({1: 10, 2: 5, 3: 1}, {1: 5, 2: 4, 3: 1})[:5] == pytest.approx([1, 0.5, 0.1, 0, 0])


def test_streaks_that_still_run_count_as_far_as_they_have_come() -> None:
    # Half of those of which anything is known go on; the other five are on their first day.
    assert table({1: 15, 2: 5}, {1: 5})[:3] == pytest.approx([1, 0.5, 0.5])
    assert table({}, {}) == [1.0] * len(LENGTHS)


def test_it_finds_the_chance_that_random_streaks_were_lived_by() -> None:
    dice = random.Random(7)  # noqa: S311 - any streaks, the same each time
    reached, broke = dict[int, int](), dict[int, int]()
    for _ in range(4_000):
        length, seen_until = 1, dice.randint(1, 40)
        while True:
            reached[length] = reached.get(length, 0) + 1
            if length == seen_until:
                break
            if dice.random() < 0.1:
                broke[length] = broke.get(length, 0) + 1
                break
            length += 1
    shares = table(reached, broke)
    for length in (2, 7, 14):
        assert shares[length - 1] == pytest.approx(0.9 ** (length - 1), abs=0.03)


def event(user_id: str, kind: EventKind, day: int, hours: float) -> HappenedTo:
    return HappenedTo(user_id=user_id, kind=kind, day=DAY + timedelta(days=day), at=AT + timedelta(hours=hours))


def test_a_comeback_is_a_start_or_a_restoration_after_the_break_and_not_one_before() -> None:
    broken, started, restored = EventKind.STREAK_BROKEN, EventKind.STREAK_STARTED, EventKind.STREAK_RESTORED
    events = [
        event("ada", broken, 0, 0),
        event("ada", started, 1, 12),
        event("ada", started, 5, 99),
        event("ben", broken, 0, 0),
        event("ben", restored, 0, 36),
        event("cleo", started, 0, -1),
        event("cleo", broken, 0, 0),
        event("dan", started, 1, 1),
    ]
    assert comebacks(events, [DAY, DAY + timedelta(days=1)]) == [
        CameBack(day=DAY, broke=3, came_back=2, days_mean=1.0),
        CameBack(day=DAY + timedelta(days=1), broke=0, came_back=0, days_mean=None),
    ]

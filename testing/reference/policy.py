"""The numbers of the contract, each of which a test may say otherwise, and the refusals.

It must not know any user.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import itertools
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, NoReturn

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
NEUTRAL = ("amnesty", "excused", "paused", "rest", "travel")
FORGIVEN = ("amnesty", "excused", "paused")

CATEGORY_OF = {
    "flashcard_set_completed": "flashcards",
    "quiz_completed": "quiz",
    "evaluation_completed": "evaluation",
    "study_guide_completed": "guide",
    "check_in": None,
}
ONLY_WITH_XP = ("flashcard_set_completed", "quiz_completed")
MOST_BASE_XP = 1000
CLOCK_SLACK = dt.timedelta(minutes=5)
MOST_STRETCHES = 64
NOTHING_OF_ITS_OWN = dt.timedelta(hours=6)
TAKEN_BACK_WITHIN = dt.timedelta(hours=24)
OFFERED_REDOS = 3
MOST_GIFTS_A_DAY = 50

# Where a policy file has the numbers that may change in time.
PLACES = {
    "days.day_start_hour": "day_start_hour",
    "activities.late_days_max": "late_days",
    "activities.undo_days_max": "undo_days",
    "freezes.xp_per_freeze": "xp_per_freeze",
    "freezes.held_max": "freeze_cap",
    "freezes.spend": "spend",
    "freezes.streak_min": "streak_min",
    "freezes.plan_days_ahead_max": "plan_days",
    "repair.cooldown_days": "repair_cooldown",
    "repair.activities_needed": "repair_activities",
    "pause.days_max": "pause_days",
    "pause.open_max": "open_max",
    "milestones.days": "milestones",
    "activity_types and categories": "category_of",
    "consistency.bonus_window": "bonus_window",
    "timeline_days": "timeline_days",
    "achievements": "achievements",
    "challenges": "challenges",
}


class Refused(Exception):
    """The command was refused with this code of the contract."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def refuse(code: str) -> NoReturn:
    raise Refused(code)


@dataclass(frozen=True)
class Policy:
    """The numbers of one policy."""

    day_start_hour: int = 4
    multiplier: Fraction = Fraction(3, 2)
    bonus_window: str = "same_week"
    freeze_cap: int = 5
    freezes_at_start: int = 0
    protected_windows: tuple[tuple[dt.datetime, dt.datetime], ...] = ()
    xp_per_freeze: int = 500
    late_days: int = 14
    undo_days: int = 14
    spend: str = "day"
    streak_min: int = 1
    open_max: int = 10
    timeline_days: int = 8
    plan_days: int = 7
    pause_days: int = 90
    repair_cooldown: int = 30
    repair_activities: int = 2
    grace_days: int = 7
    milestones: tuple[int, ...] = (7, 14, 30, 60, 100)
    then_every: int = 100
    achievements: Mapping[str, Mapping[str, Any]] = dataclasses.field(default_factory=dict)
    challenges: Mapping[str, Mapping[str, Any]] = dataclasses.field(default_factory=dict)
    # The types that are known, each with its category.
    category_of: Mapping[str, str | None] = dataclasses.field(default_factory=lambda: CATEGORY_OF)

    def with_numbers(self, numbers: Mapping[str, Any]) -> Policy:
        """The same but for some numbers, by their places in the policy file."""
        return dataclasses.replace(self, **{PLACES[place]: value for place, value in numbers.items()})

    @property
    def categories(self) -> tuple[str, ...]:
        """Each one once, as the types name them."""
        return tuple(dict.fromkeys(one for one in self.category_of.values() if one))

    @property
    def held_at_start(self) -> int:
        return min(self.freezes_at_start, self.freeze_cap)

    @property
    def tail_days(self) -> int:
        return max(self.late_days, self.undo_days)

    def all_milestones(self) -> Iterator[int]:
        yield from self.milestones
        yield from itertools.count(self.milestones[-1] + self.then_every, self.then_every)

    def next_milestone(self, streak: int) -> int:
        return next(m for m in self.all_milestones() if m > streak)

    def milestones_up_to(self, streak: int) -> list[int]:
        return list(itertools.takewhile(lambda m: m <= streak, self.all_milestones()))

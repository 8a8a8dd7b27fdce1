"""Policies that change in time, as neutral data for tests and tools: what is published when, and which numbers it has.

It must not know users. A number is named by its place in the policy file, as in `freezes.held_max`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from random import Random
from typing import Any, Final

from streak_core.config import shipped_policy
from streak_core.domain.challenge_rules import Challenge
from streak_core.domain.policy import Policy
from streak_core.domain.rules import ALWAYS, PolicyInTime, Rules

# What the independent model knows too; the first one of each is the contract's own.
NUMBERS: Final[Mapping[str, Sequence[Any]]] = {
    "days.day_start_hour": (4, 0, 2, 6, 12),
    "activities.late_days_max": (14, 7, 1, 30),
    "activities.undo_days_max": (14, 7, 0, 30),
    "freezes.xp_per_freeze": (500, 300, 40, 1000),
    "freezes.held_max": (5, 2, 0, 9),
    "freezes.spend": ("day", "whole_gap"),
    "freezes.streak_min": (1, 3),
    "freezes.plan_days_ahead_max": (7, 0, 20),
    "repair.cooldown_days": (30, 3, 60),
    "repair.activities_needed": (2, 1, 3),
    "pause.days_max": (90, 10),
    "pause.open_max": (10, 1, 3),
    "milestones.days": ((7, 14, 30, 60, 100), (2, 5), (3, 30)),
    "consistency.bonus_window": ("same_week", "following_week"),
    "timeline_days": (8, 3, 12),
    "achievements": (
        {},
        {
            "three": {"by": "streak", "target": 3},
            "hundred": {"by": "xp", "target": 100},
            "twice": {"by": "activities", "target": 2},
            "back": {"by": "comeback", "days_away": 2},
        },
        {
            "three": {"by": "streak", "target": 5},
            "days": {"by": "active_days", "target": 4},
            "week": {"by": "consistent_weeks", "target": 1},
            "early": {"by": "day_of_year", "days": ["01-01", "01-05", "02-29", "03-03", "06-10", "12-30"]},
        },
    ),
}
# The types that there are, each with its category: one that is gone, another name, two of one, fewer in another order.
_TYPES: Final = {
    "flashcard_set_completed": "flashcards",
    "quiz_completed": "quiz",
    "evaluation_completed": "evaluation",
    "study_guide_completed": "guide",
    "check_in": None,
}
TYPES: Final[Sequence[Mapping[str, str | None]]] = (
    _TYPES,
    {name: category for name, category in _TYPES.items() if category != "quiz"},
    {**_TYPES, "evaluation_completed": "exam"},
    {**_TYPES, "study_guide_completed": "flashcards"},
    {"study_guide_completed": "guide", "flashcard_set_completed": "flashcards", "check_in": None},
)
# No place of one number: the types, and with them the categories.
TYPES_AND_CATEGORIES: Final = "activity_types and categories"
# No number either: each by its name, as the policy file has it.
ACHIEVEMENTS: Final = "achievements"
CHALLENGES: Final = "challenges"
WITHDRAWN: Final = 0.2
OTHER_TYPES: Final = 0.4
OFFERS_CHALLENGES: Final = 0.5
# Each by its name: what counts, and what it gives.
_CHALLENGES: Final[Mapping[str, Mapping[str, Any]]] = {
    "guides": {"categories": ["guide"], "reward": {"xp": 700}},
    "quizzes": {"activity_types": ["quiz_completed", "check_in"], "reward": {"freezes": 2}},
    "anything": {"any_activity": True, "reward": {"xp": 90}},
    "free": {"any_activity": True, "reward": {"freezes": 1}},
    "more": {"categories": ["flashcards", "evaluation"], "reward": {"xp": 1}},
    "yet_more": {"any_activity": True, "reward": {"freezes": 6}},
}


@dataclass(frozen=True, kw_only=True)
class Published:
    """One policy: what it says otherwise than the shipped one, from which label on, and when that was published."""

    effective_from: date
    at: datetime
    numbers: Mapping[str, Any]
    withdrawn_at: datetime | None = None


def policy_with(numbers: Mapping[str, Any], policy: Policy | None = None) -> Policy:
    """A policy with other numbers."""
    changed = policy or shipped_policy()
    for place, value in numbers.items():
        if place == TYPES_AND_CATEGORIES:
            changed = _with_types(changed, value)
            continue
        if place == ACHIEVEMENTS:
            offered = Policy.model_validate({**changed.model_dump(by_alias=True), place: value}).achievements
            changed = changed.model_copy(update={place: offered})
            continue
        if place == CHALLENGES:
            challenges = {name: Challenge.model_validate(one) for name, one in value.items()}
            changed = changed.model_copy(update={place: challenges})
            continue
        part, _, name = place.rpartition(".")
        inner = getattr(changed, part).model_copy(update={name: value}) if part else value
        changed = changed.model_copy(update={part or name: inner})
    return changed


def _with_types(policy: Policy, category_of: Mapping[str, str | None]) -> Policy:
    known = policy.activity_types
    types = {name: known[name].model_copy(update={"category": one}) for name, one in category_of.items()}
    categories = tuple(dict.fromkeys(one for one in category_of.values() if one))
    return policy.model_copy(update={"activity_types": types, "categories": categories})


def rules_of(published: Sequence[Published], first: Policy | None = None) -> Rules:
    """The rules that a list leads to; `first` is number 0."""
    shipped = first or shipped_policy()
    further = (
        PolicyInTime(
            number=number,
            effective_from=one.effective_from,
            policy=policy_with(one.numbers, shipped),
            published_at=one.at,
            withdrawn_at=one.withdrawn_at,
        )
        for number, one in enumerate(published, start=1)
    )
    return Rules((PolicyInTime(number=0, effective_from=ALWAYS, policy=shipped), *further))


def drawn_challenges(dice: Random, near: date) -> dict[str, Any]:
    """Some challenges around a day."""
    offered = {}
    for name in dice.sample(sorted(_CHALLENGES), dice.randint(3, len(_CHALLENGES))):
        first = near + timedelta(days=dice.randint(-10, 10))
        days = {"from": first.isoformat(), "until": (first + timedelta(days=dice.randint(0, 60))).isoformat()}
        offered[name] = {**_CHALLENGES[name], **days, "target": dice.randint(1, 4)}
    return offered


def drawn(dice: Random, begins: datetime, *, most: int = 3, within_days: int = 50) -> list[Published]:
    """Up to `most` policies that take effect after a moment, each published a few days before or long ago."""
    published = []
    for _ in range(dice.randint(1, most)):
        effective = begins.date() + timedelta(days=dice.randint(1, within_days))
        midnight = datetime.combine(effective, datetime.min.time(), begins.tzinfo)
        at = midnight - timedelta(hours=dice.choice((80, 100, 24 * 10, 24 * 40)))
        places = dice.sample(sorted(NUMBERS), dice.randint(1, 4))
        numbers = {place: dice.choice(NUMBERS[place]) for place in places}
        if dice.random() < OTHER_TYPES:
            numbers[TYPES_AND_CATEGORIES] = dice.choice(TYPES)
        if dice.random() < OFFERS_CHALLENGES:
            numbers[CHALLENGES] = drawn_challenges(dice, effective)
        # On no clock of the world it is that day yet.
        gone = at + (midnight - timedelta(hours=15) - at) * dice.random() if dice.random() < WITHDRAWN else None
        published.append(Published(effective_from=effective, at=at, numbers=numbers, withdrawn_at=gone))
    return sorted(published, key=lambda one: one.at)

"""The policy: every number of the contract as validated, frozen data, parsed from TOML text.

It must not know where the text came from, nor any user.
"""

from __future__ import annotations

import tomllib
from datetime import timedelta
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Annotated, Final, Literal, Self

from pydantic import AwareDatetime, Field, ValidationError, model_validator

from streak_core.domain.achievement_rules import ACHIEVEMENTS_MAX, Achievement
from streak_core.domain.challenge_rules import CHALLENGES_MAX, Challenge
from streak_core.domain.policy_data import Data, Name

if TYPE_CHECKING:
    from collections.abc import Iterable

PROTECTED_WINDOW_DAYS_MAX: Final = 31
PROTECTED_WINDOWS_MAX: Final = 100
# The largest whole number that every JSON reader keeps exact.
WHOLE_NUMBER_MAX: Final = 2**53 - 1

Xp = Annotated[int, Field(ge=0, le=100_000)]

_SAY_WHAT_COUNTS: Final = (
    "say which activities count, by one of categories, activity_types, or any_activity = true, by which an empty "
    "check-in counts as well"
)


class PolicyError(ValueError):
    """The policy file does not say what a policy must; the message names each field.

    `fields` has each with what is wrong with it; the place is empty for the whole.
    """

    def __init__(self, message: str, fields: Iterable[tuple[str, str]]) -> None:
        self.fields = tuple(fields)
        super().__init__(message)


class DayRules(Data):
    """When a streak day begins and when one is excused by travel."""

    day_start_hour: int = Field(ge=0, le=12)
    shortest_day_hours: int = Field(ge=0, le=24)
    travel_grace_days: int = Field(ge=1, le=366)


class ActivityRules(Data):
    """How late, how early and how valuable an activity may be."""

    late_days_max: int = Field(ge=1, le=60)
    undo_days_max: int = Field(ge=0, le=60)
    future_minutes_max: int = Field(ge=0, le=60)
    base_xp_max: int = Field(ge=1, le=100_000)


class FlatXp(Data):
    """The same XP each time, and no metadata."""

    rule: Literal["flat"]
    xp: Xp


class PerStepXp(Data):
    """`xp_per_step` for each whole `step` of a whole number."""

    rule: Literal["per_step"]
    field: Name
    step: int = Field(ge=1)
    xp_per_step: Xp


class ChoiceFromXp(Data):
    """XP by a choice, when a number reaches `from`; else nothing."""

    rule: Literal["choice_from"]
    choice_field: Name
    field: Name
    minimum: int
    maximum: int
    from_: int = Field(alias="from")
    choices: dict[Name, Xp] = Field(min_length=1)


class BelowOrFromXp(Data):
    """One amount of XP below `from`, another one at it and above."""

    rule: Literal["below_or_from"]
    field: Name
    minimum: int
    maximum: int
    from_: int = Field(alias="from")
    xp_below: Xp
    xp_from: Xp


XpRule = Annotated[FlatXp | PerStepXp | ChoiceFromXp | BelowOrFromXp, Field(discriminator="rule")]


class ActivityType(Data):
    """What one kind of activity is worth, and whether it keeps a streak alive."""

    category: Name | None = None
    counts: Literal["always", "when_xp"]
    xp: XpRule


class ConsistencyRules(Data):
    """What a consistent week gives, and when."""

    bonus_multiplier: Decimal = Field(ge=1, le=2)
    bonus_window: Literal["same_week", "following_week"]

    @property
    def multiplier(self) -> Fraction:
        """The multiplier as an exact ratio."""
        return Fraction(self.bonus_multiplier)


class FreezeRules(Data):
    """How freezes are earned, held, planned and spent."""

    xp_per_freeze: int = Field(ge=1)
    held_max: int = Field(ge=0, le=100)
    at_start: int = Field(default=0, ge=0)
    spend: Literal["day", "whole_gap"] = "day"
    # Automatic ones are spent on a streak of at least so many days.
    streak_min: int = Field(default=1, ge=1, le=1_000)
    plan_days_ahead_max: int = Field(ge=0, le=60)


class RepairRules(Data):
    """When a streak can be repaired."""

    cooldown_days: int = Field(ge=1, le=3660)
    activities_needed: int = Field(ge=1, le=100)


class PauseRules(Data):
    """How long a pause may be, and how many there may be."""

    days_max: int = Field(ge=1, le=366)
    # How many may be running or to come.
    open_max: int = Field(default=10, ge=1, le=50)


class RestRules(Data):
    """How many weekdays may be free."""

    weekdays_max: int = Field(ge=0, le=6)


class MilestoneRules(Data):
    """Lengths of a streak that are worth an event."""

    days: tuple[int, ...]
    then_every: int = Field(ge=1)

    def reached(self, before: int, after: int) -> list[int]:
        """Each milestone above `before` and up to `after`."""
        last = max(self.days, default=0)
        further = range(last + self.then_every, after + 1, self.then_every)
        return [length for length in (*self.days, *further) if before < length <= after]

    def after(self, length: int) -> int:
        """The first milestone above `length`."""
        return self.reached(length, max(length, *self.days, 0) + self.then_every)[0]


class LimitRules(Data):
    """How much one user may ask for: far more than a person does, far less than a broken client can."""

    commands_max: int = Field(ge=1, le=1_000_000)
    window_seconds: int = Field(ge=1, le=86_400)
    activities_per_day_max: int = Field(ge=1, le=100_000)


class ProtectedWindow(Data):
    """A stretch of time that an operator excuses everybody from."""

    from_: AwareDatetime = Field(alias="from")
    until: AwareDatetime
    reason: str = Field(min_length=1)

    @model_validator(mode="after")
    def _is_a_stretch(self) -> Self:
        if not timedelta(0) < self.until - self.from_ <= timedelta(days=PROTECTED_WINDOW_DAYS_MAX):
            message = f"until must be after from, by at most {PROTECTED_WINDOW_DAYS_MAX} days"
            raise ValueError(message)
        return self


class Policy(Data):
    """Every number that the rules of semantics speak of."""

    categories: tuple[Name, ...] = Field(min_length=1)
    days: DayRules
    activities: ActivityRules
    activity_types: dict[Name, ActivityType] = Field(min_length=1)
    consistency: ConsistencyRules
    freezes: FreezeRules
    repair: RepairRules
    pause: PauseRules
    rest: RestRules
    milestones: MilestoneRules
    achievements: dict[Name, Achievement] = Field(default={}, max_length=ACHIEVEMENTS_MAX)
    challenges: dict[Name, Challenge] = Field(default={}, max_length=CHALLENGES_MAX)
    limits: LimitRules
    # How many streak days are told ahead, today the first.
    timeline_days: int = Field(default=8, ge=1, le=60)
    protected_windows: tuple[ProtectedWindow, ...] = Field(default=(), max_length=PROTECTED_WINDOWS_MAX)

    @model_validator(mode="after")
    def _hangs_together(self) -> Self:
        if len(set(self.categories)) < len(self.categories):
            message = "categories: each one once"
            raise ValueError(message)
        for name, kind in self.activity_types.items():
            if kind.category is not None and kind.category not in self.categories:
                message = f"activity_types.{name}.category: is not one of categories"
                raise ValueError(message)
        for name, challenge in self.challenges.items():
            if not set(challenge.categories) <= set(self.categories):
                message = f"challenges.{name}.categories: not all are among categories"
                raise ValueError(message)
            if not self.activity_types.keys() >= set(challenge.activity_types):
                message = f"challenges.{name}.activity_types: not all are among activity_types"
                raise ValueError(message)
        if self.freezes.at_start > self.freezes.held_max:
            message = "freezes.at_start: more than freezes.held_max"
            raise ValueError(message)
        if "check_in" not in self.activity_types:
            message = "activity_types.check_in: is missing; a check-in for today records it"
            raise ValueError(message)
        return self

    @property
    def days_back_max(self) -> int:
        """How many labels back anything may still change."""
        return max(self.activities.late_days_max, self.activities.undo_days_max)


def parse_new_policy(text: str) -> Policy:
    """The policy that a TOML text describes which nobody goes by yet: also refused is what is hardly meant.

    Raises `PolicyError`, whose message names each wrong field.
    """
    policy = parse_policy(text)
    unsaid = [f"challenges.{name}" for name, one in policy.challenges.items() if not one.says_what_counts]
    if unsaid:
        lines = [f"{place}: {_SAY_WHAT_COUNTS}" for place in unsaid]
        raise PolicyError("\n".join(["the policy is wrong:", *lines]), [(place, _SAY_WHAT_COUNTS) for place in unsaid])
    return policy


def parse_policy(text: str) -> Policy:
    """The policy that a TOML text describes. Raises `PolicyError`, whose message names each wrong field."""
    try:
        return Policy.model_validate(tomllib.loads(text, parse_float=Decimal))
    except tomllib.TOMLDecodeError as error:
        message = f"the policy is not TOML: {error}"
        raise PolicyError(message, [("", f"is not TOML: {error}")]) from error
    except ValidationError as error:
        fields = [(".".join(map(str, e["loc"])), e["msg"]) for e in error.errors()]
        lines = [f"{place or 'policy'}: {message}" for place, message in fields]
        raise PolicyError("the policy is wrong:\n" + "\n".join(lines), fields) from error

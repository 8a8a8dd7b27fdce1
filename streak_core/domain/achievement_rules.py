"""What an achievement asks for, as the policy says it.

It must not know users, nor how far anybody has come (achievements does).
"""

from __future__ import annotations

from datetime import date
from typing import Annotated, Final, Literal

from pydantic import AfterValidator, Field

from streak_core.domain.policy_data import Data

# Of one policy; each that is earned is kept with the user for ever.
ACHIEVEMENTS_MAX: Final = 50
# It has every day that any year has.
_LEAP_YEAR: Final = 2000


def _day_of_a_year(text: str) -> str:
    date.fromisoformat(f"{_LEAP_YEAR}-{text}")
    return text


def _each_once(days: tuple[str, ...]) -> tuple[str, ...]:
    if len(set(days)) < len(days):
        message = "each day once"
        raise ValueError(message)
    return days


DayOfYear = Annotated[str, Field(pattern=r"^[0-9]{2}-[0-9]{2}$"), AfterValidator(_day_of_a_year)]


class ReachNumber(Data):
    """A number of the user's comes to `target`: the longest streak, XP, activities, active days, consistent weeks."""

    by: Literal["streak", "xp", "activities", "active_days", "consistent_weeks"]
    target: int = Field(ge=1, le=10**12)


class KeepDayOfYear(Data):
    """One of these days of the year is active."""

    by: Literal["day_of_year"]
    days: Annotated[tuple[DayOfYear, ...], AfterValidator(_each_once)] = Field(min_length=1, max_length=31)


class ComeBack(Data):
    """A day is active after at least `days_away` without, in which the streak had ended."""

    by: Literal["comeback"]
    days_away: int = Field(ge=1, le=3_660)


Achievement = Annotated[ReachNumber | KeepDayOfYear | ComeBack, Field(discriminator="by")]

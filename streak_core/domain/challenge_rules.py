"""What a challenge asks for, in which days, and what it gives, as the policy says it.

It must not know users, nor how far anybody has come (challenges does).
"""

from __future__ import annotations

from datetime import date
from typing import Final, Self

from pydantic import Field, model_validator

from streak_core.domain.policy_data import Data, Name

# Of one policy, and how many of them one user may have joined that are not over.
CHALLENGES_MAX: Final = 20
JOINED_MAX: Final = 5
# From the first to the last.
DAYS_MAX: Final = 92


class Reward(Data):
    """XP or freezes."""

    xp: int = Field(default=0, ge=0, le=100_000)
    freezes: int = Field(default=0, ge=0, le=100)

    @model_validator(mode="after")
    def _is_one(self) -> Self:
        if bool(self.xp) == bool(self.freezes):
            message = "xp or freezes, not both"
            raise ValueError(message)
        return self


class Challenge(Data):
    """So many counted activities of some days: of categories, of types, or of any kind.

    A policy that is published says which; one of before that says nothing meant any kind.
    """

    from_: date = Field(alias="from")
    until: date
    categories: tuple[Name, ...] = ()
    activity_types: tuple[Name, ...] = ()
    # Of any kind: also check-ins, for which nothing is done.
    any_activity: bool = False
    target: int = Field(ge=1, le=100_000)
    reward: Reward

    @property
    def says_what_counts(self) -> bool:
        """Whether it says of which activities it is."""
        return self._ways_said == 1

    @property
    def _ways_said(self) -> int:
        return [bool(self.categories), bool(self.activity_types), self.any_activity].count(True)

    @model_validator(mode="after")
    def _hangs_together(self) -> Self:
        if not 0 <= (self.until - self.from_).days < DAYS_MAX:
            message = f"until must not be before from, and they have at most {DAYS_MAX} days"
            raise ValueError(message)
        if self._ways_said > 1:
            message = "say one of categories, activity_types and any_activity"
            raise ValueError(message)
        return self

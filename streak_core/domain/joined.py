"""A challenge that a user has joined, with what it asked for then, and which activities count for it.

It must not know policies, nor how many activities there are (challenges does).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from streak_core.domain.model import Activity


@dataclass(frozen=True, kw_only=True, slots=True)
class Terms:
    """What a challenge asks for and gives; both days belong to it. Of no categories and no types is of any."""

    name: str
    from_day: date
    until_day: date
    categories: tuple[str, ...] = ()
    activity_types: tuple[str, ...] = ()
    target: int
    xp: int = 0
    freezes: int = 0


@dataclass(frozen=True, kw_only=True, slots=True)
class Joined:
    """The terms on which ledger entry `seq` joined it."""

    seq: int
    terms: Terms

    @property
    def key(self) -> str:
        """Under which name days and the checkpoint count for it."""
        return str(self.seq)

    def counts(self, activity: Activity, seq: int) -> bool:
        """Whether an activity that ledger entry `seq` recorded does: it was recorded after joining."""
        terms = self.terms
        if not activity.counted or seq < self.seq or not terms.from_day <= activity.day <= terms.until_day:
            return False
        if terms.categories:
            return activity.category in terms.categories
        return not terms.activity_types or activity.activity_type in terms.activity_types

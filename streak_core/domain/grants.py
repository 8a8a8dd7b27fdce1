"""What operators give a user, excuse or forbid, as it is kept. Must not know what it does to a day (walk does)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable


class GrantOf(StrEnum):
    """What an operator can give a user on a day."""

    # Held from the start of the day on: up to the cap, or on top of whatever is held.
    FREEZES = "freezes"
    FREEZES_OVER_CAP = "freezes_over_cap"
    # Of the streak that is running.
    DAYS = "days"
    XP = "xp"


@dataclass(frozen=True, kw_only=True, slots=True)
class Grant:
    """What an operator gave, or took where XP are less than 0, at its place among the day's resets."""

    seq: int
    # The moment it was given (UTC).
    at: datetime
    of: GrantOf
    amount: int
    # Of days: when the streak began, where that was said.
    started_on: date | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Excused:
    """Days that an operator excused; both ends belong to it."""

    from_day: date
    until_day: date

    def covers(self, day: date) -> bool:
        """Whether `day` is one of them."""
        return self.from_day <= day <= self.until_day


@dataclass(frozen=True, kw_only=True, slots=True)
class Block:
    """The user may give no command up to an instant (UTC); None is until it is lifted."""

    until: datetime | None

    def holds(self, now: datetime) -> bool:
        """Whether it is not over."""
        return self.until is None or now < self.until


def amount_of(grants: Iterable[Grant], of: GrantOf) -> int:
    """How much of something they are together."""
    return sum(grant.amount for grant in grants if grant.of is of)


def between(given: tuple[Grant, ...], after: int, before: int | None) -> tuple[Grant, ...]:
    """What was given between two ledger entries, or after the first where there is no second."""
    return tuple(grant for grant in given if after < grant.seq and (before is None or grant.seq < before))

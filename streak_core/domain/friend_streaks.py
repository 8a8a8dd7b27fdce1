"""Friend streaks (semantics 17): how many days two users have both kept, each by their own labels.

It must not know who they are, or where their days come from. One function of the two users' days, which are alike to
it: so both are told the same, whatever was recorded in which order, and whether or not any job has run.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import Enum, auto
from typing import TYPE_CHECKING, Final, assert_never

from streak_core.domain.days import ONE_DAY, days_from
from streak_core.domain.model import Verdict

if TYPE_CHECKING:
    from collections.abc import Mapping

    # The verdicts of a user's days by their labels; a day that is not there is not over, or nothing was asked of it.
    Days = Mapping[date, Verdict]


class _Part(Enum):
    """What a day of one of the two does."""

    KEEPS = auto()
    BREAKS = auto()
    NEITHER = auto()


def _part(verdict: Verdict) -> _Part:
    match verdict:
        case Verdict.ACTIVE:
            return _Part.KEEPS
        case Verdict.MISSED:
            return _Part.BREAKS
        case Verdict.NONE | Verdict.AMNESTY | Verdict.EXCUSED | Verdict.PAUSED | Verdict.REST | Verdict.TRAVEL:
            return _Part.NEITHER
        case Verdict.PENDING | Verdict.REPAIRED | Verdict.FROZEN:
            return _Part.NEITHER
        case _:  # pragma: no cover - the type checker knows that there is no other
            assert_never(verdict)


@dataclass(frozen=True, kw_only=True, slots=True)
class FriendStreak:
    """The days that both have kept since one of the two last missed one, and as many as there ever were in a row."""

    count: int = 0
    longest: int = 0

    def with_day(self, one: Verdict, other: Verdict) -> FriendStreak:
        """After a day that was this to the one and that to the other."""
        parts = {_part(one), _part(other)}
        if _Part.BREAKS in parts:
            return FriendStreak(longest=self.longest)
        if parts != {_Part.KEEPS}:
            return self
        return FriendStreak(count=self.count + 1, longest=max(self.longest, self.count + 1))


NOTHING_KEPT: Final = FriendStreak()


def counted_on(start: FriendStreak, first: date, last: date, one: Days, other: Days) -> FriendStreak:
    """The streak after the days from `first` to `last`, which was `start` before them."""
    streak = start
    for day in days_from(first, last):
        streak = streak.with_day(one.get(day, Verdict.NONE), other.get(day, Verdict.NONE))
    return streak


@dataclass(frozen=True, kw_only=True)
class Seen:
    """The days of a user that are seen without looking further: those from `first` on, which is the tail's first."""

    first: date
    days: Days

    def on(self, day: date) -> Verdict | None:
        """The verdict of a day; None where one has to look further."""
        return None if day < self.first else self.days.get(day, Verdict.NONE)


def days_to_look_up(start: FriendStreak, first: date, one: Seen, other: Seen) -> tuple[list[date], list[date]]:
    """The days from `first` on of the one, and of the other, that have to be looked up to count on from `start`.

    Not those on which the other's day says all: it was missed, or nothing runs and it adds nothing. So nobody reads the
    years of a user whose friend has been away for as long.
    """
    wanted: tuple[list[date], list[date]] = ([], [])
    may_run = start.count > 0
    for day in days_from(first, max(one.first, other.first) - ONE_DAY):
        verdicts = one.on(day), other.on(day)
        parts = {None if verdict is None else _part(verdict) for verdict in verdicts}
        if _Part.BREAKS in parts:
            may_run = False
        elif may_run or _Part.NEITHER not in parts:
            may_run = True
            for verdict, days in zip(verdicts, wanted, strict=True):
                if verdict is None:
                    days.append(day)
    return wanted

"""Counts a friend streak on from what was noted of it: the days that no later command of the two can change.

It must not know how days are read, or where anything is noted. Whatever is noted, and however often: the count is that
of all days from the first one on.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import TYPE_CHECKING, Final, Protocol

from streak_core.domain.days import ONE_DAY, ZONES_APART_MAX
from streak_core.domain.friend_streaks import NOTHING_KEPT, FriendStreak, Seen, counted_on, days_to_look_up
from streak_core.domain.model import Verdict

if TYPE_CHECKING:
    from collections.abc import Iterable

    from streak_core.domain.calendar import CalendarDay
    from streak_core.domain.friend_streaks import Days
    from streak_core.domain.rules import Rules
    from streak_core.domain.state import UserState

# While days are looked up a command may move the beginning of a tail; more than once hardly.
_LOOKS_MAX: Final = 4


@dataclass(frozen=True, kw_only=True)
class KnownDays:
    """The days of a user as of a moment, as far as they are known."""

    today: date
    seen: Seen
    # With those decided days that were looked up.
    all: Days
    # Whether anything is decided: of whom no day has counted yet nothing is.
    is_decided: bool

    @classmethod
    def of(cls, state: UserState, decided: Iterable[CalendarDay]) -> KnownDays:
        """Those of a user who stands so, with decided days as they are stored."""
        days = {judged.day: judged.verdict for judged in state.view.days}
        anew = {judged.day: judged.verdict for judged in state.decided_anew}
        return cls(
            today=state.view.today,
            seen=Seen(first=state.streak.checkpoint.next_day, days=days),
            all={**{row.day: row.verdict for row in decided}, **anew, **days},
            is_decided=state.exists and not state.streak.is_blank,
        )

    @property
    def kept_today(self) -> bool:
        """Whether the user has kept the day that is today for them."""
        return self.seen.days[self.today] is Verdict.ACTIVE


class DaysOfUser(Protocol):
    """A user whose decided days are read once they are asked for."""

    @property
    def known(self) -> KnownDays:
        """What is known by now."""

    def look_up(self, days: Iterable[date]) -> bool:
        """Makes these decided days known; whether any was not before."""


@dataclass(frozen=True, kw_only=True)
class Noted:
    """The streak as it stood after the day `through`, by so many changes of the list of amnesties."""

    through: date
    streak: FriendStreak
    amnesties: int


@dataclass(frozen=True, kw_only=True)
class Counting:
    """The friend streak, and what of it is decided and was not noted yet, if anything."""

    streak: FriendStreak
    to_note: Noted | None


def counted(first_day: date, noted: Noted | None, one: DaysOfUser, other: DaysOfUser, rules: Rules) -> Counting:
    """What two users have both kept from a day on. Raises what looking days up does."""
    if noted and _is_outdated(noted, first_day, rules):
        noted = None
    start, first = (noted.streak, noted.through + ONE_DAY) if noted else (NOTHING_KEPT, first_day)
    _look_up(start, first, one, other)
    days, others = one.known, other.known
    through = min(days.seen.first, others.seen.first) - ONE_DAY
    decided = counted_on(start, first, through, days.all, others.all)
    last = max(days.today, others.today)
    streak = counted_on(decided, max(first, through + ONE_DAY), last, days.all, others.all)
    if through < first or not (days.is_decided and others.is_decided):
        return Counting(streak=streak, to_note=None)
    return Counting(streak=streak, to_note=Noted(through=through, streak=decided, amnesties=rules.revision))


def _look_up(start: FriendStreak, first: date, one: DaysOfUser, other: DaysOfUser) -> None:
    """Makes all days known that count from `first` on."""
    for _ in range(_LOOKS_MAX):
        wanted = days_to_look_up(start, first, one.known.seen, other.known.seen)
        if not any([one.look_up(wanted[0]), other.look_up(wanted[1])]):
            return


def _is_outdated(noted: Noted, first_day: date, rules: Rules) -> bool:
    """Whether a later change of the list of amnesties concerns days that it goes by."""
    begun = _midnight(first_day) - ZONES_APART_MAX
    ended = _midnight(noted.through) + ZONES_APART_MAX + ONE_DAY
    known = (rules.as_of(noted.amnesties), rules)
    was, is_now = ([stretch for stretch in each.excused_before(ended) if stretch[1] > begun] for each in known)
    return was != is_now


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)

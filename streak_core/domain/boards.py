"""Leaderboards: their periods, when each is final, a user's seat at them, and what its days count.

It must not know how a day is judged (replay does), nor where anybody's numbers are kept.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Final, NamedTuple, assert_never

from streak_core.domain.days import ONE_DAY, ONE_WEEK, week_start, zone_starts_at

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

    from streak_core.domain.days import DayStarts
    from streak_core.domain.model import DayJudged

# So long after its end in the last zone a period takes what is late, and then no more.
FINAL_AFTER: Final = timedelta(days=2)
# Where a label ends last of all: twelve hours behind UTC.
_LAST_ZONE: Final = "Etc/GMT+12"
# Of so many periods in a row a user's numbers stand beside each other: whoever is ahead in the next one, when others
# look at the one before theirs, still has it.
SLOTS: Final = 3
_MONTHS: Final = 12


class Span(StrEnum):
    """How long a period is."""

    WEEK = "week"
    MONTH = "month"


class RankedBy(StrEnum):
    """What users are ordered by: XP of the days of a period, or the longest streak that was reached on one of them."""

    XP = "xp"
    STREAK = "streak"


@dataclass(frozen=True, slots=True)
class Period:
    """A streak week, or a month of labels."""

    span: Span
    first_day: date

    @classmethod
    def of(cls, span: Span, day: date) -> Period:
        """The one that a label is in."""
        match span:
            case Span.WEEK:
                return cls(span, week_start(day))
            case Span.MONTH:
                return cls(span, day.replace(day=1))
            case _:  # pragma: no cover - the type checker knows that there is no other
                assert_never(span)

    @property
    def label(self) -> str:
        """Its name: the Monday of a week, such as 2026-11-23; of a month 2026-11."""
        text = self.first_day.isoformat()
        return text if self.span is Span.WEEK else text[:7]

    @property
    def before(self) -> Period:
        """The one before it."""
        return Period.of(self.span, self.first_day - ONE_DAY)

    @property
    def next_first_day(self) -> date:
        """The first label after it."""
        if self.span is Span.WEEK:
            return self.first_day + ONE_WEEK
        # No month has more days than that, nor fewer than 28.
        return (self.first_day + timedelta(days=31)).replace(day=1)

    @property
    def slot(self) -> int:
        """Where its numbers stand among those of its neighbours."""
        if self.span is Span.WEEK:
            return self.first_day.toordinal() // 7 % SLOTS
        return (self.first_day.year * _MONTHS + self.first_day.month) % SLOTS

    def has(self, day: date) -> bool:
        """Whether a label is in it."""
        return self.first_day <= day < self.next_first_day

    def final_at(self, starts: DayStarts) -> datetime:
        """From which instant (UTC) on its numbers stay as they are."""
        after = self.next_first_day
        return zone_starts_at(_LAST_ZONE, after, starts.on(after)) + FINAL_AFTER


class Standing(NamedTuple):
    """What days of a user count together: their XP, and the longest streak that was reached on one of them."""

    xp: int = 0
    streak: int = 0

    def of(self, by: RankedBy) -> int:
        """One of both."""
        match by:
            case RankedBy.XP:
                return self.xp
            case RankedBy.STREAK:
                return self.streak
            case _:  # pragma: no cover - the type checker knows that there is no other
                assert_never(by)

    def with_day(self, judged: DayJudged) -> Standing:
        """With one more day. A streak is reached on an active one: on others it only has not ended yet."""
        return Standing(
            self.xp + judged.record.xp,
            max(self.streak, judged.current_streak) if judged.record.is_active else self.streak,
        )


NOTHING: Final = Standing()


@dataclass(frozen=True, kw_only=True, slots=True)
class Seat:
    """How a user takes part, or that an operator keeps them out of what others see."""

    # None of whoever takes no part.
    name: str | None = None
    group: str | None = None
    is_hidden: bool = False
    # Where days before the tail were counted when the seat was taken: the first day that was not among them.
    since: date | None = None

    @property
    def is_taken(self) -> bool:
        """Whether the user takes part."""
        return self.name is not None

    def counts(self, day: date) -> bool:
        """Whether a day is still to be counted."""
        return self.since is None or day >= self.since


def periods_on(day: date) -> tuple[Period, ...]:
    """The week and the month of a label."""
    return tuple(Period.of(span, day) for span in Span)


def sealed_standings(
    seat: Seat | None, known: Mapping[str, Standing], days: Iterable[DayJudged], next_day: date
) -> Mapping[str, Standing]:
    """What the days before `next_day` count, by the labels of periods that may still be asked about.

    `known` is the same before `days` were decided. Nobody but who takes part has any.
    """
    if seat is None or not seat.is_taken:
        return {}
    counted = dict(known)
    for judged in days:
        if seat.counts(judged.day):
            for period in periods_on(judged.day):
                counted[period.label] = counted.get(period.label, NOTHING).with_day(judged)
    wanted = [one for period in periods_on(next_day) for one in (period, period.before)]
    return {one.label: counted[one.label] for one in wanted if counted.get(one.label, NOTHING) != NOTHING}

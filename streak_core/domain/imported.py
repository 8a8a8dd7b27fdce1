"""What a user brings along from another system: what contradicts itself in it, and the days that it stands for.

It must not know HTTP or storage, nor judge a day (replay does): it puts days down, and the ordinary rules go on there.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Final

from streak_core.domain.days import ONE_DAY, ZoneLine, days_from, week_start
from streak_core.domain.errors import FieldError
from streak_core.domain.excuses import Excuses
from streak_core.domain.model import DayRecord, ResetMark, ToldMilestones, Verdict
from streak_core.domain.settings import AutoFreeze

if TYPE_CHECKING:
    from streak_core.domain.model import Streak
    from streak_core.domain.rules import Rules

# No day that comes along lies before it, and no run begins before it.
FIRST_DAY: Final = date(1970, 1, 2)
LENGTH_MAX: Final = 36_600
XP_MAX: Final = 10**12
# As many as any policy lets anybody hold.
FREEZES_MAX: Final = 100
# Some ten years of days.
ACTIVE_DAYS_MAX: Final = 3_660
# A reset of no ledger: it parts what came along, and nobody can take it back.
_OF_NO_ENTRY: Final = 0


@dataclass(frozen=True, kw_only=True, slots=True)
class Numbers:
    """How somebody stood in another system. Without `active_days` the run is taken for days in a row."""

    current_streak: int
    longest_streak: int
    last_active_date: date | None = None
    freezes: int = 0
    xp_total: int = 0
    # In order, each once; None where they are not known.
    active_days: tuple[date, ...] | None = None

    @property
    def days(self) -> tuple[date, ...]:
        """The active days, in order: those that are known, else those that the run stands for."""
        last = self.last_active_date
        if self.active_days is not None or last is None:
            return self.active_days or ()
        return tuple(days_from(last - timedelta(days=max(self.current_streak, 1) - 1), last))


def contradictions(numbers: Numbers, freezes_max: int) -> Iterator[FieldError]:
    """Each number that can't be, or that another one contradicts, with the nearest that could."""
    bounds = (
        ("current_streak", numbers.current_streak, LENGTH_MAX),
        ("longest_streak", numbers.longest_streak, LENGTH_MAX),
        ("freezes", numbers.freezes, freezes_max),
        ("xp_total", numbers.xp_total, XP_MAX),
    )
    wrong = [FieldError(name, f"must be from 0 to {most}") for name, number, most in bounds if not 0 <= number <= most]
    yield from wrong
    if numbers.current_streak > numbers.longest_streak:
        yield FieldError("current_streak", f"must be at most longest_streak, which is {numbers.longest_streak}")
        yield FieldError("longest_streak", f"must be at least current_streak, which is {numbers.current_streak}")
    days = list(_of_days(numbers))
    yield from days
    if not wrong and not days:
        yield from _of_lengths(numbers)


def _of_days(numbers: Numbers) -> Iterator[FieldError]:
    last, days = numbers.last_active_date, numbers.active_days or ()
    if last is not None and last < FIRST_DAY:
        yield FieldError("last_active_date", f"must be {FIRST_DAY} or later")
    if len(days) > ACTIVE_DAYS_MAX:
        yield FieldError("active_days", f"must be at most {ACTIVE_DAYS_MAX} days; leave out the earliest ones")
    if len(set(days)) < len(days):
        yield FieldError("active_days", "must have each day once")
    if days and min(days) < FIRST_DAY:
        yield FieldError("active_days", f"must be {FIRST_DAY} or later")
    if days and last != max(days):
        yield FieldError("last_active_date", f"must be the last of active_days, {max(days)}")
    if numbers.active_days is not None and last is not None and not days:
        yield FieldError("active_days", f"must have last_active_date, {last}; or leave active_days out")
    if last is None and not days and numbers.current_streak > 0:
        yield FieldError("last_active_date", "is needed where current_streak is above 0; without it that must be 0")


def _of_lengths(numbers: Numbers) -> Iterator[FieldError]:
    last, days, length = numbers.last_active_date, numbers.active_days, numbers.current_streak
    if last is not None and days is None and length > (most := (last - FIRST_DAY).days + 1):
        yield FieldError("current_streak", f"must be at most {most}: a run begins on {FIRST_DAY} or later")
    if days is None:
        return
    if length > len(days):
        yield FieldError("current_streak", f"must be at most {len(days)}, as many as there are active_days")
    elif numbers.longest_streak < (row := max(_rows(numbers), default=0)):
        yield FieldError("longest_streak", f"must be at least {row}, the longest row in active_days")


def _rows(numbers: Numbers) -> Iterator[int]:
    """The lengths of all rows of days one after the other; the run that goes on begins one of its own."""
    days, row = numbers.days, 0
    run_from = len(days) - numbers.current_streak
    for place, day in enumerate(days):
        follows = place and place != run_from and day - days[place - 1] == ONE_DAY
        row = row + 1 if follows else 1
        yield row


def with_numbers(streak: Streak, numbers: Numbers, at: datetime, rules: Rules) -> Streak:
    """A fresh streak, of which the zone is known, as it was brought along at `at`.

    Days after the last active one are judged by the ordinary rules, with the freezes that were brought along.
    """
    days = numbers.days
    checkpoint = replace(
        streak.checkpoint,
        longest_streak=numbers.longest_streak,
        freezes=numbers.freezes,
        xp_total=numbers.xp_total,
    )
    if not days:
        return replace(streak, checkpoint=checkpoint)
    first = min(week_start(days[0]), checkpoint.next_day)
    run = days[len(days) - numbers.current_streak :]
    tail = {day: DayRecord(imported=Verdict.ACTIVE) for day in days}
    tail |= {day: DayRecord(imported=Verdict.REPAIRED) for day in _gaps(run)}
    zone_line = ZoneLine(streak.settings.zones, rules.day_starts)
    parted = _parted(days, run, Excuses(streak.settings, zone_line, rules))
    if parted is not None:
        tail[parted] = tail[parted]._replace(resets=(ResetMark(seq=_OF_NO_ENTRY, at=at),))
    # What was held was not for the days before: those are as they were.
    auto = (AutoFreeze(from_day=first, on=False, at=at), AutoFreeze(from_day=days[-1] + ONE_DAY, on=True, at=at))
    return replace(
        streak,
        checkpoint=replace(checkpoint, next_day=first),
        tail=tail,
        settings=replace(streak.settings, auto_freeze=auto),
        told=(ToldMilestones(day=days[-1], length=numbers.current_streak, started_on=run[0]),) if run else (),
    )


def _gaps(run: tuple[date, ...]) -> Iterable[date]:
    """The days without activity over which the run went on."""
    active = frozenset(run)
    return (day for day in days_from(run[0], run[-1]) if day not in active) if run else ()


def _parted(days: tuple[date, ...], run: tuple[date, ...], excuses: Excuses) -> date | None:
    """The day that would belong to the run by the ordinary rules, and does not by what was brought along."""
    before = days[: len(days) - len(run)]
    if not before:
        return None
    between = days_from(before[-1] + ONE_DAY, run[0] - ONE_DAY) if run else ()
    return before[-1] if all(map(excuses.is_skipped, between)) else None

"""What the days of a calendar tell of a user's habits, and how likely the streak lasts this week.

It must not know how a day is judged (replay does), where it is kept, or how any of it is told.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from statistics import median_low
from typing import TYPE_CHECKING, Final, NamedTuple

from streak_core.domain.days import ONE_DAY, ONE_WEEK, days_from, week_start
from streak_core.domain.model import Verdict

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from streak_core.domain.calendar import CalendarDay
    from streak_core.domain.replay import View

# How many days before today are looked at: whole weeks, so that no weekday is among them more often than another.
DAYS_MAX: Final = 52 * 7
# Below so many days nothing is claimed of a habit: neither the best weekday nor a chance.
DAYS_MIN: Final = 28
# The rate of a weekday is drawn towards that of all days as if there were so many more days with the latter.
_DAYS_OF_ALL: Final = 4
# Days that asked for an activity and have none.
_IDLE: Final = frozenset({Verdict.FROZEN, Verdict.REPAIRED, Verdict.MISSED})


class WeekdayCount(NamedTuple):
    """What there was on one weekday; `asked` are the days with an activity that counts, and those that lacked one."""

    weekday: int
    asked: int
    active: int
    activities: int
    xp: int


class HeatmapWeek(NamedTuple):
    """The number of activities on each day from a Monday on; None for a day that is not looked at."""

    week_start: date
    activities: tuple[int | None, ...]


class Stretch(NamedTuple):
    """So many days that are meant, of those from the first of them to the last."""

    days: int
    from_day: date
    until_day: date


@dataclass(frozen=True, kw_only=True)
class WeekAhead:
    """What is left of a week for a streak that is running."""

    sunday: date
    # The days that still ask for an activity, and how many of them may be missed.
    asking: tuple[date, ...]
    freezes: int


class Keeping(NamedTuple):
    """How likely the streak is still running after a Sunday, from so many days on which one was at stake."""

    chance: Fraction
    sample_days: int
    sunday: date


@dataclass(frozen=True, kw_only=True)
class Insights:
    """What the days tell; without any day there is nothing but zeros."""

    period: Stretch | None
    activities: int
    xp: int
    weekdays: tuple[WeekdayCount, ...]
    best_weekday: int | None
    heatmap: tuple[HeatmapWeek, ...]
    # The most days in a row that asked for an activity and got none; neutral days between them are not counted.
    longest_gap: Stretch | None
    # How often a streak ended by a missed day, how often the user came back, and after how many days as a rule.
    breaks: int
    comebacks: int
    comeback_days: int | None
    keeping: Keeping | None


class _Gap(NamedTuple):
    """Days without activity, from one active day to the next one, which is None where there was none yet."""

    idle: tuple[CalendarDay, ...]
    ended_on: date | None


def insights(calendar: Iterable[CalendarDay], ahead: WeekAhead | None) -> Insights:
    """What the days before today tell, in order; days without a verdict are none of the user's."""
    rows = [row for row in calendar if row.verdict is not Verdict.NONE]
    weekdays = tuple(_weekday(weekday, rows) for weekday in range(7))
    gaps = _gaps(rows)
    breaks = [one for one in gaps if _missed_first(one)]
    comebacks = [(one.ended_on - first).days for one in breaks if one.ended_on and (first := _missed_first(one))]
    return Insights(
        period=Stretch(len(rows), rows[0].day, rows[-1].day) if rows else None,
        activities=sum(row.activity_count for row in rows),
        xp=sum(row.xp for row in rows),
        weekdays=weekdays,
        best_weekday=_best(weekdays) if len(rows) >= DAYS_MIN else None,
        heatmap=_heatmap(rows),
        longest_gap=_longest(gaps),
        breaks=len(breaks),
        comebacks=len(comebacks),
        comeback_days=median_low(comebacks) if comebacks else None,
        keeping=_keeping(rows, ahead) if ahead else None,
    )


def week_ahead(view: View, planned: Iterable[date], *, automatic: bool) -> WeekAhead | None:
    """What is left of the week that today is in; None where no streak is running.

    Where freezes are not `automatic`, they cover the days they are `planned` for and no others.
    """
    if view.current_streak == 0:
        return None
    sunday = week_start(view.today) + ONE_WEEK - ONE_DAY
    first = view.today if view.days[-1].verdict is Verdict.PENDING else view.today + ONE_DAY
    asking = [day for day in days_from(first, sunday) if view.walk_through_today.excuse(day) is None]
    if automatic and view.current_streak >= view.policy.freezes.streak_min:
        return WeekAhead(sunday=sunday, asking=tuple(asking), freezes=view.freezes_available)
    covered = sorted(set(planned) & set(asking))[: view.freezes_available]
    return WeekAhead(sunday=sunday, asking=tuple(day for day in asking if day not in covered), freezes=0)


def _weekday(weekday: int, rows: Sequence[CalendarDay]) -> WeekdayCount:
    those = [row for row in rows if row.day.weekday() == weekday]
    active = sum(row.verdict is Verdict.ACTIVE for row in those)
    return WeekdayCount(
        weekday=weekday,
        asked=active + sum(row.verdict in _IDLE for row in those),
        active=active,
        activities=sum(row.activity_count for row in those),
        xp=sum(row.xp for row in those),
    )


def _best(weekdays: Sequence[WeekdayCount]) -> int | None:
    """The weekday with the highest rate, the first of equals; smoothed, so that one lucky Sunday is not the best."""
    asked = [one for one in weekdays if one.asked]
    overall = _smoothed(sum(one.active for one in asked), sum(one.asked for one in asked))
    best = max(asked, key=lambda one: _drawn_to(overall, one.active, one.asked), default=None)
    return best.weekday if best else None


def _heatmap(rows: Sequence[CalendarDay]) -> tuple[HeatmapWeek, ...]:
    count = {row.day: row.activity_count for row in rows}
    mondays = sorted({week_start(day) for day in count})
    week = range(7)
    return tuple(HeatmapWeek(monday, tuple(count.get(monday + ONE_DAY * day) for day in week)) for monday in mondays)


def _gaps(rows: Iterable[CalendarDay]) -> list[_Gap]:
    found: list[_Gap] = []
    idle: list[CalendarDay] = []
    for row in rows:
        if row.verdict in _IDLE:
            idle.append(row)
        elif row.verdict is Verdict.ACTIVE and idle:
            found.append(_Gap(tuple(idle), row.day))
            idle = []
    return [*found, _Gap(tuple(idle), None)] if idle else found


def _missed_first(gap: _Gap) -> date | None:
    return next((row.day for row in gap.idle if row.verdict is Verdict.MISSED), None)


def _longest(gaps: Sequence[_Gap]) -> Stretch | None:
    """The longest gap, the last one of equals."""
    longest = max(reversed(gaps), key=lambda one: len(one.idle), default=None)
    return longest and Stretch(len(longest.idle), longest.idle[0].day, longest.idle[-1].day)


def _keeping(rows: Iterable[CalendarDay], ahead: WeekAhead) -> Keeping | None:
    """The chance that no more of the days ahead are missed than there are freezes for, each day by itself."""
    stake = list(_at_stake(rows))
    if len(stake) < DAYS_MIN:
        return None
    overall = _smoothed(sum(row.verdict is Verdict.ACTIVE for row in stake), len(stake))
    # The chance of having missed none, one, two of the days so far, up to as many as there are freezes.
    missed = [Fraction(1), *(Fraction(0) for _ in range(ahead.freezes))]
    for day in ahead.asking:
        of_weekday = [row.verdict is Verdict.ACTIVE for row in stake if row.day.weekday() == day.weekday()]
        done = _drawn_to(overall, sum(of_weekday), len(of_weekday))
        missed = [now * done + before * (1 - done) for before, now in zip([Fraction(0), *missed], missed, strict=False)]
    return Keeping(chance=sum(missed, Fraction(0)), sample_days=len(stake), sunday=ahead.sunday)


def _at_stake(rows: Iterable[CalendarDay]) -> Iterator[CalendarDay]:
    """The days that asked while a streak was running, as far as a calendar tells: a reset is not seen in it."""
    is_running = False
    for row in rows:
        if is_running and (row.verdict is Verdict.ACTIVE or row.verdict in _IDLE):
            yield row
        is_running = row.verdict is Verdict.ACTIVE or (is_running and row.verdict is not Verdict.MISSED)


def _smoothed(active: int, asked: int) -> Fraction:
    """A rate as if there had been one more day of each kind: never quite 0 or 1."""
    return Fraction(active + 1, asked + 2)


def _drawn_to(overall: Fraction, active: int, asked: int) -> Fraction:
    return (active + _DAYS_OF_ALL * overall) / (asked + _DAYS_OF_ALL)

"""What a user's seat at the leaderboards shows: the numbers of each period that is not final, worked out by replay.

It must not know where they are kept, or who else takes part. They are set and never added to, so that whatever is
undone, late, redone or sent twice, they are what the days are.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from streak_core.domain.boards import NOTHING, Standing, periods_on
from streak_core.domain.days import ONE_DAY

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from datetime import date

    from streak_core.domain.boards import Period
    from streak_core.domain.calendar import CalendarDay
    from streak_core.domain.model import Streak
    from streak_core.domain.replay import View


@dataclass(frozen=True, kw_only=True, slots=True)
class Placed:
    """What others may see of a user: the name, and the numbers of each open period and of all days."""

    name: str
    group: str | None
    # Neither hidden by an operator nor blocked.
    is_shown: bool
    periods: Mapping[Period, Standing]
    all_time: Standing


def placed(streak: Streak, view: View) -> Placed | None:
    """What a commit writes for the leaderboards; None for whoever takes no part."""
    seat = streak.seat
    if seat is None or seat.name is None:
        return None
    return Placed(
        name=seat.name,
        group=seat.group,
        is_shown=not seat.is_hidden and not streak.is_blocked(view.now),
        periods={period: standing_in(streak, view, period) for period in open_periods(view)},
        all_time=all_time(view),
    )


def all_time(view: View) -> Standing:
    """All XP, and the longest streak there was."""
    return Standing(view.xp_total, view.longest_streak)


def open_periods(view: View) -> Iterator[Period]:
    """Those that are not final and may have a day of the user's: of today, and the ones before."""
    for period in periods_on(view.today):
        for one in (period, period.before):
            if view.now < one.final_at(view.rules.day_starts):
                yield one


def standing_in(streak: Streak, view: View, period: Period) -> Standing:
    """What the days of a period count; of whoever takes no part those of the tail."""
    checkpoint, seat = streak.checkpoint, streak.seat
    standing = checkpoint.boards.get(period.label, NOTHING)
    for judged in view.days:
        # A command that moved the checkpoint was seen from the one before it.
        is_open = judged.day >= checkpoint.next_day and (seat is None or seat.counts(judged.day))
        if is_open and period.has(judged.day):
            standing = standing.with_day(judged)
    return standing


def days_to_look_up(streak: Streak, view: View) -> tuple[date, date] | None:
    """The first and the last decided day that open periods have; None where there is none."""
    first_counted, next_day = streak.checkpoint.first_counted_day, streak.checkpoint.next_day
    if first_counted is None:
        return None
    first = max(min(period.first_day for period in open_periods(view)), first_counted)
    return (first, next_day - ONE_DAY) if first < next_day else None


def looked_up(streak: Streak, view: View, decided: Iterable[CalendarDay]) -> dict[str, Standing]:
    """What decided days count for the open periods of somebody who takes a seat, by label.

    Of streaks that had ended before the tail began none is counted: a calendar does not tell how long they were.
    """
    checkpoint = streak.checkpoint
    rows = [row for row in decided if row.day < checkpoint.next_day]
    last = checkpoint.last_active_date
    found: dict[str, Standing] = {}
    for period in open_periods(view):
        xp = sum(row.xp for row in rows if period.has(row.day))
        reached = checkpoint.current_streak if last is not None and period.has(last) else 0
        if (standing := Standing(xp, reached)) != NOTHING:
            found[period.label] = standing
    return found

"""The days of a calendar, as they are shown and as they are kept once they are decided for good.

It must not know how a day is judged (replay does) or where it is kept.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, NamedTuple

from streak_core.domain.days import days_from
from streak_core.domain.model import DayJudged, Verdict

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from streak_core.domain.rules import Rules


class CalendarDay(NamedTuple):
    """What a calendar says of one day; `xp` is what was awarded for its activities.

    A tuple, which is made in half the time: a calendar of a year has hundreds.
    """

    day: date
    verdict: Verdict
    activity_count: int = 0
    xp: int = 0
    categories: tuple[str, ...] = ()

    @classmethod
    def of(cls, judged: DayJudged, rules: Rules) -> CalendarDay:
        """The day as replay judged it; categories in the order of its policy."""
        record = judged.record
        return cls(
            day=judged.day,
            verdict=judged.verdict,
            activity_count=record.activity_count,
            xp=record.xp,
            categories=tuple(name for name in rules.on(judged.day).categories if name in record.categories),
        )


def shown_days(
    judged: Iterable[DayJudged], decided: Mapping[date, CalendarDay], rules: Rules, days: tuple[date, date]
) -> list[tuple[date, CalendarDay]]:
    """Each day from the first to the last of `days`, as it is judged now or was decided, else without anything."""
    now = {one.day: CalendarDay.of(one, rules) for one in judged}
    first, last = days
    none = CalendarDay(day=first, verdict=Verdict.NONE)
    return [(day, now.get(day) or decided.get(day, none)) for day in days_from(first, last)]


def sealed_rows(sealed: Iterable[DayJudged], rules: Rules) -> list[CalendarDay]:
    """The rows that decided days leave behind; days of which a calendar says nothing anyway are left out.

    They go by what was in force: a policy that was withdrawn never was, whenever the row is made.
    """
    rows = (CalendarDay.of(judged, rules.standing) for judged in sealed)
    return [row for row in rows if row.verdict is not Verdict.NONE or row.activity_count]

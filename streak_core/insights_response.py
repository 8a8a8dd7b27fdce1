"""What clients read of a user's habits, and its shapes.

It must not know HTTP or storage, nor how any of it is counted.
"""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Final, TypedDict, get_args

from streak_core.domain.commands.settings import Weekday

if TYPE_CHECKING:
    from datetime import date

    from streak_core.domain.insights import Insights, Keeping, Stretch, WeekdayCount

_WEEKDAYS: Final[tuple[str, ...]] = get_args(Weekday)


class WeekdayRow(TypedDict):
    """One weekday; `rate` is null where no such day asked for an activity."""

    weekday: str
    asked: int
    active: int
    rate: float | None
    activities: int
    xp: int


class HeatmapRow(TypedDict):
    """The activities of each day of a week; null for a day that is not looked at."""

    week_start: str
    activities: list[int | None]


# "from" is no name in Python. Of the days from the first to the last one, so many are meant.
StretchResponse = TypedDict("StretchResponse", {"days": int, "from": str, "until": str})


class KeepingResponse(TypedDict):
    """How likely the streak lasts through `until`, from how many days."""

    chance: float
    sample_days: int
    until: str


class InsightsResponse(TypedDict):
    """What the days before today tell; `period` says which, null where there is none yet."""

    today: str
    period: StretchResponse | None
    activities_per_day: float
    xp_per_day: float
    best_weekday: str | None
    weekdays: list[WeekdayRow]
    heatmap: list[HeatmapRow]
    longest_gap: StretchResponse | None
    breaks: int
    comebacks: int
    comeback_days: int | None
    keeping: KeepingResponse | None


def insights_response(told: Insights, today: date) -> InsightsResponse:
    """The answer about a user's habits."""
    days = told.period.days if told.period else 0
    return {
        "today": today.isoformat(),
        "period": _stretch(told.period) if told.period else None,
        "activities_per_day": _rounded(told.activities, days, 2) or 0.0,
        "xp_per_day": _rounded(told.xp, days, 2) or 0.0,
        "best_weekday": None if told.best_weekday is None else _WEEKDAYS[told.best_weekday],
        "weekdays": [_weekday(one) for one in told.weekdays],
        "heatmap": [
            {"week_start": week.week_start.isoformat(), "activities": list(week.activities)} for week in told.heatmap
        ],
        "longest_gap": _stretch(told.longest_gap) if told.longest_gap else None,
        "breaks": told.breaks,
        "comebacks": told.comebacks,
        "comeback_days": told.comeback_days,
        "keeping": _keeping(told.keeping) if told.keeping else None,
    }


def _weekday(count: WeekdayCount) -> WeekdayRow:
    return {
        "weekday": _WEEKDAYS[count.weekday],
        "asked": count.asked,
        "active": count.active,
        "rate": _rounded(count.active, count.asked, 3),
        "activities": count.activities,
        "xp": count.xp,
    }


def _stretch(stretch: Stretch) -> StretchResponse:
    return {"days": stretch.days, "from": stretch.from_day.isoformat(), "until": stretch.until_day.isoformat()}


def _keeping(keeping: Keeping) -> KeepingResponse:
    return {
        "chance": float(round(keeping.chance, 3)),
        "sample_days": keeping.sample_days,
        "until": keeping.sunday.isoformat(),
    }


def _rounded(part: int, of: int, digits: int) -> float | None:
    """A part of something to so many digits, half to even; None of nothing."""
    return float(round(Fraction(part, of), digits)) if of else None

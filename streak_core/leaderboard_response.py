"""Makes the answers about a user's own seat at the leaderboards. Must not know HTTP, storage, or others."""

from __future__ import annotations

from typing import TYPE_CHECKING

from streak_core.domain.boards import Period, Span
from streak_core.domain.standings import all_time, standing_in

if TYPE_CHECKING:
    from streak_core.domain.model import Streak
    from streak_core.domain.replay import View
    from streak_core.response_types import PeriodStandingResponse, SeatResponse, StandingResponse


def seat_response(streak: Streak, view: View) -> SeatResponse:
    """Under which name the user takes part, and what this week, this month and all days have come to."""
    seat = streak.seat
    if seat is None or seat.name is None:
        is_hidden = seat is not None and seat.is_hidden
        return {
            "joined": False,
            "name": None,
            "group": None,
            "hidden": is_hidden,
            "week": None,
            "month": None,
            "all": None,
        }
    return {
        "joined": True,
        "name": seat.name,
        "group": seat.group,
        "hidden": seat.is_hidden,
        "week": _standing(streak, view, Span.WEEK),
        "month": _standing(streak, view, Span.MONTH),
        "all": _all_time(view),
    }


def _standing(streak: Streak, view: View, span: Span) -> PeriodStandingResponse:
    period = Period.of(span, view.today)
    standing = standing_in(streak, view, period)
    return {"period": period.label, "xp": standing.xp, "streak": standing.streak}


def _all_time(view: View) -> StandingResponse:
    standing = all_time(view)
    return {"xp": standing.xp, "streak": standing.streak}

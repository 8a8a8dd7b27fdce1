"""Explains the last days of a user: each with its hours, its verdict and why.

It must not know how a verdict comes about (replay does).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from streak_core.domain.days import rfc3339
from streak_core.domain.model import Verdict

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from streak_core.domain.model import DayJudged
    from streak_core.domain.replay import View
    from streak_core.response_types import ExplainedDay, ExplainResponse

_REASONS: Final[Mapping[Verdict, str]] = {
    Verdict.NONE: "before the first counted activity",
    Verdict.ACTIVE: "a counted activity",
    Verdict.AMNESTY: "everybody was excused from this day",
    Verdict.PAUSED: "inside a pause",
    Verdict.REST: "a rest weekday",
    Verdict.TRAVEL: "a change of zone took the day, or its evening, away",
    Verdict.PENDING: "today is not over yet",
    Verdict.REPAIRED: "repaired",
    Verdict.FROZEN: "no activity; a freeze was spent and kept the streak",
    Verdict.MISSED: "no activity; no streak was running",
}

_IMPORTED: Final[Mapping[Verdict, str]] = {
    Verdict.ACTIVE: "imported: an active day",
    Verdict.REPAIRED: "imported: no activity, and the streak went on",
}


def explain_response(view: View, days: int) -> ExplainResponse:
    """Each of the last days with its hours, its verdict and why; fewer rows where fewer are still open to change."""
    shown: Sequence[DayJudged] = view.days[-days:]
    return {"today": view.today.isoformat(), "days": [_explained(view, judged) for judged in shown]}


def _explained(view: View, judged: DayJudged) -> ExplainedDay:
    return {
        "date": judged.day.isoformat(),
        "starts_at": rfc3339(view.zone_line.starts_at(judged.day)),
        "ends_at": rfc3339(view.zone_line.ends_at(judged.day)),
        "verdict": judged.verdict.value,
        "because": why(judged),
        "activity_count": judged.record.activity_count,
        "counted": judged.record.counted,
        "xp": judged.record.xp,
        "streak_after": judged.current_streak,
        "freezes_before": judged.freezes_before,
        "freezes_after": judged.freezes,
    }


def why(judged: DayJudged) -> str:
    """The reason for the verdict of a day."""
    if judged.broke:
        held = "none was meant to be spent" if judged.freezes_before else "no freeze was available"
        return f"no activity, and {held}: it ended a streak of {judged.broke}"
    if judged.record.imported is judged.verdict and not judged.record.counted:
        return _IMPORTED[judged.verdict]
    if judged.record.resets:
        return f"{_REASONS[judged.verdict]}; the streak was reset on this day"
    return _REASONS[judged.verdict]

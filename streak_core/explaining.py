"""Says in a sentence why a day has its verdict.

It must not decide anything: it words what replay answered.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from streak_core.model import Verdict

if TYPE_CHECKING:
    from collections.abc import Mapping

    from streak_core.model import DayJudged

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


def why(judged: DayJudged) -> str:
    """The reason for the verdict of a day."""
    if judged.broke:
        held = "none was meant to be spent" if judged.freezes_before else "no freeze was available"
        return f"no activity, and {held}: it ended a streak of {judged.broke}"
    if judged.record.reset:
        return f"{_REASONS[judged.verdict]}; the streak was reset on this day"
    return _REASONS[judged.verdict]

"""Explains the last days of a user: each with its hours, its verdict and why.

It must not know how a verdict comes about (replay does).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, assert_never

from streak_core.domain.days import rfc3339
from streak_core.domain.grants import GrantOf
from streak_core.domain.model import Verdict

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from streak_core.domain.grants import Grant
    from streak_core.domain.model import DayJudged, Streak
    from streak_core.domain.replay import View
    from streak_core.response_types import ExplainedDay, ExplainResponse

_REASONS: Final[Mapping[Verdict, str]] = {
    Verdict.NONE: "before the first counted activity",
    Verdict.ACTIVE: "a counted activity",
    Verdict.AMNESTY: "everybody was excused from this day",
    Verdict.EXCUSED: "excused by support",
    Verdict.PAUSED: "inside a pause",
    Verdict.REST: "a rest weekday",
    Verdict.TRAVEL: "a change of zone took the day, or its evening, away",
    Verdict.PENDING: "today is not over yet",
    Verdict.REPAIRED: "repaired",
    Verdict.FROZEN: "no activity; a freeze was spent and kept the streak",
    Verdict.MISSED: "no activity; no streak was running",
}

_RESTORED: Final = "restored by support"
_IMPORTED: Final[Mapping[Verdict, str]] = {
    Verdict.ACTIVE: "imported: an active day",
    Verdict.REPAIRED: "imported: no activity, and the streak went on",
}


def explain_response(view: View, streak: Streak, days: int) -> ExplainResponse:
    """Each of the last days with its hours, its verdict and why; fewer rows where fewer are still open to change."""
    shown: Sequence[DayJudged] = view.days[-days:]
    restored = {repair.day for repair in streak.settings.repairs if repair.by_operator}
    return {
        "today": view.today.isoformat(),
        "days": [_explained(view, judged, is_restored=judged.day in restored) for judged in shown],
    }


def _explained(view: View, judged: DayJudged, *, is_restored: bool) -> ExplainedDay:
    return {
        "date": judged.day.isoformat(),
        "starts_at": rfc3339(view.zone_line.starts_at(judged.day)),
        "ends_at": rfc3339(view.zone_line.ends_at(judged.day)),
        "verdict": judged.verdict.value,
        "because": "; ".join([why(judged, is_restored=is_restored), *_given(judged)]),
        "activity_count": judged.record.activity_count,
        "counted": judged.record.counted,
        "xp": judged.record.xp,
        "streak_after": judged.current_streak,
        "freezes_before": judged.freezes_before,
        "freezes_after": judged.freezes,
    }


def why(judged: DayJudged, *, is_restored: bool = False) -> str:
    """The reason for the verdict of a day."""
    if judged.broke:
        held = "none was meant to be spent" if judged.freezes_before else "no freeze was available"
        return f"no activity, and {held}: it ended a streak of {judged.broke}"
    if is_restored and judged.verdict is Verdict.REPAIRED:
        return _RESTORED
    if judged.record.imported is judged.verdict and not judged.record.counted:
        return _IMPORTED[judged.verdict]
    if judged.record.resets:
        return f"{_REASONS[judged.verdict]}; the streak was reset on this day"
    return _REASONS[judged.verdict]


def _given(judged: DayJudged) -> list[str]:
    """What was given on the day, by whom it may be told."""
    return [_told(grant) for grant in judged.record.grants]


def _told(grant: Grant) -> str:
    match grant.of:
        case GrantOf.FREEZES | GrantOf.FREEZES_OVER_CAP:
            return f"support granted {grant.amount} freeze{'' if grant.amount == 1 else 's'}"
        case GrantOf.DAYS:
            return f"support gave back {grant.amount} day{'' if grant.amount == 1 else 's'} of the streak"
        case GrantOf.XP:
            return f"support {'granted' if grant.amount > 0 else 'took'} {abs(grant.amount)} XP"
        case _:  # pragma: no cover - the type checker knows that there is no other
            assert_never(grant.of)

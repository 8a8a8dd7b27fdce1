"""Makes the answers about achievements: what each asks for, how far the user has come, and since when it is earned.

It must not know HTTP or storage, nor decide what is earned.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, NotRequired, TypedDict, assert_never

from streak_core.domain.achievement_rules import ComeBack, KeepDayOfYear, ReachNumber
from streak_core.domain.achievements import all_progress, target_of
from streak_core.domain.days import rfc3339

if TYPE_CHECKING:
    from streak_core.domain.achievement_rules import Achievement
    from streak_core.domain.achievements import Progress
    from streak_core.domain.state import UserState


class ListedAchievement(TypedDict):
    """What an achievement asks for."""

    achievement: str
    by: Literal["streak", "xp", "activities", "active_days", "consistent_weeks", "day_of_year", "comeback"]
    target: int
    days: NotRequired[list[str]]
    days_away: NotRequired[int]


class AchievementResponse(ListedAchievement):
    """How far a user has come with it."""

    progress: int
    earned_at: str | None
    offered: bool


class AchievementsResponse(TypedDict):
    """All that are offered, and what was earned of earlier ones."""

    achievements: list[AchievementResponse]


def achievements_response(state: UserState) -> AchievementsResponse:
    """How far the user has come with each."""
    return {"achievements": [_response(one) for one in all_progress(state.streak, state.view)]}


def _response(one: Progress) -> AchievementResponse:
    return {
        **listed_achievement(one.name, one.achievement),
        "progress": one.progress,
        "earned_at": rfc3339(one.earned_at) if one.earned_at else None,
        "offered": one.offered,
    }


def listed_achievement(name: str, achievement: Achievement) -> ListedAchievement:
    """What it asks for."""
    listed: ListedAchievement = {"achievement": name, "by": achievement.by, "target": target_of(achievement)}
    match achievement:
        case ReachNumber():
            return listed
        case KeepDayOfYear():
            return {**listed, "days": list(achievement.days)}
        case ComeBack():
            return {**listed, "days_away": achievement.days_away}
        case _:  # pragma: no cover - the type checker knows that there is no other
            assert_never(achievement)

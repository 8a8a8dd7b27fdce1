"""Achievements: how far a user has come, which are earned, and since when.

Every number is one that replay tells anyway; once earned, an achievement stays. It must not know events or storage.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import takewhile
from typing import TYPE_CHECKING, assert_never

from streak_core.domain.achievement_rules import ComeBack, KeepDayOfYear, ReachNumber
from streak_core.domain.consistency import consistent_weeks
from streak_core.domain.days import week_start
from streak_core.domain.model import Verdict
from streak_core.domain.rules import ALWAYS

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from streak_core.domain.achievement_rules import Achievement
    from streak_core.domain.model import Streak
    from streak_core.domain.replay import View

    # A user's state, and as it is seen.
    Seen = tuple[Streak, View]


@dataclass(frozen=True, kw_only=True, slots=True)
class Progress:
    """How far a user has come with an achievement."""

    name: str
    achievement: Achievement
    progress: int
    earned_at: datetime | None
    # Whether the policy of today has it; one that was earned and is in no policy any more stays all the same.
    offered: bool = True


def target_of(achievement: Achievement) -> int:
    """The number at which it is earned."""
    match achievement:
        case ReachNumber():
            return achievement.target
        case KeepDayOfYear() | ComeBack():
            return 1
        case _:  # pragma: no cover - the type checker knows that there is no other
            assert_never(achievement)


def progress_of(achievement: Achievement, seen: Seen) -> int:
    """The user's own number: it may fall again, by an undo or otherwise."""
    match achievement:
        case ReachNumber():
            return _number(achievement, seen)
        case KeepDayOfYear():
            days = seen[1].days
            return int(any(one.verdict is Verdict.ACTIVE and f"{one.day:%m-%d}" in achievement.days for one in days))
        case ComeBack():
            return int(_came_back(achievement, seen))
        case _:  # pragma: no cover - the type checker knows that there is no other
            assert_never(achievement)


def _number(achievement: ReachNumber, seen: Seen) -> int:
    streak, view = seen
    match achievement.by:
        case "streak":
            return view.longest_streak
        case "xp":
            return view.xp_total
        case "activities":
            return streak.activities
        case "active_days":
            return view.active_days
        case "consistent_weeks":
            return consistent_weeks(streak, view.rules, view.days, week_start(view.today)).longest
        case _:  # pragma: no cover - the type checker knows that there is no other
            assert_never(achievement.by)


def _came_back(achievement: ComeBack, seen: Seen) -> bool:
    """Whether a day of the tail is active after so many without, the streak having ended in between."""
    streak, view = seen
    last, running = streak.checkpoint.last_active_date, streak.checkpoint.current_streak
    for judged in view.days:
        if judged.verdict is Verdict.ACTIVE:
            if last is not None and not running and (judged.day - last).days > achievement.days_away:
                return True
            last = judged.day
        running = judged.current_streak
    return False


def _reached(achievement: Achievement, seen: Seen) -> bool:
    return progress_of(achievement, seen) >= target_of(achievement)


def with_earned(before: Seen, after: Seen) -> Streak:
    """The streak after a command, with what is earned from now on.

    What the user had come to before it, without having been told, is earned since then; what the command brought, now.
    """
    (streak, view), earned = after, dict(before[0].earned)
    for name, achievement in view.policy.achievements.items():
        if name in earned:
            continue
        if _reached(achievement, before):
            earned[name] = _since(name, before[0], view)
        elif _reached(achievement, after):
            earned[name] = view.now
    return replace(streak, earned=earned) if len(earned) > len(streak.earned) else streak


def unlocked(before: Seen, after: Seen) -> Iterator[str]:
    """What the command brought, of all that is earned since."""
    earned_before, earned = before[0].earned, after[0].earned
    for name, achievement in after[1].policy.achievements.items():
        if name in earned and name not in earned_before and not _reached(achievement, before):
            yield name


def all_progress(streak: Streak, view: View) -> Iterator[Progress]:
    """Each achievement that is offered today, in the order of the policy, and then what was earned of earlier ones."""
    offered = view.policy.achievements
    for name, achievement in offered.items():
        earned_at, progress = streak.earned.get(name), progress_of(achievement, (streak, view))
        if earned_at is None and progress >= target_of(achievement):
            # As the next command will write it down.
            earned_at = _since(name, streak, view)
        yield Progress(name=name, achievement=achievement, progress=progress, earned_at=earned_at)
    for name, earned_at in streak.earned.items():
        known = None if name in offered else _last_known(name, view)
        if known is not None:
            progress = progress_of(known, (streak, view))
            yield Progress(name=name, achievement=known, progress=progress, earned_at=earned_at, offered=False)


def _last_known(name: str, view: View) -> Achievement | None:
    """What it asked for when it was offered last."""
    for _, policy in reversed(view.rules.up_to(view.today)):
        if name in policy.achievements:
            return policy.achievements[name]
    return None


def _since(name: str, streak: Streak, view: View) -> datetime:
    """The moment from which on the user had come to it, as far as is known, and it was offered."""
    achievement, begun = view.policy.achievements[name], reversed(view.rules.up_to(view.today))
    *_, offered = (day for day, _ in takewhile(lambda one: one[1].achievements.get(name) == achievement, begun))
    return max(streak.updated_at, view.zone_line.starts_at(offered)) if offered > ALWAYS else streak.updated_at

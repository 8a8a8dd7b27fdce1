"""Weekly consistency: which categories of a streak week are done, and whether the bonus holds in it (semantics 3).

It must not know verdicts or freezes; a week is derived from its days and never stored.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from streak_core.domain.days import ONE_DAY, ONE_WEEK, days_from, week_start
from streak_core.domain.model import NO_RECORD

if TYPE_CHECKING:
    from datetime import date

    from streak_core.domain.model import Streak
    from streak_core.domain.policy import Policy


def categories_done(streak: Streak, policy: Policy, monday: date) -> dict[str, bool]:
    """For each category of the policy, in its order, whether a counted activity of it lies in the week."""
    done = _done(streak, monday)
    return {name: name in done for name in policy.categories}


def _done(streak: Streak, monday: date) -> set[str]:
    done: set[str] = set()
    for day in days_from(monday, monday + ONE_WEEK - ONE_DAY):
        done.update(streak.tail.get(day, NO_RECORD).categories)
    return done


def week_is_consistent(streak: Streak, policy: Policy, monday: date) -> bool:
    """Whether all categories are done in the week that begins on `monday`, one of the tail or the one before it."""
    if monday == streak.checkpoint.next_day - ONE_WEEK:
        return streak.checkpoint.week_was_consistent
    return _done(streak, monday).issuperset(policy.categories)


def bonus_is_active(streak: Streak, policy: Policy, day: date) -> bool:
    """Whether XP is multiplied in the week of `day`, going by the activities known so far."""
    monday = week_start(day)
    if policy.consistency.bonus_window == "following_week":
        monday -= ONE_WEEK
    return week_is_consistent(streak, policy, monday)

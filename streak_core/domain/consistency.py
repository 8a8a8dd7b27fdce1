"""Weekly consistency: which categories of a streak week are done, and whether the bonus holds in it (semantics 3).

It must not know how verdicts come about; a week is derived from its days and never stored.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from streak_core.domain.days import ONE_DAY, ONE_WEEK, days_from, week_start
from streak_core.domain.model import Verdict

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date, datetime

    from streak_core.domain.model import Activity, DayJudged, Streak
    from streak_core.domain.rules import Rules

# A week with such a day is not held against the user.
WEEK_EXCUSES: Final = frozenset({Verdict.AMNESTY, Verdict.EXCUSED, Verdict.PAUSED})
_WEEK_DAYS: Final = 7
# As many as a tail has, but for that of somebody who was just brought along.
_FEW_DAYS: Final = 40


def categories_done(streak: Streak, rules: Rules, monday: date) -> dict[str, bool]:
    """For each category of its policy, that of the Monday, whether a counted activity of it lies in the week."""
    done = _done(streak, monday)
    return {name: name in done for name in rules.on(monday).categories}


def _done(streak: Streak, monday: date) -> set[str]:
    tail, sunday = streak.tail, monday + ONE_WEEK - ONE_DAY
    if len(tail) > _FEW_DAYS:
        # Of years that come along each week is looked up, not searched for.
        days = [tail[day] for day in days_from(monday, sunday) if day in tail]
    else:
        days = [record for day, record in tail.items() if record.categories and monday <= day <= sunday]
    return {name for record in days for name in record.categories}


def week_is_consistent(streak: Streak, rules: Rules, monday: date) -> bool:
    """Whether all categories are done in the week that begins on `monday`, one of the tail or the one before it."""
    if monday == streak.checkpoint.next_day - ONE_WEEK:
        return streak.checkpoint.week_was_consistent
    return _done(streak, monday).issuperset(rules.on(monday).categories)


def consistent_since(streak: Streak, monday: date) -> datetime | None:
    """When the activity occurred whose recording made the week consistent, the latest of several, where known."""
    if monday == streak.checkpoint.next_day - ONE_WEEK:
        return streak.checkpoint.week_consistent_since
    return streak.consistent_since.get(monday)


def bonus_is_active(streak: Streak, rules: Rules, day: date) -> bool:
    """Whether XP is multiplied in the week of `day`, going by the activities known so far."""
    return week_is_consistent(streak, rules, _earned_in(rules, day))


def bonus_was_active(streak: Streak, rules: Rules, day: date) -> bool:
    """Whether XP is multiplied in the week of `day`, or was until something was undone."""
    return bonus_is_active(streak, rules, day) or consistent_since(streak, _earned_in(rules, day)) is not None


def is_multiplied(streak: Streak, rules: Rules, day: date, occurred_at: datetime) -> bool:
    """Whether the XP of an activity is: it must not have occurred before the one that made the week consistent."""
    monday = _earned_in(rules, day)
    since = consistent_since(streak, monday)
    return week_is_consistent(streak, rules, monday) and (since is None or occurred_at >= since)


def _earned_in(rules: Rules, day: date) -> date:
    """The week whose consistency gives the bonus of `day`."""
    monday = week_start(day)
    return monday - ONE_WEEK if rules.on(day).consistency.bonus_window == "following_week" else monday


def with_week_marked(before: Streak, after: Streak, activity: Activity, rules: Rules) -> Streak:
    """The streak after an activity came in, with the moment kept at which it made its week consistent, if it did."""
    monday = week_start(activity.day)
    if not activity.category or week_is_consistent(before, rules, monday):
        return after
    if not week_is_consistent(after, rules, monday):
        return after
    known = after.consistent_since.get(monday)
    since = max(known, activity.occurred_at) if known else activity.occurred_at
    return replace(after, consistent_since={**after.consistent_since, monday: since})


@dataclass(frozen=True, kw_only=True, slots=True)
class ConsistentWeeks:
    """Consistent weeks in a row, up to the last one and at most."""

    current: int
    longest: int


def consistent_weeks(
    streak: Streak, rules: Rules, days: Sequence[DayJudged], this_week: date | None = None
) -> ConsistentWeeks:
    """The weeks in a row after those of the checkpoint; `days` begin with the tail. `this_week` is not over yet."""
    row, longest = streak.checkpoint.consistent_weeks, streak.checkpoint.consistent_weeks_longest
    for place in range(0, len(days), _WEEK_DAYS):
        week = days[place : place + _WEEK_DAYS]
        monday = week[0].day
        if week_is_consistent(streak, rules, monday):
            row += 1
            longest = max(longest, row)
        elif monday != this_week and not any(judged.verdict in WEEK_EXCUSES for judged in week):
            row = 0
    return ConsistentWeeks(current=row, longest=longest)

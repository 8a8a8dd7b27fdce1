"""At which local minute a user's last counted days were kept: what a reminder goes by where no minute was chosen.

It must not know what is made of it (reminders do). It is kept only of users who wish for that, so that nobody else pays
for it, and follows from the ledger alone.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from streak_core.domain.days import ZoneLine
from streak_core.domain.model import NO_RECORD
from streak_core.domain.notices import NO_CHOICES, NoticeKind
from streak_core.domain.reminders import HABIT_DAYS_MAX
from streak_core.domain.zones import stored_zone

if TYPE_CHECKING:
    from datetime import date

    from streak_core.domain.model import Activity, Streak
    from streak_core.domain.notices import NoticeChoices
    from streak_core.domain.rules import Rules


def is_kept(choices: NoticeChoices | None) -> bool:
    """Whether a user's habit is of use."""
    choices = choices or NO_CHOICES
    return choices.wishes(NoticeKind.REMINDER) and choices.remind_at_minute is None


def with_day_kept(before: Streak, after: Streak, activity: Activity, rules: Rules) -> Streak:
    """The streak after an activity with the minute of it, where it is what made its day count."""
    if not is_kept(after.settings.notices) or not activity.counted:
        return after
    if before.tail.get(activity.day, NO_RECORD).is_active:
        return after
    there = ZoneLine(after.settings.zones, rules.day_starts).span_at(activity.occurred_at).time_zone
    wall = activity.occurred_at.astimezone(stored_zone(there))
    habit = {**after.habit, activity.day: 60 * wall.hour + wall.minute}
    return replace(after, habit=dict(sorted(habit.items())[-HABIT_DAYS_MAX:]))


def without_day(streak: Streak, day: date) -> Streak:
    """The streak without the minute of a day that has no counted activity any more."""
    if day not in streak.habit or streak.tail.get(day, NO_RECORD).is_active:
        return streak
    return replace(streak, habit={kept: minute for kept, minute in streak.habit.items() if kept != day})

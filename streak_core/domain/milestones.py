"""Lengths of a streak that are worth telling: which were told of the run that is going on.

It must not know events or storage.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from streak_core.domain.model import ToldMilestones

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from streak_core.domain.model import DayJudged, Streak
    from streak_core.domain.replay import View
    from streak_core.domain.rules import Rules


def told_length(streak: Streak, started_on: date | None, days: Mapping[date, DayJudged]) -> int:
    """Up to which length milestones were told of the run that began on `started_on`.

    What was told of this very run counts, also where an undo made it shorter since. What was told of another one that
    is part of it counts as far as the run, as judged now, had come on that day; `days` are those of the tail.
    """
    if started_on is None:
        return 0
    checkpoint = streak.checkpoint
    told = [checkpoint.told_length] if started_on < checkpoint.next_day else []
    for one in streak.told:
        judged = days.get(one.day)
        if one.started_on == started_on:
            told.append(one.length)
        elif judged and one.day >= started_on:
            told.append(min(one.length, judged.current_streak))
    return max(told, default=0)


def reached(streak: Streak, view: View, rules: Rules) -> list[int]:
    """The milestones that the streak stands at or beyond, and that were not told of this run."""
    told = told_length(streak, view.streak_started_on, view.by_day)
    return rules.on(view.today).milestones.reached(told, view.current_streak)


def reached_on(view: View, length: int) -> date | None:
    """The day of the present run on which it came to a length; None where that lies before the tail."""
    started = view.streak_started_on
    run = (judged for judged in view.days if started and judged.day >= started)
    first = next((judged for judged in run if judged.current_streak >= length), None)
    return first.day if first and first.day > view.days[0].day else None


def with_told(streak: Streak, view: View, length: int, day: date | None = None) -> Streak:
    """The streak with every milestone up to a length told on a day, on its last active one where none is said.

    Where it stands at no day nothing is told: what made it longer may be taken for another order of the entries.
    """
    if not length:
        return streak
    day = day or view.last_active_date or view.today
    now = ToldMilestones(day=day, length=length, started_on=view.streak_started_on)
    others = (one for one in streak.told if (one.day, one.started_on) != (day, now.started_on))
    return replace(streak, told=tuple(sorted((*others, now), key=lambda one: one.day)))


def with_told_kept(before: Streak, view_before: View, after: Streak, view: View) -> Streak:
    """The streak whose days were labelled anew, with what was told of it by then."""
    length = told_length(before, view_before.streak_started_on, view_before.by_day)
    return with_told(after, view, length)

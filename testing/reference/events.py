"""What a command tells: breaks that it caused or healed, milestones, bonuses, resets.

It must not know the commands themselves; it compares what was judged before with what is judged after.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from testing.reference.history import History, Life
from testing.reference.judging import judge, life_of, standing, verdict_of
from testing.reference.recording import Outcome

Event = dict[str, Any]
# Of all kinds there are, those that need more than the answers before and after.
KINDS = ("streak_imported", "streak_restored", "streak_broken", "streak_reset", "bonus_earned", "milestone_reached")


def event(kind: str, date: dt.date, **details: int) -> Event:
    return {"type": kind, "date": date.isoformat(), "details": details}


def tell(before: History, after: History, now: dt.datetime, outcome: Outcome) -> list[Event]:
    """The events of the command, noted in `after` as told."""
    today = after.label(now)
    old, new = judge(before, before.label(now)), judge(after, today)
    told = healed(old, new, today) + broken(old, new)
    if len(after.resets) > len(before.resets):
        life = life_of(old, today)
        told.append(event("streak_reset", today, length=life.current_streak if life else 0))
    if any(gift.what == "days" for gift in after.gifts[len(before.gifts) :]):
        told += lengthened(after, today)
    return told + bonuses(before, after, outcome) + milestones(after, new, today)


def tell_of_the_opened(after: History, now: dt.datetime) -> list[Event]:
    """That the user came along, and a break since then; milestones up to here were told elsewhere."""
    today, brought = after.label(now), after.brought
    if brought.last is not None and brought.length:
        first = sorted(brought.active)[-brought.length]
        passed = after.policies.on(today).milestones_up_to(brought.length)
        after.told_milestones += [(milestone, brought.last, first) for milestone in passed]
    broken_since = [one for one in broken([], judge(after, today)) if one["date"] > str(brought.last)]
    return [event("streak_imported", today, length=brought.length), *broken_since]


def healed(old: list[Life], new: list[Life], today: dt.date) -> list[Event]:
    now = life_of(new, today)
    return [
        event("streak_restored", life.date, length=now.current_streak if now else 0)
        for life in old
        if life.broke_a_streak and verdict_of(new, life.date) not in ("missed", "none")
    ]


def broken(old: list[Life], new: list[Life]) -> list[Event]:
    known = {life.date for life in old if life.broke_a_streak}
    return [
        event("streak_broken", life.date, length=life.streak_when_judged)
        for life in new
        if life.broke_a_streak and life.date not in known
    ]


def lengthened(after: History, today: dt.date) -> list[Event]:
    """The milestones that the run passes by this count as told."""
    life = standing(after, today)
    milestones = after.policies.on(today).milestones_up_to(life.current_streak)
    after.told_milestones += [(one, today, life.run_started_on or today) for one in milestones]
    return [event("streak_restored", today, length=life.current_streak)]


def bonuses(before: History, after: History, outcome: Outcome) -> list[Event]:
    """Weeks that the command made consistent; a recording leaves its mark on them."""
    told = []
    activity = outcome.activity
    for monday in sorted(after.consistent_weeks() - before.consistent_weeks()):
        if activity is not None:
            after.week_marks[monday] = max(activity.occurred, after.week_marks.get(monday, activity.occurred))
        if monday not in after.told_weeks:
            after.told_weeks.add(monday)
            told.append(event("bonus_earned", activity.day if activity else monday))
    return told


def milestones(after: History, lives: list[Life], today: dt.date) -> list[Event]:
    life = life_of(lives, today)
    if life is None or life.run_started_on is None:
        return []
    run = [other for other in lives if other.date >= life.run_started_on]
    told = []
    for milestone in after.policies.on(today).milestones_up_to(life.current_streak):
        reached_on = [other.date for other in run if other.current_streak >= milestone]
        if not any(
            m == milestone and (day in reached_on or first == life.run_started_on)
            for m, day, first in after.told_milestones
        ):
            after.told_milestones.append((milestone, reached_on[0], life.run_started_on))
            told.append(event("milestone_reached", reached_on[0], length=milestone))
    return told

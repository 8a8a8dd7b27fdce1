"""Activities: recorded, checked in, undone and redone; where each one's day is, and what it is worth.

It must not know verdicts, keys or answers about the streak.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
from dataclasses import dataclass

from testing.reference.history import Activity, Content, History
from testing.reference.policy import CLOCK_SLACK, ONLY_WITH_XP, refuse
from testing.reference.reading import MALFORMED, base_xp
from testing.reference.statements import said_already, say, too_many_stretches
from testing.reference.zone_line import Statement
from testing.reference.zones import DAY


@dataclass(frozen=True)
class Outcome:
    """What a command did to the history that it was given."""

    changed: bool
    activity: Activity | None = None  # that was recorded or redone, or that stands already
    recorded: bool = False


NOTHING = Outcome(changed=False)
CHANGED = Outcome(changed=True)


def record(history: History, content: Content, now: dt.datetime, key: str | None) -> Outcome:
    sent, zone = content[2:]
    occurred = now if sent is None else sent
    if occurred > now + CLOCK_SLACK:
        refuse("occurred_in_the_future")
    occurred = min(occurred, now)
    most = history.policy(now).most_activities
    day = place(history, zone, occurred, now)
    if content[0] not in history.policies.on(day).category_of:
        refuse(MALFORMED)
    refuse_before_the_window(history, day, now)
    refuse_one_too_many(history, day, most)
    return enter(history, key or f"made up {history.numbers}", content, (occurred, day), by_check_in=False)


def place(history: History, zone: str | None, occurred: dt.datetime, now: dt.datetime) -> dt.date:
    """The activity's day; with a zone, once that is said, unless the zone changed too often."""
    if zone is None:
        return history.label(occurred)
    today, before = history.label(now), (history.line, history.cut_short, history.spared)
    say(history, Statement(occurred, history.numbers, zone), now, of_activity=True)
    if too_many_stretches(history, today):
        history.line, history.cut_short, history.spared = before
    return min(history.line.day_in(zone, occurred), history.label(now))


def refuse_one_too_many(history: History, day: dt.date, most: int) -> None:
    if sum(1 for one in history.live() if one.day == day) >= most:
        refuse("too_many_activities")


def refuse_before_the_window(history: History, day: dt.date, now: dt.datetime) -> None:
    if day < max(history.label(now) - history.policy(now).late_days * DAY, history.tail(now)):
        refuse("occurred_too_long_ago")


def enter(
    history: History, activity_id: str, content: Content, when: tuple[dt.datetime, dt.date], *, by_check_in: bool
) -> Outcome:
    kind, metadata = content[:2]
    occurred, day = when
    base, category = base_xp(kind, metadata), history.policies.on(day).category_of[kind]
    xp = base
    if multiplied(history, occurred, day) and not history.forgone.get((day, kind)):
        multiplier = history.policies.on(day).multiplier
        xp = base * multiplier.numerator // multiplier.denominator
    counted = base > 0 or kind not in ONLY_WITH_XP
    answer = {
        "activity_id": activity_id,
        "activity_type": kind,
        "category": category,
        "day": day.isoformat(),
        "counted": counted,
        "base_xp": base,
        "consistency_bonus": xp - base,
        "xp_awarded": xp,
    }
    activity = Activity(
        activity_id, history.numbers, occurred, day, category, counted, xp, answer, by_check_in=by_check_in
    )
    history.activities[activity_id] = activity
    if xp == base:
        # It stands where others of its day and type stood that were undone.
        forgo(history, activity, -1)
    return Outcome(changed=True, activity=activity, recorded=True)


def forgo(history: History, activity: Activity, sign: int) -> None:
    """More or less base XP of its day and type has no bonus."""
    place = activity.day, activity.answer["activity_type"]
    history.forgone[place] = max(0, history.forgone.get(place, 0) + sign * activity.answer["base_xp"])


def multiplied(history: History, occurred: dt.datetime, day: dt.date) -> bool:
    week = history.week_that_earns(day)
    return history.consistent(week) and occurred >= history.week_marks.get(week, occurred)


def check_in(history: History, content: Content, now: dt.datetime, key: str | None) -> Outcome:
    zone = content[0]
    says_more = zone is not None and not said_already(history.line, Statement(now, history.numbers, zone))
    day = place(history, zone, now, now)
    says_more = says_more and any(said.number == history.numbers for said in history.line.statements)
    standing = standing_check_in(history, day)
    if standing is not None:
        return Outcome(changed=says_more, activity=standing)
    activity_id = key or f"check-in.{day}.{1 + history.check_in_days.count(day)}"
    history.check_in_days.append(day)
    return enter(history, activity_id, ("check_in", {}), (now, day), by_check_in=True)


def standing_check_in(history: History, day: dt.date) -> Activity | None:
    """The day's check-in since its last reset, if there is one that is not undone."""
    reset = max((r.number for r in history.resets if r.day == day), default=-1)
    those = [a for a in history.live() if a.by_check_in and a.day == day and a.number > reset]
    return min(those, key=lambda a: a.number, default=None)


def undo(history: History, content: Content, now: dt.datetime, _key: str | None) -> Outcome:
    activity = known_activity(history, content[0])
    if activity.undone is not None:
        return NOTHING
    refuse_to_change_the_past(history, activity, now)
    has_bonus = activity.xp > activity.answer["base_xp"]
    week = history.week_that_earns(activity.day)
    forgoes = not has_bonus and (history.consistent(week) or week in history.week_marks)
    history.activities[activity.activity_id] = dataclasses.replace(activity, undone=history.numbers, forgoes=forgoes)
    if forgoes:
        forgo(history, activity, 1)
    return CHANGED


def redo(history: History, content: Content, now: dt.datetime, _key: str | None) -> Outcome:
    activity = known_activity(history, content[0])
    if activity.undone is None:
        return NOTHING
    refuse_to_change_the_past(history, activity, now)
    refuse_one_too_many(history, activity.day, history.policy(now).most_activities)
    if activity.forgoes:
        forgo(history, activity, -1)
    activity = dataclasses.replace(activity, undone=None, forgoes=False)
    history.activities[activity.activity_id] = activity
    return Outcome(changed=True, activity=activity)


def known_activity(history: History, activity_id: str) -> Activity:
    activity = history.activities.get(activity_id)
    if activity is None:
        refuse("activity_not_found")
    return activity


def refuse_to_change_the_past(history: History, activity: Activity, now: dt.datetime) -> None:
    if activity.day < max(history.label(now) - history.policy(now).undo_days * DAY, history.tail(now)):
        refuse("undo_too_late")

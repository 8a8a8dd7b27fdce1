"""What saying a zone does: the first one, one that is taken back, one that says nothing of its own.

It must not know who asks.
"""

from __future__ import annotations

import dataclasses
import datetime as dt

from testing.reference.history import Choice, History, Life
from testing.reference.judging import judge
from testing.reference.policy import MOST_STRETCHES, NOTHING_OF_ITS_OWN, TAKEN_BACK_WITHIN
from testing.reference.zone_line import ALWAYS, Line, Mark, Statement
from testing.reference.zones import DAY, monday_of


def say(history: History, statement: Statement, now: dt.datetime, *, of_activity: bool) -> None:
    """Puts the statement into the line. One of a setting that is in force already is not kept."""
    line, was = history.line, history.label(now)
    if not line.known:
        tail, before = history.tail(now), judge(history, was)
        history.line = Line(line.hours, [statement], line.marks)
        label_anew(history, statement.zone, tail)
        hold_today(history, now)
        spare(history, before, now)
        return
    left = without_the_stay_taken_back(history, statement)
    known = Line(line.hours, left, line.marks)
    if of_activity or not said_already(known, statement):
        known = Line(line.hours, [*left, statement], line.marks)
    history.line = Line(line.hours, without_middle_ones(known.statements), line.marks)
    hold_today(history, now)
    note_jump(history, was, history.label(now), was_away=len(left) == len(line.statements))


def note_jump(history: History, was: dt.date, today: dt.date, *, was_away: bool) -> None:
    """Today moves on by what is said of an earlier time: the days that are lost by it."""
    history.cut_short = {day for day in history.cut_short if day < today}
    history.spared = {day for day in history.spared if day < today}
    if was < today and was_away and was not in history.line.old_todays():
        history.cut_short.add(was)
        history.spared |= {was + ahead * DAY for ahead in range(1, (today - was).days)}


def spare(history: History, before: list[Life], now: dt.datetime) -> None:
    """The first zone costs nobody a streak: days that were no miss, and would be frozen or missed now, are travel."""
    fine = {life.date for life in before if life.verdict not in ("missed", "frozen")}
    bridged = {life.date for life in before if life.verdict == "frozen"}
    for costs, those in ((("missed", "frozen"), fine), (("missed",), fine | bridged)):
        opened = set(those)
        while opened:
            lives = judge(history, history.label(now))
            opened = {life.date for life in lives if life.verdict in costs} & those
            history.spared |= opened


def said_already(line: Line, statement: Statement) -> bool:
    """Whether the zone is in force then, and was said in that stretch for an instant at most six hours away."""
    if not line.known or line.zone_at(statement.at) != statement.zone:
        return False
    stretch = next(one for one in reversed(line.stretches) if one.since <= statement.at)
    return any(
        stretch.since <= one.at < stretch.end and abs(one.at - statement.at) <= NOTHING_OF_ITS_OWN
        for one in line.statements
        if one.zone == statement.zone and one.at != ALWAYS
    )


def too_many_stretches(history: History, today: dt.date) -> bool:
    """Counts the stretches that share an instant with a tail that ended today, as it was before the statement."""
    tail_begins = history.line.begins(monday_of(today - history.policies.tail_days(today) * DAY))
    return sum(1 for stretch in history.line.stretches if stretch.end > tail_begins) > MOST_STRETCHES


def hold_today(history: History, now: dt.datetime) -> None:
    """Today is never before the day of a recorded activity, of a reset or of a gift."""
    held = [a.day for a in history.live()] + [r.day for r in history.resets] + list(history.brought.active)
    latest = max(held + [g.day for g in history.gifts], default=None)
    if latest is not None and history.label(now) < latest:
        history.line = history.line.marked(Mark(now, latest))


def without_the_stay_taken_back(history: History, returning: Statement) -> list[Statement]:
    """The statements, without the last stretch where the new one takes it back."""
    statements = list(history.line.statements)
    if len(history.line.stretches) < 2:
        return statements
    before, last = history.line.stretches[-2:]
    if before.zone != returning.zone or not last.since <= returning.at <= last.since + TAKEN_BACK_WITHIN:
        return statements
    if something_was_since(history, last.since):
        return statements
    return [s for s in statements if s.at < last.since]


def something_was_since(history: History, left: dt.datetime) -> bool:
    """Whether the user did anything there: an activity by when it occurred, the one that says so too; or a command."""
    began = next(s.number for s in history.line.statements if s.at == left)
    since = [command for command in history.accepted if command.number > began]
    return (
        any(command.occurred is None or command.occurred >= left for command in since)
        or any(a.number == began for a in history.activities.values())
        or any(left < a.occurred for a in history.live())
    )


def without_middle_ones(statements: tuple[Statement, ...]) -> list[Statement]:
    """Of three of one zone in a row, within six hours, the middle one goes; the earliest such three first."""
    left = list(statements)
    at = 0
    while at + 2 < len(left):
        one, two, three = left[at : at + 3]
        if one.zone == two.zone == three.zone and three.at - one.at <= NOTHING_OF_ITS_OWN:
            del left[at + 1]
        else:
            at += 1
    return left


def label_anew(history: History, zone: str, tail: dt.date) -> None:
    """The first zone holds from the beginning: what the tail holds gets the day that it has there."""

    def there(t: dt.datetime) -> dt.date:
        return history.line.day_in(zone, t)

    # A reset stays before what came after it on its day.
    after_it = {
        r.number: [a.occurred for a in history.live() if a.day == r.day and a.number > r.number] for r in history.resets
    }
    for name, activity in history.activities.items():
        day = there(activity.occurred)
        if activity.day >= tail:
            history.activities[name] = dataclasses.replace(activity, day=max(tail, day))
        elif day >= tail and activity.counted and activity.undone is None:
            history.carried.append((day, activity.number))
    history.resets = [
        dataclasses.replace(r, day=max(tail, there(min([r.given, *after_it[r.number]])))) if r.day >= tail else r
        for r in history.resets
    ]
    history.gifts = [
        dataclasses.replace(g, day=max(tail, there(g.given))) if g.day >= tail else g for g in history.gifts
    ]
    history.repairs = [
        dataclasses.replace(r, day=max(tail, r.day + (there(r.given) - r.today))) if r.day >= tail else r
        for r in history.repairs
    ]

    def moved(choice: Choice) -> Choice:
        if choice.since < tail:
            return choice
        return dataclasses.replace(choice, since=max(tail, there(choice.given) + choice.lead * DAY))

    history.rest_choices = [moved(choice) for choice in history.rest_choices]
    history.auto_choices = [moved(choice) for choice in history.auto_choices]

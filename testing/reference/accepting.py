"""Every command: how it is read, what it does, and what its acceptance moves: the tail, today's floor, the events.

It must not know keys or answers.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass

from testing.reference import boards, challenges, commands, giving, opening, reading, recording
from testing.reference.achievements import earn
from testing.reference.events import Event, tell, tell_of_the_opened
from testing.reference.history import Accepted, Content, History
from testing.reference.judging import before_open_gap, judge
from testing.reference.recording import Outcome
from testing.reference.statements import hold_today

Apply = Callable[[History, Content, dt.datetime, str | None], Outcome]

COMMANDS: dict[str, tuple[Callable[[reading.Step], Content], Apply]] = {
    "record": (reading.record, recording.record),
    "check_in": (reading.check_in, recording.check_in),
    "undo": (reading.of_an_activity, recording.undo),
    "redo": (reading.of_an_activity, recording.redo),
    "reset": (reading.nothing, commands.reset),
    "take_reset_back": (reading.nothing, commands.take_reset_back),
    "plan_freeze": (reading.freeze_date, commands.plan_freeze),
    "unplan_freeze": (reading.freeze_date, commands.unplan_freeze),
    "repair": (reading.nothing, commands.repair),
    "pause": (reading.pause_dates, commands.add_pause),
    "add_pause": (reading.pause_dates, commands.add_pause),
    "end_pause": (reading.pause_named, commands.end_pause),
    "resume": (reading.nothing, commands.resume),
    "set_time_zone": (reading.time_zone, commands.set_time_zone),
    "set_rest_weekdays": (reading.rest_weekdays, commands.set_rest_weekdays),
    "set_auto_freeze": (reading.auto_freeze, commands.set_auto_freeze),
    "choose_notices": (reading.notices, commands.choose_notices),
    "join_challenge": (reading.challenge, challenges.join),
    "leave_challenge": (reading.challenge, challenges.leave),
    "join_leaderboard": (reading.seat, boards.join),
    "leave_leaderboard": (reading.nothing, boards.leave),
    "hide_from_leaderboard": (reading.reasoned, boards.hide),
    "show_on_leaderboard": (reading.reasoned, boards.show),
    "grant_freezes": (reading.freezes_given, giving.grant_freezes),
    "excuse_days": (reading.days_excused, giving.excuse_days),
    "restore": (reading.restored, giving.restore),
    "grant_xp": (reading.xp_given, giving.grant_xp),
    "block": (reading.blocked_until, giving.block),
    "unblock": (reading.reasoned, giving.unblock),
    "open": (opening.opened, opening.open_user),
}


@dataclass(frozen=True)
class Done:
    """The history after a command, and what the command did and told."""

    history: History
    outcome: Outcome
    events: list[Event]


def accept(history: History, name: str, content: Content, now: dt.datetime, key: str | None = None) -> Done:
    """Tries the command on a copy. Where it changes nothing, the history is the one that was given."""
    after = history.copy()
    after.numbers += 1
    outcome = COMMANDS[name][1](after, content, now, key)
    if not outcome.changed:
        return Done(history, outcome, [])
    hold_today(after, now)
    occurred = outcome.activity.occurred if outcome.activity and outcome.recorded else None
    after.accepted.append(Accepted(after.numbers, occurred))
    after.last_accepted = now
    events = tell_of_the_opened(after, now) if name == "open" else tell(history, after, now, outcome)
    if name in (*giving.NAMES, *boards.NAMES):
        events = [{**one, "details": {**one["details"], "by": "support"}} for one in events]
    lengthens = any(gift.what == "days" for gift in after.gifts[len(history.gifts) :])
    after.completed += challenges.done_since(history, after)
    earn(history, after, now, tells=name != "open" and not lengthens)
    move_tail(after, now)
    return Done(after, outcome, events)


def noted(history: History, now: dt.datetime) -> History:
    """After a command that changed nothing but has a key to keep: it is accepted, and no other command in between."""
    after = history.copy()
    after.numbers += 1
    after.last_accepted = now
    earn(history, after, now, tells=True)
    move_tail(after, now)
    return after


def move_tail(history: History, now: dt.datetime) -> None:
    """What the tail leaves behind is decided for good."""
    if not history.live() and not history.brought.active:
        history.decided_before, history.decided, history.decidings = None, [], []
        return
    today = history.label(now)
    tail = before_open_gap(history, history.tail_of(today))
    if history.decided_before is None or history.decided_before < tail:
        history.decidings.append((history.copy(), today, tail))
        history.decided = [life for life in judge(history, today) if life.date < tail]
        history.decided_before = tail

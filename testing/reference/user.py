"""One user, given the steps of a scenario: questions, commands, and the keys that make a command count once.

It must not know the rules; each has its own module.
"""

from __future__ import annotations

import datetime as dt
from fractions import Fraction
from typing import Any

from testing.reference import answers
from testing.reference.accepting import COMMANDS, Done, accept
from testing.reference.events import Event
from testing.reference.foretelling import offers, timeline
from testing.reference.history import Answer, Content, History, Noted
from testing.reference.policy import Policy, refuse
from testing.reference.reading import Step, instant
from testing.reference.zone_line import ALWAYS, Line, Statement

RECORDINGS = ("record", "check_in")
# In the answers to these stands the streak as it is afterwards.
WITH_STREAK = ("check_in", "repair")


class ReferenceUser:
    """A time zone that is given is known from the beginning. Each number of `Policy` may be given, too."""

    def __init__(self, time_zone: str | None = None, **policy: Any) -> None:
        numbers = Policy(**{**policy, "multiplier": Fraction(policy.get("multiplier", Policy.multiplier))})
        said = [] if time_zone is None else [Statement(ALWAYS, 0, time_zone)]
        self.history = History(numbers, Line(numbers.day_start_hour, said))
        self.events: list[Event] = []  # told by the last step

    def step(self, step: Step) -> Any:
        """Answers, or raises `Refused`."""
        self.events = []
        clock = instant(step["at"])
        last = self.history.last_accepted
        now = clock if last is None else max(clock, last)
        if step["do"] in COMMANDS:
            return self.command(step, now)
        return self.question(step, now)

    def question(self, step: Step, now: dt.datetime) -> Any:
        match step["do"]:
            case "maintenance":
                return None
            case "get_streak":
                return answers.streak(self.history, now)
            case "get_calendar":
                return answers.calendar(self.history, now, step["days"])
            case "get_consistency":
                return answers.consistency(self.history, now)
            case "get_offers":
                return offers(self.history, now)
            case "get_timeline":
                return timeline(self.history, now)
            case "get_pauses":
                return answers.pauses(self.history, now)
        raise ValueError(step["do"])

    def command(self, step: Step, now: dt.datetime) -> Answer:
        name = step["do"]
        content = COMMANDS[name][0](step)
        key = step.get("activity_id") if name == "record" else None
        key = key or step.get("key")
        if key in self.history.keys:
            return self.replay(self.history.keys[key], name, content, now)
        done = accept(self.history, name, content, now, key)
        self.history, self.events = done.history, done.events
        answer = self.answer(name, done, now)
        activity_id = done.outcome.activity.activity_id if done.outcome.activity and name in RECORDINGS else None
        self.note(key or activity_id, Noted(name, content, answer, activity_id))
        return answer

    def answer(self, name: str, done: Done, now: dt.datetime) -> Answer:
        activity = dict(done.outcome.activity.answer) if done.outcome.activity else {}
        if name == "record":
            return activity
        answer: Answer = {"events": done.events}
        if name == "check_in":
            answer["activity"] = activity
        if name in WITH_STREAK:
            answer["streak"] = answers.streak_now(self.history, now)
        return answer

    def note(self, key: str | None, noted: Noted) -> None:
        if key is not None and key not in self.history.keys:
            self.history.keys[key] = noted

    def replay(self, noted: Noted, name: str, content: Content, now: dt.datetime) -> Answer:
        if (noted.command, noted.content) != (name, content):
            refuse("idempotency_key_reused")
        if noted.activity_id is None:
            return noted.answer
        if self.history.activities[noted.activity_id].undone is not None:
            refuse("activity_undone")
        if name == "check_in":
            return {**noted.answer, "streak": answers.streak_now(self.history, now)}
        return dict(noted.answer)

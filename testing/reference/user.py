"""One user, given the steps of a scenario: questions, commands, and the keys that make a command count once.

It must not know the rules; each has its own module.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from enum import StrEnum
from fractions import Fraction
from typing import Any

from testing.reference import achievements, answers, boards, challenges, giving
from testing.reference.accepting import COMMANDS, Done, accept, noted
from testing.reference.events import Event
from testing.reference.foretelling import offers, timeline
from testing.reference.history import Answer, Content, History, Noted
from testing.reference.in_time import Policies, Published
from testing.reference.judging import excuse
from testing.reference.policy import Policy, refuse
from testing.reference.reading import Step, instant
from testing.reference.zone_line import ALWAYS, Line, Statement

RECORDINGS = ("record", "check_in")
# Two ways to ask for one and the same.
SAME_AS = {"add_pause": "pause"}

LISTED: dict[str, Callable[[History, dt.datetime], Any]] = {
    "get_achievements": achievements.listed,
    "get_challenges": challenges.listed,
    "get_seat": boards.told,
}

# No client's key.
OPENED = "*opened*"


class Effect(StrEnum):
    """What became of a command that was not refused."""

    CHANGED = "changed"
    NOTED = "noted"  # it changed nothing but that its key is kept
    NOTHING = "nothing"
    REPEATED = "repeated"  # its key, or the id of its activity, was known


def one_name(command: str) -> str:
    return SAME_AS.get(command, command)


def as_known_at(now: dt.datetime, history: History, published: Iterable[Published]) -> History:
    policies = history.policies.heard_of(now, published)
    if policies == history.policies:
        return history
    return dataclasses.replace(history, policies=policies, line=history.line.at_other_hours(policies.hours))


class ReferenceUser:
    """A time zone that is given is known from the beginning. Each number of `Policy` may be given, too."""

    def __init__(self, time_zone: str | None = None, **policy: Any) -> None:
        first = Policy(**{**policy, "multiplier": Fraction(policy.get("multiplier", Policy.multiplier))})
        policies = Policies(first)
        self.published: tuple[Published, ...] = ()
        said = [] if time_zone is None else [Statement(ALWAYS, 0, time_zone)]
        self.history = History(policies, Line(policies.hours, said))
        # Of the last command: what it told, what became of it, the name by which it is known if it has one, its moment.
        self.events: list[Event] = []
        self.effect = Effect.NOTHING
        self.name = ""
        self.now = ALWAYS

    def excuse(self, excused: Iterable[tuple[dt.datetime, dt.datetime]]) -> None:
        """From now on it is known that everybody is excused from these stretches, and no others."""
        self.history = excuse(self.history, tuple(excused))

    def publish(
        self, since: dt.date, at: dt.datetime, numbers: Mapping[str, Any], withdrawn: dt.datetime | None = None
    ) -> None:
        """One policy more; its numbers, by their places in the file, differ from the first one's."""
        policy = self.history.policies.first.with_numbers(numbers)
        self.published = (*self.published, Published(since, policy, at, withdrawn))

    def step(self, step: Step) -> Any:
        """Answers, or raises `Refused`."""
        self.events = []
        clock = instant(step["at"])
        last = self.history.last_accepted
        now = clock if last is None else max(clock, last)
        self.history = as_known_at(now, self.history, self.published)
        if step["do"] in COMMANDS:
            self.now = now
            return self.command(step, now)
        return self.question(step, now)

    def question(self, step: Step, now: dt.datetime) -> Any:
        history = self.history.as_it_stands()
        match step["do"]:
            case "maintenance":
                return None
            case "get_streak":
                return answers.streak(history, now)
            case "get_calendar":
                return answers.calendar(history, now, step["days"])
            case "get_consistency":
                return answers.consistency(history, now)
            case "get_offers":
                return offers(history, now)
            case "get_timeline":
                return timeline(history, now)
            case "get_achievements" | "get_challenges" | "get_seat" as asked:
                return LISTED[asked](history, now)
            case "get_pauses":
                return answers.pauses(history, now)
            case "get_explain":
                return answers.explain(history, now, step["days"])
        raise ValueError(step["do"])

    def command(self, step: Step, now: dt.datetime) -> Answer:
        name = step["do"]
        content = COMMANDS[name][0](step)
        key = step.get("activity_id") if name == "record" else None
        # A user is brought along once, whatever the key.
        self.name = OPENED if name == "open" else key or step.get("key") or ""
        if self.name in self.history.keys:
            self.effect = Effect.REPEATED
            return self.replay(self.history.keys[self.name], name, content, now)
        if name not in (*giving.NAMES, *boards.NAMES, "open") and self.history.is_blocked(now):
            refuse("blocked")
        done = accept(self.history, name, content, now, self.name or None)
        activity_id = done.outcome.activity.activity_id if done.outcome.activity and name in RECORDINGS else None
        self.history, self.events, self.effect = done.history, done.events, Effect.CHANGED
        if not done.outcome.changed:
            self.effect = Effect.NOTED if self.name else Effect.NOTHING
            self.history = noted(self.history, now) if self.name else self.history
        self.name = self.name or activity_id or ""
        answer = self.answer(name, done, now)
        self.note(Noted(one_name(name), content, answer, activity_id))
        return answer

    def answer(self, name: str, done: Done, now: dt.datetime) -> Answer:
        activity = dict(done.outcome.activity.answer) if done.outcome.activity else {}
        if name == "record":
            return activity
        answer: Answer = {"events": done.events, "streak": answers.streak_now(self.history, now)}
        if name in giving.BLOCKING:
            answer["block"] = answers.block(self.history, now)
        if name in boards.ANSWERED:
            answer["leaderboard"] = boards.told(self.history, now)
        return {"activity": activity, **answer} if name == "check_in" else answer

    def note(self, answered: Noted) -> None:
        if self.name and self.name not in self.history.keys:
            self.history.keys[self.name] = answered

    def replay(self, noted: Noted, name: str, content: Content, now: dt.datetime) -> Answer:
        if (noted.command, noted.content) != (one_name(name), content):
            refuse("user_exists" if name == "open" else "idempotency_key_reused")
        if noted.activity_id is None:
            return noted.answer
        if self.history.activities[noted.activity_id].undone is not None:
            refuse("activity_undone")
        if name == "check_in":
            return {**noted.answer, "streak": answers.streak_now(self.history, now)}
        return dict(noted.answer)

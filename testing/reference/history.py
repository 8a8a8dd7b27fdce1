"""Everything that ever happened to a user, and what can be read off it without judging a day.

It must not know verdicts or refusals.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from testing.reference.in_time import BEGINNING, Policies
from testing.reference.policy import Policy
from testing.reference.zone_line import Line
from testing.reference.zones import DAY, monday_of

Content = tuple[Any, ...]
Answer = dict[str, Any]


@dataclass(frozen=True)
class Activity:
    """One entry of the ledger; numbers give the order of recording, resets among them."""

    activity_id: str
    number: int
    occurred: dt.datetime
    day: dt.date
    category: str | None
    counted: bool
    xp: int
    answer: Answer
    by_check_in: bool = False
    undone: int | None = None  # the number of the command that undid it
    forgoes: bool = False  # undone without a bonus while there was one


@dataclass(frozen=True)
class Reset:
    """A reset: its place in its day is its number."""

    number: int
    given: dt.datetime
    day: dt.date
    parts_what_was_brought: bool = False  # nobody gave it


@dataclass(frozen=True)
class Brought:
    """What the user brought along: what was held after the last active day, and the days before."""

    held: int
    xp: int
    longest: int
    length: int
    last: dt.date | None
    active: frozenset[dt.date]
    gone_over: frozenset[dt.date]  # days of the run without activity


@dataclass(frozen=True)
class Choice:
    """A setting that holds from `lead` days after the day on which it was given."""

    given: dt.datetime
    lead: int
    since: dt.date
    value: Any


@dataclass(frozen=True)
class Repair:
    """A repaired day, and what was today when it was repaired."""

    day: dt.date
    given: dt.datetime
    today: dt.date


@dataclass(frozen=True)
class Pause:
    """Days from the first to the last, both paused; its id has the number of the command that planned it."""

    first: dt.date
    last: dt.date
    pause_id: str

    def covers(self, day: dt.date) -> bool:
        return self.first <= day <= self.last


@dataclass(frozen=True)
class Gift:
    """What an operator gave on a day: freezes, freezes_over_cap, xp or days of the run; its number is its place."""

    number: int
    given: dt.datetime
    day: dt.date
    what: str
    amount: int
    started_on: dt.date | None


@dataclass(frozen=True)
class Joined:
    """A challenge as the policy had it when it was joined, and the number of the command that did."""

    number: int
    name: str
    rule: Mapping[str, Any]

    @property
    def first(self) -> dt.date:
        return dt.date.fromisoformat(self.rule["from"])

    @property
    def last(self) -> dt.date:
        return dt.date.fromisoformat(self.rule["until"])


@dataclass(frozen=True)
class Seat:
    """A seat at the leaderboards; of the days before `since` the streak is known as it stood after them."""

    name: str
    group: str | None
    since: dt.date | None
    last_active: dt.date | None
    streak: int


@dataclass(frozen=True)
class Block:
    """The user may write nothing until then; None is for good."""

    until: dt.datetime | None


@dataclass(frozen=True)
class Noted:
    """What a key was used for, and what was answered."""

    command: str
    content: Content
    answer: Answer
    activity_id: str | None = None


@dataclass(frozen=True)
class Accepted:
    """A command that changed something; `occurred` is said of recordings alone."""

    number: int
    occurred: dt.datetime | None


class Life(NamedTuple):
    """Where the user stands after a day. What was so when the day was judged comes last."""

    held: int
    date: dt.date = dt.date.min
    verdict: str = "none"
    current_streak: int = 0
    longest_streak: int = 0
    run_started_on: dt.date | None = None
    last_grace: dt.date | None = None
    gap_first: dt.date | None = None
    xp_total: int = 0
    streak_when_judged: int = 0
    held_when_judged: int = 0

    @property
    def broke_a_streak(self) -> bool:
        return self.verdict == "missed" and self.streak_when_judged > 0


NOTHING_BROUGHT = Brought(0, 0, 0, 0, None, frozenset(), frozenset())


@dataclass
class History:
    """The facts. A command is tried on a copy, and the copy kept where the command is accepted."""

    policies: Policies
    line: Line
    numbers: int = 0
    last_accepted: dt.datetime | None = None
    decided_before: dt.date | None = None  # the first day of the tail; none without a live activity
    decided: list[Life] = field(default_factory=list)
    # What everybody is excused from, as far as is known; and how all was whenever days were decided, until when.
    amnesties: tuple[tuple[dt.datetime, dt.datetime], ...] = ()
    decidings: list[tuple[History, dt.date, dt.date]] = field(default_factory=list)
    accepted: list[Accepted] = field(default_factory=list)
    activities: dict[str, Activity] = field(default_factory=dict)
    carried: list[tuple[dt.date, int]] = field(default_factory=list)
    check_in_days: list[dt.date] = field(default_factory=list)  # as each was labelled when it was recorded
    resets: list[Reset] = field(default_factory=list)
    pauses: list[Pause] = field(default_factory=list)
    cut_short: set[dt.date] = field(default_factory=set)  # old todays of what was said of an earlier time
    spared: set[dt.date] = field(default_factory=set)  # days that are travel, whatever the line says
    pauses_gone: list[str] = field(default_factory=list)  # of those that were taken away before they began
    planned: set[dt.date] = field(default_factory=set)
    repairs: list[Repair] = field(default_factory=list)
    gifts: list[Gift] = field(default_factory=list)
    excused: set[dt.date] = field(default_factory=set)
    block: Block | None = None
    rest_choices: list[Choice] = field(default_factory=list)
    auto_choices: list[Choice] = field(default_factory=list)
    # What the user chose to be told of: it changes no answer about the streak.
    notices: dict[str, Any] = field(default_factory=dict)
    week_marks: dict[dt.date, dt.datetime] = field(default_factory=dict)
    # Base XP of a day and type that was undone without a bonus once there was one, as far as nothing took its place.
    forgone: dict[tuple[dt.date, str], int] = field(default_factory=dict)
    told_weeks: set[dt.date] = field(default_factory=set)
    # Each with the day on which it was told, and the first day of the run.
    told_milestones: list[tuple[int, dt.date, dt.date]] = field(default_factory=list)
    # Achievements: each with the moment since when it is earned, for good; and those that were told.
    earned: dict[str, dt.datetime] = field(default_factory=dict)
    unlocked: list[str] = field(default_factory=list)
    joined: list[Joined] = field(default_factory=list)
    completed: list[tuple[str, str]] = field(default_factory=list)  # the challenges whose completion was told
    seat: Seat | None = None
    is_hidden: bool = False
    keys: dict[str, Noted] = field(default_factory=dict)
    brought: Brought = NOTHING_BROUGHT

    # What was judged already, by today: kept while nothing can change, for questions alone.
    judged: dict[dt.date, list[Life]] | None = field(default=None, init=False)

    def as_it_stands(self) -> History:
        """The same for questions: nothing will happen to it."""
        history = dataclasses.replace(self)
        history.judged = {}
        return history

    def copy(self) -> History:
        containers: dict[str, Any] = {
            f.name: value.copy()
            for f in dataclasses.fields(self)
            if f.init and isinstance(value := getattr(self, f.name), list | dict | set)
        }
        return dataclasses.replace(self, **containers)

    def label(self, t: dt.datetime) -> dt.date:
        return self.line.label(t)

    def policy(self, now: dt.datetime) -> Policy:
        """The one by which a command of now is admitted."""
        return self.policies.on(self.label(now))

    def is_blocked(self, now: dt.datetime) -> bool:
        return self.block is not None and (self.block.until is None or now < self.block.until)

    def given_on(self, day: dt.date, what: str) -> int:
        return sum(gift.amount for gift in self.gifts if gift.day == day and gift.what == what)

    def tail(self, now: dt.datetime) -> dt.date:
        """The first day that is not decided for good."""
        return self.decided_before or self.tail_of(self.label(now))

    def tail_of(self, today: dt.date) -> dt.date:
        """The first day that can change, where nothing was decided yet."""
        return monday_of(today - self.policies.tail_days(today) * DAY)

    def live(self) -> list[Activity]:
        return [a for a in self.activities.values() if a.undone is None]

    def counted_numbers(self) -> dict[dt.date, list[int]]:
        """For each day with a counted activity, the places of those in the order of recording."""
        found: dict[dt.date, list[int]] = {day: [0] for day in self.brought.active}
        for day, number in [(a.day, a.number) for a in self.live() if a.counted] + self.carried:
            found.setdefault(day, []).append(number)
        return found

    def counted_on(self, day: dt.date) -> int:
        return sum(1 for a in self.live() if a.counted and a.day == day)

    def held_at_first(self) -> int:
        """How many freezes the user had before any day was judged."""
        return self.policies.on(BEGINNING).held_at_start if self.brought is NOTHING_BROUGHT else self.brought.held

    def rest_weekdays_on(self, day: dt.date) -> frozenset[str]:
        held: frozenset[str] = frozenset()
        for choice in self.rest_choices:
            if choice.since <= day:
                held = choice.value
        return held

    def auto_freeze_on(self, day: dt.date) -> bool:
        held = True
        for choice in self.auto_choices:
            if choice.since <= day:
                held = choice.value
        return held

    def categories_in_week(self, monday: dt.date) -> set[str]:
        return {a.category for a in self.live() if a.counted and a.category and monday_of(a.day) == monday}

    def consistent(self, monday: dt.date) -> bool:
        """All that the policy of the Monday asks for."""
        return self.categories_in_week(monday).issuperset(self.policies.on(monday).categories)

    def consistent_weeks(self) -> set[dt.date]:
        return {monday for monday in {monday_of(a.day) for a in self.live()} if self.consistent(monday)}

    def week_that_earns(self, day: dt.date) -> dt.date:
        """The week whose consistency multiplies the XP of the day."""
        return monday_of(day) if self.policies.on(day).bonus_window == "same_week" else monday_of(day) - 7 * DAY

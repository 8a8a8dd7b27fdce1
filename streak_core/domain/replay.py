"""The heart: the streak as of a moment, from the checkpoint through the days of the tail, and how it will stand.

Reads, commands, maintenance, explain, timeline and offers all call it. `walk` judges the days.
It must not know where the state comes from or what is done with the answer.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import TYPE_CHECKING, Final, NamedTuple

from streak_core.domain.boards import sealed_standings
from streak_core.domain.challenges import rewarded_until
from streak_core.domain.consistency import (
    bonus_is_active,
    consistent_since,
    consistent_weeks,
    week_is_consistent,
)
from streak_core.domain.days import ONE_DAY, ONE_WEEK, days_from, rfc3339, utc, week_start
from streak_core.domain.excuses import NEUTRAL
from streak_core.domain.milestones import told_length
from streak_core.domain.model import Checkpoint, Status, Verdict
from streak_core.domain.walk import Walk

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from streak_core.domain.days import ZoneLine
    from streak_core.domain.model import DayJudged, DayRecord, Streak
    from streak_core.domain.policy import Policy
    from streak_core.domain.rules import Rules

# How far `expires_at` and offers look ahead through excused days before they settle for the last one.
HORIZON_DAYS_MAX: Final = 1_000


class Foretold(NamedTuple):
    """How the streak stands from an instant (UTC) on, until the next one, if nothing more happens."""

    from_instant: datetime
    today: date
    status: Status
    current_streak: int
    freezes_available: int

    def row(self) -> dict[str, str | int]:
        """As JSON has it."""
        return {
            "from": rfc3339(self.from_instant),
            "today": self.today.isoformat(),
            "status": self.status.value,
            "current_streak": self.current_streak,
            "freezes_available": self.freezes_available,
        }


@dataclass(frozen=True, kw_only=True)
class Timeline:
    """How the streak will stand if nothing more happens: the first entry is now, and it holds up to `until` (UTC)."""

    entries: tuple[Foretold, ...]
    until: datetime

    @cached_property
    def rows(self) -> list[dict[str, str | int]]:
        """The entries as JSON has them, in an answer and in the user's document."""
        return [foretold.row() for foretold in self.entries]


@dataclass(frozen=True, kw_only=True)
class View:
    """The streak as of `now`: what every answer is made of."""

    # The moment that counts as now (UTC), the user's label of it, and the user's own line of labels.
    now: datetime
    today: date
    zone_line: ZoneLine
    # Each day of the tail up to today, in order.
    days: tuple[DayJudged, ...]
    # How the streak stands today.
    status: Status
    current_streak: int
    longest_streak: int
    streak_started_on: date | None
    last_active_date: date | None
    last_repaired: date | None
    active_days: int
    freezes_available: int
    xp_total: int
    bonus_active: bool
    # Stands after yesterday.
    walk: Walk
    # Stands after today.
    walk_through_today: Walk
    # As everybody knows them now, and of them the one in force today.
    rules: Rules
    policy: Policy

    @property
    def yesterday(self) -> date:
        """The label before today."""
        return self.today - ONE_DAY

    @cached_property
    def by_day(self) -> dict[date, DayJudged]:
        """The days of the tail by their label."""
        return {judged.day: judged for judged in self.days}

    def on(self, day: date) -> DayJudged | None:
        """The verdict of a day of the tail; None for a day outside it."""
        return self.by_day.get(day)

    @cached_property
    def expires_at(self) -> datetime | None:
        """The end of the first day that would be judged frozen or missed if nothing more happened (UTC)."""
        if self.current_streak == 0:
            return None
        first = self.today + ONE_DAY if self.days[-1].verdict is Verdict.ACTIVE else self.today
        return self.zone_line.ends_at(first_asking(self.walk_through_today, first))

    @cached_property
    def last_asked(self) -> DayJudged | None:
        """The last day of the tail before today that asked for an activity."""
        return next((judged for judged in reversed(self.days[:-1]) if self.walk.asked(judged)), None)

    def asks_next(self) -> date:
        """Today, where it asks for an activity, whether or not it has one, or the first day after it that asks."""
        return self.today if self.walk.asked(self.days[-1]) else first_asking(self.walk, self.today + ONE_DAY)

    @cached_property
    def timeline(self) -> Timeline:
        """How the streak will stand in the next days."""
        walk, line = self.walk.ahead(), self.zone_line
        told = [Foretold(self.now, self.today, self.status, self.current_streak, self.freezes_available)]
        day, begins = self.today, line.ends_at(self.today)
        for _ in range(self.policy.timeline_days - 1):
            # A streak that has ended stays so.
            if walk.current_streak or day == self.today:
                walk.pass_by(day)
            day += ONE_DAY
            ends = line.ends_at(day)
            if begins < ends:
                told.append(Foretold(begins, day, _foretold(walk, day), walk.current_streak, walk.freezes))
            begins = ends
        return Timeline(entries=tuple(told), until=begins)


def _foretold(walk: Walk, day: date) -> Status:
    """How the streak stands on the next day: nothing is recorded of it, so that it asks or is excused from asking."""
    if not walk.current_streak:
        return Status.NONE
    return Status.PENDING if walk.excuse(day) is None else Status.PROTECTED


def _status(current_streak: int, verdict: Verdict) -> Status:
    if current_streak == 0:
        return Status.NONE
    if verdict is Verdict.ACTIVE:
        return Status.EXTENDED
    return Status.PROTECTED if verdict in NEUTRAL else Status.PENDING


def replay(streak: Streak, rules: Rules, now: datetime) -> View:
    """The streak as of `now`, or as of the user's last command where the clock is behind it."""
    now = max(utc(now), streak.updated_at)
    rules = rules.known_at(now)
    walk = Walk(streak, rules)
    today = walk.zone_line.label(now)
    return _seen_today(streak, rules, walk, walk.through(today - ONE_DAY, None), (now, today))


def replay_on(before: View, streak_before: Streak, streak: Streak) -> View:
    """The streak after a command, as of the same moment; it goes on from the view before where only today differs."""
    today = before.today
    is_of_today = (
        streak.settings is streak_before.settings
        and streak.checkpoint is streak_before.checkpoint
        and _without(streak.tail, today) == _without(streak_before.tail, today)
    )
    if not is_of_today:
        return replay(streak, before.rules, before.now)
    yesterday = before.walk.ahead(streak.tail)
    return _seen_today(streak, before.rules, yesterday, before.days[:-1], (before.now, today))


def _without(tail: Mapping[date, DayRecord], left_out: date) -> dict[date, DayRecord]:
    return {day: record for day, record in tail.items() if day != left_out}


def _seen_today(
    streak: Streak, rules: Rules, yesterday: Walk, days: Sequence[DayJudged], moment: tuple[datetime, date]
) -> View:
    """The view as of a moment and its label, from a walk that stands after the day before and the days up to that."""
    (now, today), walk = moment, yesterday.ahead()
    days = (*days, *walk.through(today, today))
    return View(
        now=now,
        today=today,
        zone_line=walk.zone_line,
        days=days,
        status=_status(walk.current_streak, days[-1].verdict),
        current_streak=walk.current_streak,
        longest_streak=walk.longest_streak,
        streak_started_on=walk.streak_started_on,
        last_active_date=walk.last_active_date,
        last_repaired=walk.last_repaired,
        active_days=walk.active_days,
        freezes_available=walk.freezes,
        xp_total=walk.xp_total,
        bonus_active=bonus_is_active(streak, rules, today),
        walk=yesterday,
        walk_through_today=walk,
        rules=rules,
        policy=rules.on(today),
    )


def seal(streak: Streak, rules: Rules, next_day: date) -> tuple[Checkpoint, list[DayJudged]]:
    """The checkpoint at `next_day` (a Monday, not before the present one), and the days that it decides for good.

    It stops before a gap of which it is not known yet whether freezes will bridge it.
    """
    walk = Walk(streak, rules)
    days = walk.through(next_day - ONE_DAY, None)
    while walk.gap_started_on is not None:
        next_day = week_start(walk.gap_started_on)
        walk = Walk(streak, rules)
        days = walk.through(next_day - ONE_DAY, None)
    next_day = max(next_day, streak.checkpoint.next_day)
    weeks = consistent_weeks(streak, rules, days)
    checkpoint = Checkpoint(
        next_day=next_day,
        current_streak=walk.current_streak,
        streak_started_on=walk.streak_started_on,
        longest_streak=walk.longest_streak,
        freezes=walk.freezes,
        xp_total=walk.xp_total,
        first_counted_day=walk.first_counted_day,
        last_active_date=walk.last_active_date,
        last_grace=walk.last_grace,
        week_was_consistent=week_is_consistent(streak, rules, next_day - ONE_WEEK),
        week_consistent_since=consistent_since(streak, next_day - ONE_WEEK),
        last_repaired=walk.last_repaired,
        active_days=walk.active_days,
        told_length=told_length(streak, walk.streak_started_on, {judged.day: judged for judged in days}),
        consistent_weeks=weeks.current,
        consistent_weeks_longest=weeks.longest,
        challenges={
            one.key: walk.challenges[one.key]
            for one in streak.settings.challenges
            if one.terms.until_day >= next_day and one.key in walk.challenges
        },
        rewarded=rewarded_until(streak, walk.challenges, next_day),
        boards=sealed_standings(streak.seat, streak.checkpoint.boards, days, next_day),
    )
    return checkpoint, days


def first_asking(walk: Walk, first: date) -> date:
    """The first day from `first` on that asks for an activity, if nothing more happens."""
    last = first + timedelta(days=HORIZON_DAYS_MAX)
    return next((day for day in days_from(first, last) if walk.excuse(day) is None), last + ONE_DAY)

"""The verdict of every day from the first counted one, each with where the user stood after it.

It must not know commands, keys or how anything is told.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections import Counter

from testing.reference.history import Gift, History, Life
from testing.reference.policy import FORGIVEN, WEEKDAYS
from testing.reference.rewards import rewards
from testing.reference.zones import DAY, monday_of


def judge(history: History, today: dt.date) -> list[Life]:
    """Every day from the first counted one to today: those decided for good, then the rest from their end."""
    if history.judged is None:
        return judged(history, today)
    if today not in history.judged:
        history.judged[today] = judged(history, today)
    return history.judged[today]


def judged(history: History, today: dt.date) -> list[Life]:
    return hear(history, today)[0]


def hear(history: History, today: dt.date) -> tuple[list[Life], dict[dt.date, Life]]:
    """Every day as it is judged; and each as it was before anybody knew for how much longer the user would be away."""
    stand, seen = what_stands(history, today)
    doomed: set[dt.date] = set()
    # An amnesty takes nothing from anybody: beside it goes what would be without.
    without = hear(dataclasses.replace(history, amnesties=()), today)[1] if history.amnesties else {}
    while True:
        court = Court(history, today, doomed)
        court.stand, court.without = stand, without
        lives = court.sit()
        known = lives if court.gap_that_failed is None else lives[:-1]
        seen = {**{life.date: life for life in known}, **seen}
        if court.gap_that_failed is None:
            return lives, seen
        doomed.add(court.gap_that_failed)


def what_stands(history: History, today: dt.date) -> tuple[list[Life], dict[dt.date, Life]]:
    """What a policy that takes effect changes nothing of: the days before it, as they are without it."""
    change = history.policies.last_change(today)
    if change is None or (history.decided_before is not None and change <= history.decided_before):
        return [life for life in history.decided if life.date <= today], {}
    without = dataclasses.replace(history, policies=history.policies.before(change))
    lives, seen = hear(without, today)
    return [life for life in lives if life.date < change], {day: one for day, one in seen.items() if day < change}


def excuse(history: History, excused: tuple[tuple[dt.datetime, dt.datetime], ...]) -> History:
    """The user where everybody is excused from these stretches: what was decided is decided once more."""
    decided: list[Life] = []
    for then, today, tail in history.decidings:
        lives = judge(dataclasses.replace(then, amnesties=excused, decided=decided), today)
        decided = [life for life in lives if life.date < tail]
    return dataclasses.replace(history, amnesties=excused, decided=decided)


def before_open_gap(history: History, tail: dt.date) -> dt.date:
    """The Monday up to which days are decided: none of a gap of which nobody knows yet whether freezes bridge it."""
    while True:
        before = life_of(judge(history, tail), tail - DAY)
        first = before.gap_first if before and before.current_streak else None
        if first is None or history.policies.on(first).spend != "whole_gap":
            return tail
        tail = monday_of(first)


def life_of(lives: list[Life], day: dt.date) -> Life | None:
    return next((life for life in lives if life.date == day), None)


def verdict_of(lives: list[Life], day: dt.date) -> str:
    life = life_of(lives, day)
    return life.verdict if life else "none"


def standing(history: History, today: dt.date) -> Life:
    """How the user stands on that day, if it were today and nothing had happened since."""
    return life_of(judge(history, today), today) or before_all(history, today)


def consistent_weeks(history: History, lives: list[Life], today: dt.date) -> tuple[int, int]:
    """The row of consistent weeks that reaches this week, and the longest there was."""
    row = longest = 0
    consistent = history.consistent_weeks()
    forgiven = {monday_of(life.date) for life in lives if life.verdict in FORGIVEN}
    week = monday_of(lives[0].date) if lives else monday_of(today)
    while week <= today:
        if week in consistent:
            row += 1
            longest = max(longest, row)
        elif week not in forgiven and week != monday_of(today):
            row = 0
        week += 7 * DAY
    return row, longest


def before_all(history: History, day: dt.date) -> Life:
    """How the user stands before the first counted day."""
    brought = history.brought
    return Life(held=history.held_at_first(), date=day, longest_streak=brought.longest, xp_total=brought.xp)


def shares_an_instant_with_a_window(history: History, day: dt.date) -> bool:
    windows = (*history.policies.on(day).protected_windows, *history.amnesties)
    if not windows:
        return False
    begin, end = history.line.interval(day)
    return any(max(begin, opens) < min(end, closes) for opens, closes in windows)


def neutral_verdict(history: History, day: dt.date) -> str | None:
    """The first neutral verdict that fits, but for the grace of an old today."""
    if shares_an_instant_with_a_window(history, day):
        return "amnesty"
    if day in history.excused:
        return "excused"
    if any(pause.covers(day) for pause in history.pauses):
        return "paused"
    if WEEKDAYS[day.weekday()] in history.rest_weekdays_on(day):
        return "rest"
    line = history.line
    if day in history.spared or line.without_instant(day) or line.cut_short_by_its_zone(day):
        return "travel"
    if line.cut_short_by_its_hours(day):
        return "travel"
    return None


class Court:
    """Sits once over all days. `doomed` are the first days of the gaps that freezes can't bridge."""

    def __init__(self, history: History, today: dt.date, doomed: set[dt.date]) -> None:
        self.history = history
        self.policies = history.policies
        self.today = today
        self.doomed = doomed
        self.counted = history.counted_numbers()
        self.old_todays = history.line.old_todays() | history.cut_short
        self.given = {gift.day for gift in history.gifts}
        self.repaired = {repair.day for repair in history.repairs}
        self.xp_of: Counter[dt.date] = Counter()
        for activity in history.live():
            self.xp_of[activity.day] += activity.xp
        self.rewards = rewards(history)
        self.gap_that_failed: dt.date | None = None
        # The days that are no longer for this court to judge.
        self.stand: list[Life] = []
        # How the user would stand after each day if nothing had been declared; empty where nothing was.
        self.without: dict[dt.date, Life] = {}

    def sit(self) -> list[Life]:
        lives = list(self.stand)
        begun = [*self.counted, *self.given]
        if not begun:
            return lives
        life = before_all(self.history, min(begun) - DAY)
        if lives:
            # A gap that began before them goes on; what it took of days that are decided is spent.
            life = lives[-1] if self.is_bridged_whole(lives[-1]) else lives[-1]._replace(gap_first=None)
        while life.date < self.today and self.gap_that_failed is None:
            life = self.close_day(self.judge_day(life))
            if life.date in self.without:
                life = life._replace(last_grace=self.without[life.date].last_grace)
            lives.append(life)
        return lives

    def is_bridged_whole(self, life: Life) -> bool:
        """Whether a gap goes on that is bridged whole, by the policy of its first day, and can still be taken back."""
        first, decided = life.gap_first, self.history.decided_before
        is_open = first is not None and (decided is None or life.date >= decided)
        return is_open and first is not None and self.policies.on(first).spend == "whole_gap"

    def judge_day(self, before: Life) -> Life:
        life = self.live_through(self.receive(before._replace(date=before.date + DAY)))
        life = life._replace(streak_when_judged=life.current_streak, held_when_judged=life.held)
        verdict = self.settled_verdict(life)
        if verdict is None:
            return self.spend_or_miss(life)
        if verdict in ("active", "repaired"):
            return life._replace(verdict=verdict, gap_first=None)
        if verdict == "grace":
            return life._replace(verdict="travel", last_grace=life.date)
        return life._replace(verdict=verdict)

    def receive(self, life: Life) -> Life:
        """Freezes that were given are held from the start of the day on: up to the cap, or on top of all."""
        if life.date not in self.given:
            return life
        within = self.history.given_on(life.date, "freezes")
        over = self.history.given_on(life.date, "freezes_over_cap")
        return life._replace(held=self.capped(life.date, life.held, within) + over)

    def capped(self, day: dt.date, held: int, more: int) -> int:
        """Those that are held stay, also where fewer may be."""
        cap = self.policies.on(day).freeze_cap
        return max(held, min(cap, held + more))

    def live_through(self, life: Life) -> Life:
        """Counts the day: once for its activities before any reset, and anew after each reset of the day."""
        resets = sorted(r.number for r in self.history.resets if r.day == life.date)
        numbers = self.counted.get(life.date, [])
        if not resets and not numbers and life.date not in self.given:
            return life
        gifts = [gift for gift in self.history.gifts if gift.day == life.date and gift.what == "days"]
        for begin, end in zip([-1, *resets], [*resets, self.history.numbers + 1], strict=True):
            if begin >= 0:
                life = life._replace(current_streak=0, run_started_on=None)
            given = [gift for gift in gifts if begin < gift.number < end]
            if life.current_streak:
                life, given = lengthened(life, given), []
            if any(begin < number < end for number in numbers):
                current = life.current_streak + 1
                life = life._replace(
                    current_streak=current,
                    longest_streak=max(life.longest_streak, current),
                    run_started_on=life.run_started_on or life.date,
                )
            if life.current_streak:
                life = lengthened(life, given)
        return life

    def settled_verdict(self, life: Life) -> str | None:
        """Each verdict but the last two; `grace` is a `travel` that is given as one."""
        day = life.date
        if day in self.counted:
            return "active"
        if not self.counted or day < min(self.counted):
            return "none"
        neutral = neutral_verdict(self.history, day)
        if neutral is not None:
            return neutral
        if day in self.old_todays and self.grace_is_due(life):
            return "grace"
        if day == self.today:
            return "pending"
        return "repaired" if day in self.repaired or day in self.history.brought.gone_over else None

    def grace_is_due(self, life: Life) -> bool:
        grace_days = self.policies.on(life.date).grace_days
        return life.last_grace is None or (life.date - life.last_grace).days >= grace_days

    def spend_or_miss(self, life: Life) -> Life:
        if life.current_streak == 0:
            return life._replace(verdict="missed")
        gap_first = life.gap_first or life.date
        if self.may_freeze(life) and gap_first not in self.doomed:
            return life._replace(verdict="frozen", held=life.held - 1, gap_first=gap_first)
        if self.policies.on(life.date).spend == "whole_gap" and gap_first < life.date:
            self.gap_that_failed = gap_first
        return life._replace(verdict="missed", current_streak=0, run_started_on=None, gap_first=gap_first)

    def may_freeze(self, life: Life) -> bool:
        if life.held <= 0:
            return False
        without = self.without.get(life.date)
        if without and life.held <= without.held_when_judged - (without.verdict == "frozen"):
            return False
        if life.date in self.history.planned:
            return True
        if self.history.brought.last is not None and life.date <= self.history.brought.last:
            return False
        policy = self.policies.on(life.gap_first if self.is_bridged_whole(life) and life.gap_first else life.date)
        return self.history.auto_freeze_on(life.date) and life.current_streak >= policy.streak_min

    def close_day(self, life: Life) -> Life:
        """Gives the freezes that the day's XP earned; what came above the cap today is not counted for it."""
        xp, freezes = self.rewards.get(life.date, (0, 0))
        more = self.xp_of[life.date] + self.history.given_on(life.date, "xp") + xp
        if not more and not freezes:
            return life
        price = self.policies.on(life.date).xp_per_freeze
        total = max(0, life.xp_total + more)
        earned = max(0, total // price - life.xp_total // price) + freezes
        over = self.history.given_on(life.date, "freezes_over_cap")
        held = self.capped(life.date, life.held - over, earned) + over if earned else life.held
        return life._replace(held=held, xp_total=total)


def lengthened(life: Life, gifts: list[Gift]) -> Life:
    """The run that is going on has so many days more."""
    for gift in gifts:
        current, began = life.current_streak + gift.amount, [gift.started_on] if gift.started_on else []
        life = life._replace(
            current_streak=current,
            longest_streak=max(life.longest_streak, current),
            run_started_on=min([*began, life.run_started_on]) if life.run_started_on else None,
        )
    return life

"""The heart: judges each day of a tail, from the checkpoint to now (semantics 4 and 5).

`replay` is the only place that knows a verdict. Reads, commands, maintenance and explain all call it.
It must not know where the state comes from or what is done with the answer.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import TYPE_CHECKING, Final, assert_never

from streak_core.domain.consistency import bonus_is_active, week_is_consistent
from streak_core.domain.days import ONE_DAY, ONE_WEEK, Timeline, days_from, utc
from streak_core.domain.model import NO_RECORD, Checkpoint, DayJudged, Status, Verdict

if TYPE_CHECKING:
    from collections.abc import Iterable

    from streak_core.domain.model import DayRecord, ResetMark, Streak
    from streak_core.domain.policy import Policy

# How far `expires_at` looks ahead through excused days before it settles for the last one.
HORIZON_DAYS_MAX: Final = 1_000

_NEUTRAL: Final = frozenset({Verdict.AMNESTY, Verdict.PAUSED, Verdict.REST, Verdict.TRAVEL})


@dataclass(frozen=True, kw_only=True)
class View:
    """The streak as of `now`: what every answer is made of."""

    # The moment that counts as now (UTC), the user's label of it, and the user's own line of labels.
    now: datetime
    today: date
    timeline: Timeline
    # Each day of the tail up to today, in order.
    days: tuple[DayJudged, ...]
    current_streak: int
    longest_streak: int
    streak_started_on: date | None
    last_active_date: date | None
    freezes_available: int
    xp_total: int
    bonus_active: bool
    # The end of the first day that would be judged frozen or missed if nothing more happened (UTC).
    expires_at: datetime | None

    @property
    def status(self) -> Status:
        """How the streak stands today."""
        verdict = self.days[-1].verdict
        if self.current_streak == 0:
            return Status.NONE
        if verdict is Verdict.ACTIVE:
            return Status.EXTENDED
        return Status.PROTECTED if verdict in _NEUTRAL else Status.PENDING

    @cached_property
    def _by_day(self) -> dict[date, DayJudged]:
        return {judged.day: judged for judged in self.days}

    def on(self, day: date) -> DayJudged | None:
        """The verdict of a day of the tail; None for a day outside it."""
        return self._by_day.get(day)


def replay(streak: Streak, policy: Policy, now: datetime) -> View:
    """The streak as of `now`, or as of the user's last command where the clock is behind it."""
    now = max(utc(now), streak.updated_at)
    walk = Walk(streak, policy)
    today = walk.timeline.label(now)
    days = walk.through(today, today)
    return View(
        now=now,
        today=today,
        timeline=walk.timeline,
        days=tuple(days),
        current_streak=walk.current_streak,
        longest_streak=walk.longest_streak,
        streak_started_on=walk.streak_started_on,
        last_active_date=walk.last_active_date,
        freezes_available=walk.freezes,
        xp_total=walk.xp_total,
        bonus_active=bonus_is_active(streak, policy, today),
        expires_at=_expires_at(walk, days[-1]),
    )


def seal(streak: Streak, policy: Policy, next_day: date) -> tuple[Checkpoint, list[DayJudged]]:
    """The checkpoint at `next_day` (a Monday, not before the present one), and the days that it decides for good."""
    walk = Walk(streak, policy)
    days = walk.through(next_day - ONE_DAY, None)
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
        week_was_consistent=week_is_consistent(streak, policy, next_day - ONE_WEEK),
    )
    return checkpoint, days


def _expires_at(walk: Walk, today: DayJudged) -> datetime | None:
    if walk.current_streak == 0:
        return None
    day = today.day + ONE_DAY if today.verdict is Verdict.ACTIVE else today.day
    last = day + timedelta(days=HORIZON_DAYS_MAX)
    while day <= last and walk.excuse(day) is not None:
        day += ONE_DAY
    return walk.timeline.ends_at(day)


class Walk:
    """Goes through the days of a tail one by one, and holds how the streak stands after the last one."""

    def __init__(self, streak: Streak, policy: Policy) -> None:
        """Stands at the checkpoint, before the first day of the tail."""
        start = streak.checkpoint
        self.timeline = Timeline(streak.settings.zones, policy.days.day_start_hour)
        self.current_streak = start.current_streak
        self.streak_started_on = start.streak_started_on
        self.longest_streak = start.longest_streak
        self.freezes = start.freezes
        self.xp_total = start.xp_total
        self.first_counted_day = start.first_counted_day
        self.last_active_date = start.last_active_date
        self.last_grace = start.last_grace
        self._next_day = start.next_day
        self._tail = streak.tail
        self._settings = streak.settings
        self._policy = policy
        self._shortest_day = timedelta(hours=policy.days.shortest_day_hours)

    def through(self, last: date, today: date | None) -> list[DayJudged]:
        """Judges every day up to `last`; `today` is the label that is still open, if it is among them."""
        return [self._step(day, is_today=day == today) for day in days_from(self._next_day, last)]

    def excuse(self, day: date) -> Verdict | None:
        """Why the day needs no activity; None when it needs one."""
        if self._is_protected(day):
            return Verdict.AMNESTY
        if any(pause.covers(day) for pause in self._settings.pauses):
            return Verdict.PAUSED
        if day.weekday() in self._rest_weekdays(day):
            return Verdict.REST
        return Verdict.TRAVEL if self._is_travel(day) else None

    def _step(self, day: date, *, is_today: bool) -> DayJudged:
        record = self._tail.get(day, NO_RECORD)
        freezes_before = self.freezes
        if record.reset is not None:
            self._place_resets(day, record, record.reset)
        verdict = Verdict.ACTIVE if record.counted else self._verdict_without_activity(day, is_today=is_today)
        broke = self._apply(day, verdict, record)
        if record.xp:
            self._earn(record.xp)
        return DayJudged(
            day=day,
            verdict=verdict,
            record=record,
            current_streak=self.current_streak,
            freezes=self.freezes,
            freezes_before=freezes_before,
            broke=broke,
        )

    def _verdict_without_activity(self, day: date, *, is_today: bool) -> Verdict:
        if self.first_counted_day is None:
            return Verdict.NONE
        excuse = self.excuse(day)
        if excuse is not None:
            return excuse
        if is_today:
            return Verdict.PENDING
        if day in self._settings.repairs:
            return Verdict.REPAIRED
        planned = day in self._settings.planned_freezes
        if self.current_streak and self.freezes and (planned or self._freezes_are_automatic(day)):
            return Verdict.FROZEN
        return Verdict.MISSED

    def _apply(self, day: date, verdict: Verdict, record: DayRecord) -> int:
        """Lets the verdict take effect; returns the streak that a miss ended."""
        broke = 0
        match verdict:
            case Verdict.ACTIVE:
                self.last_active_date = day
                self.first_counted_day = self.first_counted_day or day
                if record.reset is None:
                    self._extend(day)
            case Verdict.TRAVEL:
                if self._is_old_today_only(day):
                    self.last_grace = day
            case Verdict.FROZEN:
                self.freezes -= 1
            case Verdict.MISSED:
                broke = self.current_streak
                self._end_streak()
            case Verdict.NONE | Verdict.AMNESTY | Verdict.PAUSED | Verdict.REST | Verdict.PENDING | Verdict.REPAIRED:
                pass
            case _:  # pragma: no cover - the type checker knows that there is no other
                assert_never(verdict)
        return broke

    def _place_resets(self, day: date, record: DayRecord, reset: ResetMark) -> None:
        """The activities before the day's resets end the old streak, those since them begin the new one."""
        if reset.counted_before:
            self._extend(day)
        self._end_streak()
        if record.counted > reset.counted_before + reset.counted_since:
            self.longest_streak = max(self.longest_streak, 1)
        if reset.counted_since:
            self._extend(day)

    def _extend(self, day: date) -> None:
        self.current_streak += 1
        self.streak_started_on = self.streak_started_on or day
        self.longest_streak = max(self.longest_streak, self.current_streak)

    def _end_streak(self) -> None:
        self.current_streak = 0
        self.streak_started_on = None

    def _earn(self, xp: int) -> None:
        each = self._policy.freezes.xp_per_freeze
        earned = (self.xp_total + xp) // each - self.xp_total // each
        self.freezes = max(self.freezes, min(self._policy.freezes.held_max, self.freezes + earned))
        self.xp_total += xp

    def _is_protected(self, day: date) -> bool:
        windows = self._policy.protected_windows
        if not windows:
            return False
        begun, ended = self.timeline.starts_at(day), self.timeline.ends_at(day)
        return any(max(begun, window.from_) < min(ended, window.until) for window in windows)

    def _rest_weekdays(self, day: date) -> Iterable[int]:
        chosen = [rest.weekdays for rest in self._settings.rest_weekdays if rest.from_day <= day]
        return chosen[-1] if chosen else ()

    def _freezes_are_automatic(self, day: date) -> bool:
        chosen = [auto.on for auto in self._settings.auto_freeze if auto.from_day <= day]
        return chosen[-1] if chosen else True

    def _is_travel(self, day: date) -> bool:
        return self.timeline.is_skipped(day, self._shortest_day) or self._is_old_today_only(day)

    def _is_old_today_only(self, day: date) -> bool:
        """Whether only the second grace excuses the day: its evening was taken, and the last grace is long past."""
        if day not in self.timeline.days_cut_short or self.timeline.is_skipped(day, self._shortest_day):
            return False
        grace_days = timedelta(days=self._policy.days.travel_grace_days)
        return self.last_grace is None or day - self.last_grace >= grace_days

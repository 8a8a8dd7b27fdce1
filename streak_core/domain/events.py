"""What happened to a streak, told as events: those that time brings, and those that a command causes.

It must not know verdicts' rules or storage: it compares what replay answered. The ids make writing twice writing once.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import TYPE_CHECKING

from streak_core.domain.commands import ActivityRecorded, ResetStreak
from streak_core.domain.consistency import week_is_consistent
from streak_core.domain.days import ONE_DAY, week_start
from streak_core.domain.model import Verdict
from streak_core.domain.replay import replay

if TYPE_CHECKING:
    from collections.abc import Iterator

    from streak_core.domain.entries import LedgerEntry
    from streak_core.domain.model import Streak
    from streak_core.domain.policy import Policy
    from streak_core.domain.replay import View


class EventKind(StrEnum):
    """Everything that can happen to a streak."""

    STREAK_STARTED = "streak_started"
    STREAK_EXTENDED = "streak_extended"
    STREAK_BROKEN = "streak_broken"
    STREAK_RESTORED = "streak_restored"
    STREAK_RESET = "streak_reset"
    FREEZE_EARNED = "freeze_earned"
    FREEZE_APPLIED = "freeze_applied"
    FREEZE_REFUNDED = "freeze_refunded"
    BONUS_EARNED = "bonus_earned"
    MILESTONE_REACHED = "milestone_reached"


@dataclass(frozen=True, kw_only=True, slots=True)
class Event:
    """One thing that happened. `day` is the streak day it is about, `at` (UTC) the moment it became so."""

    event_id: str
    kind: EventKind
    day: date
    at: datetime
    details: Mapping[str, int | str] = field(default_factory=dict)


def time_events(view: View, settled_through: date | None) -> tuple[Event, ...]:
    """What time alone decided on the days after `settled_through`, up to yesterday; the same whoever asks."""
    return tuple(
        _time_event(view, judged.day, judged.verdict, judged.broke, judged.freezes)
        for judged in view.days[:-1]
        if (settled_through is None or judged.day > settled_through)
        and (judged.verdict is Verdict.FROZEN or judged.broke)
    )


def _time_event(view: View, day: date, verdict: Verdict, broke: int, freezes: int) -> Event:
    frozen = verdict is Verdict.FROZEN
    kind = EventKind.FREEZE_APPLIED if frozen else EventKind.STREAK_BROKEN
    return Event(
        event_id=f"{day}.{kind}",
        kind=kind,
        day=day,
        at=view.timeline.ends_at(day),
        details={"freezes_available": freezes} if frozen else {"length": broke},
    )


@dataclass(frozen=True, kw_only=True)
class Settlement:
    """The derived fields as of now, and the events that were not written yet."""

    view: View
    settled_through: date
    events: tuple[Event, ...]

    def count(self, kind: EventKind) -> int:
        """How many of the events are of that kind."""
        return sum(1 for event in self.events if event.kind is kind)


def settle(streak: Streak, settled_through: date | None, policy: Policy, now: datetime) -> Settlement:
    """What time has decided of the user up to `now`."""
    view = replay(streak, policy, now)
    yesterday = view.today - ONE_DAY
    return Settlement(
        view=view,
        settled_through=max(yesterday, settled_through or yesterday),
        events=time_events(view, settled_through),
    )


@dataclass(frozen=True, kw_only=True)
class Change:
    """One accepted command: the streak and its view before and after; both views have the same first day."""

    entry: LedgerEntry
    policy: Policy
    streak_before: Streak
    streak: Streak
    before: View
    after: View

    def events(self) -> tuple[Event, ...]:
        """What the command caused, in the order in which a client would tell it."""
        found = (*self._streak(), *self._freezes(), *self._bonus(), *self._milestones())
        return tuple(found)

    def _event(self, kind: EventKind, day: date, event_id: str | None = None, **details: int | str) -> Event:
        default_id = f"{self.entry.seq:010d}.{kind}.{day}"
        return Event(event_id=event_id or default_id, kind=kind, day=day, at=self.after.now, details=details)

    def _streak(self) -> Iterator[Event]:
        was, is_now = self.before.current_streak, self.after.current_streak
        about = self.entry.day
        if is_now > was:
            healed = min(_breaks(self.before) - _breaks(self.after), default=None)
            if healed is not None:
                yield self._event(EventKind.STREAK_RESTORED, healed, length=is_now)
            else:
                kind = EventKind.STREAK_EXTENDED if was else EventKind.STREAK_STARTED
                yield self._event(kind, about, length=is_now)
        elif is_now < was and isinstance(self.entry.content, ResetStreak):
            yield self._event(EventKind.STREAK_RESET, about, length=was)
        elif is_now < was:
            for day in sorted(_breaks(self.after) - _breaks(self.before)):
                yield self._event(EventKind.STREAK_BROKEN, day, length=was)

    def _freezes(self) -> Iterator[Event]:
        held = self.after.freezes_available
        was, is_now = _frozen(self.before), _frozen(self.after)
        for day in sorted(was - is_now):
            yield self._event(EventKind.FREEZE_REFUNDED, day, freezes_available=held)
        for day in sorted(is_now - was):
            yield self._event(EventKind.FREEZE_APPLIED, day, freezes_available=held)
        earned = _earned(self.after) - _earned(self.before)
        if earned > 0:
            yield self._event(EventKind.FREEZE_EARNED, self.entry.day, earned=earned, freezes_available=held)

    def _bonus(self) -> Iterator[Event]:
        monday = week_start(self.entry.day)
        if (
            isinstance(self.entry.content, ActivityRecorded)
            and week_is_consistent(self.streak, self.policy, monday)
            and not week_is_consistent(self.streak_before, self.policy, monday)
        ):
            kind = EventKind.BONUS_EARNED
            yield self._event(kind, self.entry.day, f"{kind}.{monday}", week_start=monday.isoformat())

    def _milestones(self) -> Iterator[Event]:
        kind = EventKind.MILESTONE_REACHED
        for length in self.policy.milestones.reached(self.before.current_streak, self.after.current_streak):
            yield self._event(kind, self.entry.day, f"{kind}.{self.after.streak_started_on}.{length}", length=length)


def _breaks(view: View) -> set[date]:
    return {judged.day for judged in view.days if judged.broke}


def _frozen(view: View) -> set[date]:
    return {judged.day for judged in view.days if judged.verdict is Verdict.FROZEN}


def _earned(view: View) -> int:
    return sum(judged.freezes - judged.freezes_before for judged in view.days if judged.freezes > judged.freezes_before)

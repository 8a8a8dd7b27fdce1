"""What happened to a streak, told as events: those that time brings, and those that a command causes.

It must not know verdicts' rules or storage: it compares what replay answered. The ids make writing twice writing once.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from functools import cached_property
from itertools import takewhile
from typing import TYPE_CHECKING, Final, assert_never

from streak_core.domain.achievements import unlocked
from streak_core.domain.challenges import done_by
from streak_core.domain.commands import (
    ActivityRecorded,
    ActivityRedone,
    ActivityUndone,
    ChallengeJoined,
    ChallengeLeft,
    DayRepaired,
    DayRestored,
    DaysExcused,
    FreezesGranted,
    LeaderboardHidden,
    LeaderboardJoined,
    LeaderboardLeft,
    LeaderboardShown,
    NothingChanged,
    NoticesChosen,
    PauseEnded,
    PauseStreak,
    PlanFreeze,
    ResetStreak,
    ResetTakenBack,
    SettingsChanged,
    StreakLengthened,
    UnplanFreeze,
    UserBlocked,
    UserOpened,
    UserUnblocked,
    XpGranted,
)
from streak_core.domain.days import rfc3339, week_start
from streak_core.domain.milestones import reached, reached_on
from streak_core.domain.model import Verdict

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from streak_core.domain.entries import LedgerEntry
    from streak_core.domain.joined import Terms
    from streak_core.domain.model import DayJudged, Streak
    from streak_core.domain.replay import View
    from streak_core.domain.rules import Rules


# What users read of who it was, where it was not they.
BY_SUPPORT: Final = "support"


class EventKind(StrEnum):
    """Everything that can happen to a streak."""

    STREAK_IMPORTED = "streak_imported"
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
    ACHIEVEMENT_UNLOCKED = "achievement_unlocked"
    CHALLENGE_COMPLETED = "challenge_completed"
    PLACED = "placed"
    FREEZES_GRANTED = "freezes_granted"
    DAYS_EXCUSED = "days_excused"
    DAY_RESTORED = "day_restored"
    XP_GRANTED = "xp_granted"
    USER_BLOCKED = "user_blocked"
    USER_UNBLOCKED = "user_unblocked"


@dataclass(frozen=True, kw_only=True, slots=True)
class Event:
    """One thing that happened. `day` is the streak day it is about, `at` (UTC) the moment it became so."""

    event_id: str
    kind: EventKind
    day: date
    at: datetime
    details: Mapping[str, int | str] = field(default_factory=dict)


def time_events(view: View, settled_through: date | None) -> tuple[Event, ...]:
    """What time alone decided at the end of each day after `settled_through`, up to yesterday."""
    # Of most days there is nothing to tell.
    told = (one for one in view.days[:-1] if one.broke or one.bridged_until or one.verdict is Verdict.FROZEN)
    found = (event for judged in told for event in _time_events(view, judged))
    if settled_through is None:
        return tuple(event for _, event in found)
    return tuple(event for decided_on, event in found if decided_on > settled_through)


def _time_events(view: View, judged: DayJudged) -> Iterator[tuple[date, Event]]:
    """What the end of a day brought, and of a later one that showed that a gap was not bridged; each with its day."""
    day, back_on = judged.day, judged.bridged_until
    if judged.verdict is Verdict.FROZEN or back_on:
        held = judged.freezes_until_then if back_on else judged.freezes
        yield day, _time_event(view, EventKind.FREEZE_APPLIED, day, day, freezes_available=held)
    if back_on:
        yield back_on, _time_event(view, EventKind.FREEZE_REFUNDED, day, back_on, freezes_available=judged.freezes)
    if judged.broke:
        decided_on = back_on or day
        yield decided_on, _time_event(view, EventKind.STREAK_BROKEN, day, decided_on, length=judged.broke)


def _time_event(view: View, kind: EventKind, day: date, decided_on: date, **details: int | str) -> Event:
    return Event(event_id=f"{day}.{kind}", kind=kind, day=day, at=view.zone_line.ends_at(decided_on), details=details)


def amnesty_events(
    number: int, days: tuple[Sequence[DayJudged], Sequence[DayJudged]], after: View
) -> tuple[Event, ...]:
    """What a change of the list of amnesties brought, of the days that were over; `days` are those before and after."""

    def event(kind: EventKind, day: date, **details: int | str) -> Event:
        event_id = f"amnesty.{number:06d}.{kind}.{day}"
        return Event(event_id=event_id, kind=kind, day=day, at=after.now, details=details)

    broke = {judged.day: judged for judged in days[1] if judged.broke}
    missed = {judged.day for judged in days[1] if judged.verdict in {Verdict.MISSED, Verdict.NONE}}
    (breaks, frozen), (breaks_now, frozen_now) = ((_breaks(one), _frozen(one)) for one in days)
    healed = min(breaks - breaks_now - missed, default=None)
    found = [event(EventKind.STREAK_RESTORED, healed, length=after.current_streak)] if healed else []
    found += [event(EventKind.STREAK_BROKEN, day, length=broke[day].broke) for day in sorted(breaks_now - breaks)]
    held = after.freezes_available
    found += [event(EventKind.FREEZE_REFUNDED, day, freezes_available=held) for day in sorted(frozen - frozen_now)]
    found += [event(EventKind.FREEZE_APPLIED, day, freezes_available=held) for day in sorted(frozen_now - frozen)]
    return tuple(found)


@dataclass(frozen=True, kw_only=True)
class Change:
    """One accepted command: the streak and its view before and after; both views have the same first day."""

    entry: LedgerEntry
    rules: Rules
    streak_before: Streak
    streak: Streak
    before: View
    after: View

    def events(self) -> tuple[Event, ...]:
        """What the command caused, in the order in which a client would tell it."""
        if isinstance(self.entry.content, UserOpened):
            return tuple(self._imported(self.entry.content))
        found = (*self._by_operator(), *self._streak(), *self._freezes(), *self._bonus(), *self._milestones())
        return (*found, *self._challenges(), *self._achievements())

    def _imported(self, content: UserOpened) -> Iterator[Event]:
        """That the user came along, and what the days since then brought; what came along was told elsewhere."""
        last = content.numbers.last_active_date
        yield self._event(EventKind.STREAK_IMPORTED, self.entry.day, length=content.numbers.current_streak)
        for judged in self.after.days:
            if last is None or judged.day <= last:
                continue
            if judged.verdict is Verdict.FROZEN:
                yield self._event(EventKind.FREEZE_APPLIED, judged.day, freezes_available=judged.freezes)
            if judged.broke:
                yield self._event(EventKind.STREAK_BROKEN, judged.day, length=judged.broke)

    def _event(self, kind: EventKind, day: date, event_id: str | None = None, **details: int | str) -> Event:
        default_id = f"{self.entry.seq:010d}.{kind}.{day}"
        is_by_support = self.entry.actor and not isinstance(self.entry.content, UserOpened)
        told = {**details, "by": BY_SUPPORT} if is_by_support else details
        return Event(event_id=event_id or default_id, kind=kind, day=day, at=self.after.now, details=told)

    def _by_operator(self) -> Iterator[Event]:
        """What only an operator can bring about."""
        about, content, after = self.entry.day, self.entry.content, self.after
        match content:
            case FreezesGranted():
                held = after.freezes_available
                yield self._event(EventKind.FREEZES_GRANTED, about, granted=content.count, freezes_available=held)
            case DaysExcused():
                days = {"from": content.from_day.isoformat(), "until": content.until_day.isoformat()}
                yield self._event(EventKind.DAYS_EXCUSED, about, **days)
            case DayRestored():
                yield self._event(EventKind.DAY_RESTORED, about)
            case XpGranted():
                yield self._event(EventKind.XP_GRANTED, about, amount=content.amount, xp_total=after.xp_total)
            case UserBlocked():
                until = {"until": rfc3339(content.until)} if content.until else {}
                yield self._event(EventKind.USER_BLOCKED, about, **until)
            case UserUnblocked():
                yield self._event(EventKind.USER_UNBLOCKED, about)
            case ActivityRecorded() | ActivityUndone() | ActivityRedone() | DayRepaired() | StreakLengthened():
                pass
            case ResetStreak() | ResetTakenBack() | PlanFreeze() | UnplanFreeze() | NothingChanged() | UserOpened():
                pass
            case (
                PauseStreak() | PauseEnded() | SettingsChanged() | NoticesChosen() | ChallengeJoined() | ChallengeLeft()
            ) | (LeaderboardJoined() | LeaderboardLeft() | LeaderboardHidden() | LeaderboardShown()):
                pass
            case _:  # pragma: no cover - the type checker knows that there is no other
                assert_never(content)

    @cached_property
    def _days_apart(self) -> tuple[Sequence[DayJudged], Sequence[DayJudged]]:
        """The days before and after, without the first ones that are the very same; those are not judged anew."""
        both = zip(self.before.days, self.after.days, strict=False)
        same = sum(1 for _ in takewhile(lambda pair: pair[0] is pair[1], both))
        return self.before.days[same:], self.after.days[same:]

    def _streak(self) -> Iterator[Event]:
        was, is_now = self.before.current_streak, self.after.current_streak
        about, content = self.entry.day, self.entry.content
        breaks_before, breaks_after = map(_breaks, self._days_apart)
        healed = min((day for day in breaks_before - breaks_after if not self._is_missed(day)), default=None)
        if healed is not None or (is_now > was and isinstance(content, ResetTakenBack | StreakLengthened)):
            yield self._event(EventKind.STREAK_RESTORED, healed or about, length=is_now)
        elif is_now > was:
            kind = EventKind.STREAK_EXTENDED if was else EventKind.STREAK_STARTED
            yield self._event(kind, about, length=is_now)
        elif is_now < was and isinstance(content, ResetStreak):
            yield self._event(EventKind.STREAK_RESET, about, length=was)
        for day in sorted(breaks_after - breaks_before):
            yield self._event(EventKind.STREAK_BROKEN, day, length=self.after.by_day[day].broke)

    def _is_missed(self, day: date) -> bool:
        judged = self.after.on(day)
        return judged is not None and judged.verdict in {Verdict.MISSED, Verdict.NONE}

    def _freezes(self) -> Iterator[Event]:
        held = self.after.freezes_available
        was, is_now = map(_frozen, self._days_apart)
        for day in sorted(was - is_now):
            yield self._event(EventKind.FREEZE_REFUNDED, day, freezes_available=held)
        for day in sorted(is_now - was):
            yield self._event(EventKind.FREEZE_APPLIED, day, freezes_available=held)
        earned_before, earned_after = map(_earned, self._days_apart)
        earned = earned_after - earned_before
        if earned > 0:
            yield self._event(EventKind.FREEZE_EARNED, self.entry.day, earned=earned, freezes_available=held)

    def _bonus(self) -> Iterator[Event]:
        monday, kind = week_start(self.entry.day), EventKind.BONUS_EARNED
        # Once a week: also where it became consistent before, and was not in between.
        if monday in self.streak.consistent_since and monday not in self.streak_before.consistent_since:
            yield self._event(kind, self.entry.day, f"{kind}.{monday}", week_start=monday.isoformat())

    def _milestones(self) -> Iterator[Event]:
        kind = EventKind.MILESTONE_REACHED
        if not self.entry.content.tells_milestones:
            return
        for length in reached(self.streak, self.after, self.rules):
            day = reached_on(self.after, length) or self.entry.day
            yield self._event(kind, day, f"{kind}.{self.after.streak_started_on}.{length}", length=length)

    def _challenges(self) -> Iterator[Event]:
        kind = EventKind.CHALLENGE_COMPLETED
        for one in done_by(self.before, self.streak, self.after):
            terms = one.terms
            gives = {"xp": terms.xp, "freezes": terms.freezes}
            yield self._event(kind, self.entry.day, completed_id(terms), challenge=terms.name, **gives)

    def _achievements(self) -> Iterator[Event]:
        kind = EventKind.ACHIEVEMENT_UNLOCKED
        if not self.entry.content.tells_milestones:
            return
        for name in unlocked((self.streak_before, self.before), (self.streak, self.after)):
            yield self._event(kind, self.entry.day, f"{kind}.{name}", achievement=name)


def completed_id(terms: Terms) -> str:
    """The id of the event that a challenge is done.

    One for its terms: whoever undoes and redoes what completes it tells nobody of another one.
    """
    return f"{EventKind.CHALLENGE_COMPLETED}.{terms.name}.{terms.from_day}"


def _breaks(days: Iterable[DayJudged]) -> set[date]:
    return {judged.day for judged in days if judged.broke}


def _frozen(days: Iterable[DayJudged]) -> set[date]:
    return {judged.day for judged in days if judged.verdict is Verdict.FROZEN}


def _earned(days: Iterable[DayJudged]) -> int:
    return sum(judged.freezes - judged.freezes_before for judged in days if judged.freezes > judged.freezes_before)

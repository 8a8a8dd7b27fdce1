"""What the user could do now that would help: each offer can be taken until its end, alone and in their order.

It must not have rules of its own: it asks the commands what they would accept, and replay what that would give.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from streak_core.domain.commands import ActivityRedone, PauseEnded, PlanFreeze
from streak_core.domain.commands.repair import activities_lacking, is_on_cooldown, repairable
from streak_core.domain.commands.undo import redone
from streak_core.domain.days import ONE_DAY
from streak_core.domain.decision import carry_out, next_entry
from streak_core.domain.errors import StreakError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from streak_core.domain.commands import Content
    from streak_core.domain.policy import Policy
    from streak_core.domain.replay import View
    from streak_core.domain.state import UserState


_REDOS_MAX: Final = 3


class OfferKind(StrEnum):
    """What can be offered, in the order in which it is."""

    FREEZE = "freeze"
    REPAIR = "repair"
    REDO = "redo"
    RESUME = "resume"


@dataclass(frozen=True, kw_only=True, slots=True)
class Offer:
    """Something that would be accepted until an instant (UTC), and the streak that it would lead to now."""

    kind: OfferKind
    day: date
    until: datetime
    current_streak_after: int
    # How many more counted activities it takes today, first.
    needs: int = 0
    # What is redone, or ended.
    activity_id: str | None = None
    pause_id: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Possible:
    """An offer, and what the ledger would hold of it."""

    offer: Offer
    content: Content


def offers(state: UserState) -> tuple[Offer, ...]:
    """What is offered now; to a user who is blocked, nothing."""
    return () if state.streak.is_blocked(state.view.now) else tuple(one.offer for one in possible(state))


def possible(state: UserState) -> list[Possible]:
    """The same, each with its content."""
    return [*_for_the_missed_day(state), *_redos(state), *_ends_of_pauses(state)]


def _for_the_missed_day(state: UserState) -> Iterator[Possible]:
    """A freeze by hand where that is possible, else a repair: one of them heals the day, and then there is no other."""
    asked = state.view.last_asked
    if asked is None or not asked.broke:
        return
    try:
        content = PlanFreeze(day=asked.day).decide(state, {})
    except StreakError:
        content = None
    if content is None:
        yield from _repair(state)
        return
    until = state.view.zone_line.ends_at(state.view.asks_next())
    after = _view_after(state, content).current_streak
    offer = Offer(kind=OfferKind.FREEZE, day=asked.day, until=until, current_streak_after=after)
    yield Possible(offer=offer, content=content)


def _repair(state: UserState) -> Iterator[Possible]:
    try:
        content = repairable(state)
    except StreakError:
        return
    view, needs = state.view, activities_lacking(state)
    if needs and view.days[-1].record.activity_count + needs > state.policy.limits.activities_per_day_max:
        # What it needs would be refused.
        return
    until = view.zone_line.ends_at(view.asks_next())
    if state.rules.on(view.today + ONE_DAY).repair.activities_needed > needs:
        # What was done today counts for today alone: tomorrow it takes more than what is said here.
        until = min(until, view.zone_line.ends_at(view.today))
    if needs:
        # What it needs is recorded first, and moves the tail on: the day must still be in it then.
        leaves = state.rules.leaves_tail_on(content.day, view.today)
        until = min(until, view.zone_line.starts_at(leaves))
    until = _until_refused(
        state,
        until,
        lambda policy, day: (
            policy.repair.activities_needed > needs
            or policy.repair.activities_needed > policy.limits.activities_per_day_max
            or is_on_cooldown(view, day, policy)
        ),
    )
    if until <= view.now:
        return
    record = view.days[-1].record
    # Whether what is needed extends the streak: nothing of today does yet, or nothing since the last reset.
    extends = bool(needs) and not (record.resets[-1].counted if record.resets else record.is_active)
    offer = Offer(
        kind=OfferKind.REPAIR,
        day=content.day,
        until=until,
        needs=needs,
        current_streak_after=_view_after(state, content).current_streak + extends,
    )
    yield Possible(offer=offer, content=content)


def _redos(state: UserState) -> Iterator[Possible]:
    """Those undone last, the last one first, as far as their days have room for them."""
    places: dict[date, int] = {}
    for content in list(_possible_redos(state))[:_REDOS_MAX]:
        day = content.activity.day
        places[day] = places.get(day, state.view.by_day[day].record.activity_count) + 1
        if places[day] > state.policy.limits.activities_per_day_max:
            continue
        too_late = state.rules.first_beyond(day, state.view.today, lambda policy: policy.activities.undo_days_max)
        offer = Offer(
            kind=OfferKind.REDO,
            day=day,
            until=_until_fewer(state, state.view.zone_line.starts_at(too_late), places[day]),
            current_streak_after=_view_after(state, content).current_streak,
            activity_id=content.activity.activity_id,
        )
        yield Possible(offer=offer, content=content)


def _possible_redos(state: UserState) -> Iterator[ActivityRedone]:
    for recorded in reversed(state.streak.undone):
        with suppress(StreakError):
            content = redone(state, recorded)
            # What is said of zones may have turned today back before its day.
            if content.activity.day <= state.view.today:
                yield content


def _until_fewer(state: UserState, until: datetime, activities: int) -> datetime:
    return _until_refused(state, until, lambda policy, _day: activities > policy.limits.activities_per_day_max)


def _until_refused(state: UserState, until: datetime, is_refused: Callable[[Policy, date], bool]) -> datetime:
    """The end of an offer, or the first day of a policy that would refuse it then, if that comes before."""
    for one in state.rules.in_time:
        day = one.effective_from
        if day > state.view.today and is_refused(state.rules.on(day), day):
            return min(until, state.view.zone_line.starts_at(day))
    return until


def _ends_of_pauses(state: UserState) -> Iterator[Possible]:
    today = state.view.today
    for pause in state.streak.settings.pauses:
        if pause.covers(today) and pause.until_day > today:
            offer = Offer(
                kind=OfferKind.RESUME,
                day=today + ONE_DAY,
                until=state.view.zone_line.starts_at(pause.until_day),
                current_streak_after=state.view.current_streak,
                pause_id=pause.pause_id,
            )
            yield Possible(offer=offer, content=PauseEnded(pause_id=pause.pause_id, last_day=today))


def _view_after(state: UserState, content: Content) -> View:
    return carry_out(state, next_entry(state, content)).view

"""Decides on protecting days: planned freezes, the repair of yesterday, pauses.

It must not know HTTP or storage.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from streak_core.domain.days import ONE_DAY
from streak_core.domain.decision import Decision, UserState, accept, unchanged
from streak_core.domain.errors import (
    AlreadyPaused,
    DateOutOfRange,
    FieldError,
    Malformed,
    NoFreezeAvailable,
    NothingToProtect,
    NothingToRepair,
    PauseMustBeInTheFuture,
    PauseTooLong,
    RepairNeedsMoreActivity,
    RepairOnCooldown,
)
from streak_core.domain.model import EntryKind, Pause, Verdict

if TYPE_CHECKING:
    from streak_core.domain.model import DayJudged


@dataclass(frozen=True, kw_only=True, slots=True)
class PauseStreak:
    """The wish to pause from one day until another, both included. Raises `Malformed` when the order is wrong."""

    from_day: date
    until_day: date

    def __post_init__(self) -> None:
        if self.until_day < self.from_day:
            raise Malformed(FieldError("until", "must not be before from"))


def decide_plan_freeze(state: UserState, day: date) -> Decision:
    """Plans a freeze for a day. Raises `DateOutOfRange`, `NothingToProtect`, `NoFreezeAvailable`."""
    today = state.view.today
    planned = state.streak.settings.planned_freezes
    if not today - ONE_DAY <= day <= today + timedelta(days=state.policy.freezes.plan_days_ahead_max):
        raise DateOutOfRange
    if day in planned:
        return unchanged(state)
    if day < today:
        _check_bridgeable(_yesterday(state))
    elif sum(1 for other in planned if other >= today) >= state.view.freezes_available:
        raise NoFreezeAvailable
    return accept(state, EntryKind.FREEZE, {"date": day.isoformat()})


def decide_unplan_freeze(state: UserState, day: date) -> Decision:
    """Takes a planned freeze back, from today on. Raises `DateOutOfRange`."""
    today = state.view.today
    if not today <= day <= today + timedelta(days=state.policy.freezes.plan_days_ahead_max):
        raise DateOutOfRange
    if day not in state.streak.settings.planned_freezes:
        return unchanged(state)
    return accept(state, EntryKind.UNFREEZE, {"date": day.isoformat()})


def decide_repair(state: UserState) -> Decision:
    """Repairs yesterday. Raises `NothingToRepair`, `RepairOnCooldown`, `RepairNeedsMoreActivity`."""
    rules, today = state.policy.repair, state.view.today
    yesterday = _yesterday(state)
    if yesterday is None or not yesterday.broke:
        raise NothingToRepair
    repairs = state.streak.settings.repairs
    if repairs and (today - repairs[-1]).days < rules.cooldown_days:
        raise RepairOnCooldown
    if state.view.days[-1].record.counted < rules.activities_needed:
        raise RepairNeedsMoreActivity
    return accept(state, EntryKind.REPAIR, {})


def decide_pause(state: UserState, wish: PauseStreak) -> Decision:
    """Pauses. Raises `PauseMustBeInTheFuture`, `PauseTooLong`, `AlreadyPaused`."""
    pause = Pause(from_day=wish.from_day, until_day=wish.until_day)
    if pause.from_day < state.view.today:
        raise PauseMustBeInTheFuture
    if (pause.until_day - pause.from_day).days >= state.policy.pause.days_max:
        raise PauseTooLong
    if pause in _open_pauses(state):
        return unchanged(state)
    if _open_pauses(state):
        raise AlreadyPaused
    sent = {"from": pause.from_day.isoformat(), "until": pause.until_day.isoformat()}
    return accept(state, EntryKind.PAUSE, sent)


def decide_resume(state: UserState) -> Decision:
    """Ends the pause that is running or coming: the days from today on are no longer paused."""
    return accept(state, EntryKind.RESUME, {}) if _open_pauses(state) else unchanged(state)


def _yesterday(state: UserState) -> DayJudged | None:
    return state.view.on(state.view.today - ONE_DAY)


def _check_bridgeable(yesterday: DayJudged | None) -> None:
    """A freeze by hand is for a miss that it would have bridged; refusals in the order of semantics 5."""
    if yesterday is None or yesterday.verdict is not Verdict.MISSED:
        raise NothingToProtect
    if not yesterday.freezes_before:
        raise NoFreezeAvailable
    if not yesterday.broke:
        raise NothingToProtect


def _open_pauses(state: UserState) -> list[Pause]:
    return [pause for pause in state.streak.settings.pauses if pause.until_day >= state.view.today]

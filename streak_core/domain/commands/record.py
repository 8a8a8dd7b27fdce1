"""Decides on recording an activity, on time or late, and on the check-in for today.

It must not know HTTP or storage; whether an id was used before is the caller's to look up.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from streak_core.domain.consistency import bonus_is_active
from streak_core.domain.days import utc
from streak_core.domain.decision import Decision, UserState, accept
from streak_core.domain.errors import OccurredInTheFuture, OccurredTooLongAgo, TooManyActivities, UserBusy
from streak_core.domain.ledger import CHECK_IN_PREFIX
from streak_core.domain.model import NO_RECORD, Activity, EntryKind
from streak_core.domain.xp import price, with_bonus

if TYPE_CHECKING:
    from collections.abc import Mapping

    from streak_core.domain.policy import Policy


@dataclass(frozen=True, kw_only=True, slots=True)
class RecordActivity:
    """The wish to record an activity, as sent. `occurred_at` None is now."""

    activity_id: str
    activity_type: str
    metadata: Mapping[str, Any]
    occurred_at: datetime | None = None

    @property
    def entry_id(self) -> str:
        """Where the ledger keeps it."""
        return activity_entry_id(self.activity_id)

    def sent(self) -> dict[str, Any]:
        """The content that makes it the same or another one: as sent, the instant in UTC."""
        content: dict[str, Any] = {"activity_type": self.activity_type, "metadata": dict(self.metadata)}
        if self.occurred_at is not None:
            content["occurred_at"] = utc(self.occurred_at).isoformat()
        return content


def activity_entry_id(activity_id: str) -> str:
    """The ledger's id of an activity."""
    return f"{EntryKind.ACTIVITY}.{activity_id}"


def check_record(policy: Policy, command: RecordActivity) -> None:
    """Raises `Malformed` for a type or metadata that the policy does not know."""
    price(policy, command.activity_type, command.metadata)


def decide_record(state: UserState, command: RecordActivity) -> Decision:
    """Records the activity on the day it occurred.

    Raises `Malformed` for what the policy does not know, `OccurredInTheFuture`, `OccurredTooLongAgo`,
    `TooManyActivities` and `RateLimited`.
    """
    rules = state.policy.activities
    worth = price(state.policy, command.activity_type, command.metadata)
    occurred_at = utc(command.occurred_at or state.view.now)
    if occurred_at - state.view.now > timedelta(minutes=rules.future_minutes_max):
        raise OccurredInTheFuture
    occurred_at = min(occurred_at, state.view.now)
    day = state.view.timeline.label(occurred_at)
    if (state.view.today - day).days > rules.late_days_max:
        raise OccurredTooLongAgo
    if state.streak.tail.get(day, NO_RECORD).activity_count >= state.policy.limits.activities_per_day_max:
        raise TooManyActivities
    active = bonus_is_active(state.streak, state.policy, day)
    activity = Activity(
        activity_id=command.activity_id,
        activity_type=command.activity_type,
        category=worth.category,
        day=day,
        counted=worth.counts,
        base_xp=worth.base_xp,
        xp=with_bonus(worth.base_xp, state.policy.consistency.multiplier if active else Fraction(1)),
        occurred_at=occurred_at,
    )
    return accept(state, EntryKind.ACTIVITY, command.sent(), entry_id=command.entry_id, activity=activity)


def check_in_today(state: UserState) -> tuple[RecordActivity, bool]:
    """The one check-in of today through the once-a-day command, and whether it is recorded already."""
    record = state.streak.tail.get(state.view.today, NO_RECORD)
    is_recorded = record.check_ins > record.check_ins_undone
    number = record.check_ins + (not is_recorded)
    activity_id = f"{CHECK_IN_PREFIX}{state.view.today}.{number}"
    return RecordActivity(activity_id=activity_id, activity_type="check_in", metadata={}), is_recorded


def decide_check_in(state: UserState, named: RecordActivity) -> Decision:
    """Records the check-in of today, which was named before this was read.

    Raises `UserBusy` where a flight has turned today since: under that name it would be another day's.
    """
    if check_in_today(state)[0] != named:
        raise UserBusy
    return decide_record(state, named)

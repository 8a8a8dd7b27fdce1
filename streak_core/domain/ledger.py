"""Builds a user up from accepted commands: the fresh streak, each entry's effect, and the moving of the checkpoint.

It must not refuse anything (decisions do) or judge a day (replay does). Applying a whole ledger rebuilds the user.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from streak_core.domain.days import ALWAYS_UTC, ZoneLine, week_start
from streak_core.domain.model import Checkpoint, DayJudged, Settings, Streak
from streak_core.domain.rate_limit import count_command
from streak_core.domain.replay import seal
from streak_core.domain.settings_history import trimmed

if TYPE_CHECKING:
    from collections.abc import Iterable

    from streak_core.domain.entries import LedgerEntry
    from streak_core.domain.policy import Policy


def fresh(now: datetime, policy: Policy) -> Streak:
    """The streak of a user of whom nothing is known."""
    today = ZoneLine(ALWAYS_UTC, policy.days.day_start_hour).label(now)
    return Streak(
        seq=0,
        created_at=now,
        updated_at=now,
        activities=0,
        checkpoint=Checkpoint(next_day=tail_start(today, policy), freezes=policy.freezes.at_start),
        tail={},
        settings=Settings(),
    )


def tail_start(today: date, policy: Policy) -> date:
    """The Monday that the tail reaches back to: the week of the latest activity that may still change is whole."""
    return week_start(today - timedelta(days=policy.days_back_max))


def rebuild(entries: Iterable[LedgerEntry], policy: Policy) -> Streak | None:
    """The state that a ledger, ordered by `seq`, leads to from nothing; None for an empty one."""
    streak: Streak | None = None
    for entry in entries:
        before = streak or fresh(entry.at, policy)
        streak, _ = advance(edit(before, entry, policy), policy)
    return streak


def edit(streak: Streak, entry: LedgerEntry, policy: Policy) -> Streak:
    """The streak with the command applied, before the checkpoint moves."""
    edited = entry.content.apply(streak, entry, policy)
    return replace(edited, seq=entry.seq, updated_at=entry.at, rate=count_command(streak.rate, entry.at, policy.limits))


def advance(streak: Streak, policy: Policy) -> tuple[Streak, tuple[DayJudged, ...]]:
    """The streak with its checkpoint moved as far as nothing can change any more, and the days decided by that."""
    zone_line = ZoneLine(streak.settings.zones, policy.days.day_start_hour)
    next_day = tail_start(zone_line.label(streak.updated_at), policy)
    days: list[DayJudged] = []
    if not streak.activities:
        # Nothing was decided yet: the tail simply begins where today says, also when another zone moved today back.
        checkpoint = replace(streak.checkpoint, next_day=next_day)
    elif next_day <= streak.checkpoint.next_day:
        return streak, ()
    else:
        checkpoint, days = seal(streak, policy, next_day)
    tail = {day: record for day, record in streak.tail.items() if day >= next_day}
    settings = trimmed(streak.settings, zone_line, next_day)
    return replace(streak, checkpoint=checkpoint, tail=tail, settings=settings), tuple(days)

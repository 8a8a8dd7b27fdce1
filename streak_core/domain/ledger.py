"""Builds a user up from accepted commands: the fresh streak, each entry's effect, and the moving of the checkpoint.

It must not refuse anything (decisions do) or judge a day (replay does).
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Final

from streak_core.domain.day_records import with_record
from streak_core.domain.days import ALWAYS_UTC, ZoneLine
from streak_core.domain.first_zone import day_of
from streak_core.domain.model import Checkpoint, DayJudged, Streak
from streak_core.domain.rate_limit import count_command
from streak_core.domain.replay import seal
from streak_core.domain.settings import Settings
from streak_core.domain.settings_history import trimmed
from streak_core.domain.zone_statements import with_use_noted

if TYPE_CHECKING:
    from streak_core.domain.entries import LedgerEntry
    from streak_core.domain.rules import Rules


# Labels of one instant in two zones are at most two apart.
_CHECK_IN_DAYS: Final = timedelta(days=3)


def fresh(now: datetime, rules: Rules) -> Streak:
    """The streak of a user of whom nothing is known."""
    today = ZoneLine(ALWAYS_UTC, rules.day_starts).label(now)
    return Streak(
        seq=0,
        created_at=now,
        updated_at=now,
        activities=0,
        checkpoint=Checkpoint(next_day=rules.tail_start(today), freezes=rules.on(today).freezes.at_start),
        tail={},
        settings=Settings(),
        amnesties=rules.revision,
    )


def edit(streak: Streak, entry: LedgerEntry, rules: Rules) -> Streak:
    """The streak with the command applied, before the checkpoint moves."""
    edited = entry.content.apply(streak, entry, rules)
    settings = edited.settings
    if len(settings.zones) > 1 and not entry.content.is_a_note:
        settings = with_use_noted(streak.settings, settings, entry.content.occurred_at)
    return replace(
        edited,
        seq=entry.seq,
        updated_at=entry.at,
        settings=settings,
        amnesties=entry.amnesties,
        # The limit is the user's own: what others do for the user uses nothing of it up.
        rate=streak.rate if entry.actor else count_command(streak.rate, entry.at, rules.on(entry.today).limits),
    )


def advance(streak: Streak, rules: Rules) -> tuple[Streak, tuple[DayJudged, ...]]:
    """The streak with its checkpoint moved as far as nothing can change any more, and the days decided by that."""
    rules = rules.known_at(streak.updated_at)
    today = ZoneLine(streak.settings.zones, rules.day_starts).label(streak.updated_at)
    return advance_to(_with_check_ins_trimmed(streak, today), rules, rules.tail_start(today))


def advance_to(streak: Streak, rules: Rules, next_day: date) -> tuple[Streak, tuple[DayJudged, ...]]:
    """The streak with its checkpoint moved to that Monday, if that is later, and the days decided by that."""
    zone_line = ZoneLine(streak.settings.zones, rules.day_starts)
    if streak.is_blank and not _leaves_grants(streak, next_day):
        # Nothing was decided yet: the tail simply begins where today says, also when another zone moved today back.
        return _from_day(streak, replace(streak.checkpoint, next_day=next_day), zone_line), ()
    if next_day <= streak.checkpoint.next_day:
        return streak, ()
    checkpoint, days = seal(streak, rules, next_day)
    return _from_day(streak, checkpoint, zone_line), tuple(days)


def _from_day(streak: Streak, checkpoint: Checkpoint, zone_line: ZoneLine) -> Streak:
    """The streak from that checkpoint on, without what only earlier days needed."""
    first = checkpoint.next_day
    return replace(
        streak,
        checkpoint=checkpoint,
        tail={day: record for day, record in streak.tail.items() if day >= first},
        settings=trimmed(streak.settings, zone_line, first),
        consistent_since={monday: since for monday, since in streak.consistent_since.items() if monday >= first},
        told=tuple(one for one in streak.told if one.day >= first),
        undone=tuple(one for one in streak.undone if day_of(streak, one, zone_line.day_starts) >= first),
    )


def _leaves_grants(streak: Streak, next_day: date) -> bool:
    """Whether something that was given would be left behind: it is counted into the checkpoint instead."""
    return any(day < next_day and record.grants for day, record in streak.tail.items())


def _with_check_ins_trimmed(streak: Streak, today: date) -> Streak:
    """The streak without what the once-a-day command needs to know of days that are today nowhere any more."""
    oldest = today - _CHECK_IN_DAYS
    old = [day for day, one in streak.tail.items() if day < oldest and (one.check_ins or one.check_ins_ever)]
    if not old:
        return streak
    for day in old:
        streak = with_record(streak, day, streak.tail[day]._replace(check_ins=(), check_ins_ever=0))
    return streak

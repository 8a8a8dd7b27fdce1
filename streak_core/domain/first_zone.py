"""The first zone that is said of a user holds from the beginning: what was recorded before is labelled anew.

It must not refuse anything (commands do) or judge a day (replay does).
"""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from streak_core.domain.day_records import counting, with_record
from streak_core.domain.days import ONE_DAY, ZoneLine, ZoneSpan, zone_day
from streak_core.domain.model import NO_RECORD, DayRecord, Verdict
from streak_core.domain.replay import replay
from streak_core.domain.zones import UTC_NAME

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable
    from datetime import date, datetime

    from streak_core.domain.days import DayStarts
    from streak_core.domain.model import Numbered, Streak
    from streak_core.domain.rules import Rules
    from streak_core.domain.settings import Repair, Settings

_AT_A_COST: Final = frozenset({Verdict.FROZEN, Verdict.MISSED})
_AT_NO_COST: Final = frozenset(Verdict) - _AT_A_COST - {Verdict.NONE}


def relabelled_tail(
    streak: Streak, recorded: Iterable[Numbered], time_zone: str, starts: DayStarts
) -> dict[date, DayRecord] | None:
    """The days of the tail in the zone; None where not all is handed in.

    `recorded` are the activities that are not undone, of the tail and of the day before it.
    """
    first_day, known = streak.checkpoint.next_day, sorted(recorded, key=lambda one: one.seq)
    if not _is_whole(streak, known):
        return None
    # The names of check-ins have the label that they were given under; so has what has no bonus when it is done anew.
    bare = {
        day: DayRecord(check_ins_ever=record.check_ins_ever, bonus_forgone=record.bonus_forgone)
        for day, record in streak.tail.items()
    }
    tail = {day: record for day, record in bare.items() if record != NO_RECORD}
    marks = ((mark, day) for day, record in streak.tail.items() for mark in record.resets)
    for mark, given_on in sorted(marks, key=lambda one: one[0].seq):
        # It stays before what came after it on its day, also where that occurred earlier.
        since = [one.activity.occurred_at for one in known if one.activity.day == given_on and one.seq > mark.seq]
        day = max(first_day, zone_day(time_zone, min([mark.at, *since]), starts))
        record = tail.get(day, NO_RECORD)
        tail[day] = record._replace(resets=(*record.resets, replace(mark, counted=0)))
    for grant in sorted((grant for one in streak.tail.values() for grant in one.grants), key=lambda one: one.seq):
        day = max(first_day, zone_day(time_zone, grant.at, starts))
        record = tail.get(day, NO_RECORD)
        tail[day] = record._replace(grants=(*record.grants, grant))
    for one in known:
        label = zone_day(time_zone, one.activity.occurred_at, starts)
        if one.activity.day >= first_day:
            day = max(first_day, label)
            moved = replace(one.activity, day=day)
            tail[day] = counting(tail.get(day, NO_RECORD), moved, 1, one.seq, streak.settings.challenges)
        elif first_day <= label and one.activity.counted:
            # XP and category are decided with the day that it was recorded for.
            record = tail.get(label, NO_RECORD)
            tail[label] = record._replace(counted=record.counted + 1)
    return tail


def _is_whole(streak: Streak, known: Collection[Numbered]) -> bool:
    """Whether the activities of the tail are known, all of them and no other streak's."""
    counts = Counter(one.activity.day for one in known if one.activity.day >= streak.checkpoint.next_day)
    return counts == {day: record.activity_count for day, record in streak.tail.items() if record.activity_count}


def day_of(streak: Streak, one: Numbered, starts: DayStarts) -> date:
    """The day that a recorded activity lies on now."""
    first, day = streak.settings.first_zone, one.activity.day
    if first is None or one.seq >= first.seq or day < first.first_day:
        return day
    return max(first.first_day, zone_day(first.time_zone, one.activity.occurred_at, starts))


def with_days_spared(before: Streak, after: Streak, rules: Rules, at: datetime) -> Streak:
    """The streak in its first zone with those days spared that were no miss, and would cost something now."""
    was = {judged.day: judged.verdict for judged in replay(before, rules, at).days}
    # What was frozen may stay so, as long as freezes are held for it.
    for no_miss in (_AT_NO_COST, _AT_NO_COST | {Verdict.FROZEN}):
        while opened := frozenset(
            judged.day
            for judged in replay(after, rules, at).days
            if judged.verdict in _AT_A_COST and was.get(judged.day) in no_miss - {judged.verdict}
        ):
            spared = after.settings.spared | opened
            after = replace(after, settings=replace(after.settings, spared=spared))
    return after


def relabelled_settings(settings: Settings, time_zone: str, starts: DayStarts, first_day: date) -> Settings:
    """The settings with what was said when, as of that zone; dates that the user named stay."""
    line = ZoneLine((ZoneSpan(from_instant=None, time_zone=time_zone, floor=None),), starts)
    return replace(
        settings,
        auto_freeze=tuple(replace(auto, from_day=line.label(auto.at)) for auto in settings.auto_freeze),
        rest_weekdays=tuple(replace(rest, from_day=line.label(rest.at) + ONE_DAY) for rest in settings.rest_weekdays),
        repairs=tuple(_moved_repair(repair, line, first_day) for repair in settings.repairs),
    )


def _moved_repair(repair: Repair, line: ZoneLine, first_day: date) -> Repair:
    if repair.at is None:
        return repair
    moved = repair.day + (line.label(repair.at) - zone_day(UTC_NAME, repair.at, line.day_starts))
    return replace(repair, day=max(first_day, moved))


def always_in(streak: Streak, time_zone: str, starts: DayStarts) -> Streak:
    """A streak without any activity as if that zone had always been in force: what form 1 did before the first one."""
    spans = (ZoneSpan(from_instant=None, time_zone=time_zone, floor=None),)
    settings = replace(
        relabelled_settings(streak.settings, time_zone, starts, streak.checkpoint.next_day),
        zones=spans,
        zone_known=True,
    )
    marks = sorted((mark for record in streak.tail.values() for mark in record.resets), key=lambda one: one.seq)
    bare = {day: record._replace(resets=()) for day, record in streak.tail.items()}
    moved = replace(streak, settings=settings, tail={day: one for day, one in bare.items() if one != NO_RECORD})
    for mark in marks:
        day = zone_day(time_zone, mark.at, starts)
        record = moved.tail.get(day, NO_RECORD)
        moved = with_record(moved, day, record._replace(resets=(*record.resets, mark)))
    return moved

"""The record of one day of the tail: activities that come and go, and where they stand among the day's resets.

It must not refuse anything (commands do) or judge a day (replay does).
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from streak_core.domain.model import NO_RECORD, CheckInMark, DayRecord, ResetMark, Streak

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import date, datetime

    from streak_core.domain.grants import Grant
    from streak_core.domain.joined import Joined
    from streak_core.domain.model import Activity

# Resets of one day that can still be told apart; the oldest of more are taken for one.
_RESETS_MAX: Final = 10


def with_record(streak: Streak, day: date, record: DayRecord, *, more: int = 0) -> Streak:
    """The streak with another record for a day of the tail, and `more` activities; what says nothing is not kept."""
    tail = {kept: one for kept, one in streak.tail.items() if kept != day}
    if record != NO_RECORD:
        tail[day] = record
    return replace(streak, tail=tail, activities=streak.activities + more)


def counting(record: DayRecord, activity: Activity, sign: int, seq: int, joined: Iterable[Joined]) -> DayRecord:
    """The day's record with an activity more (1) or less (-1), which ledger entry `seq` recorded.

    `joined` are the challenges for which it may count.
    """
    categories, counted = dict(record.categories), sign if activity.counted else 0
    if activity.counted and activity.category:
        categories[activity.category] = categories.get(activity.category, 0) + sign
    return DayRecord(
        activity_count=record.activity_count + sign,
        counted=record.counted + counted,
        xp=record.xp + sign * activity.xp,
        categories={name: count for name, count in categories.items() if count},
        resets=_counting_resets(record.resets, counted, seq),
        check_ins=_counting_check_ins(record.check_ins, activity, sign, seq),
        check_ins_ever=record.check_ins_ever,
        bonus_forgone=record.bonus_forgone,
        grants=record.grants,
        imported=record.imported,
        challenges=_counting_challenges(record.challenges, activity, sign, seq, joined),
    )


def _counting_challenges(
    counts: Mapping[str, int], activity: Activity, sign: int, seq: int, joined: Iterable[Joined]
) -> Mapping[str, int]:
    keys = [one.key for one in joined if one.counts(activity, seq)]
    if not keys:
        return counts
    changed = {**counts, **{key: counts.get(key, 0) + sign for key in keys}}
    return {key: count for key, count in changed.items() if count}


def forgoing(record: DayRecord, activity: Activity, sign: int) -> DayRecord:
    """The day's record with the base XP more (1), or as far as there is any less (-1), that has no bonus."""
    known, name = record.bonus_forgone, activity.activity_type
    if sign < 0 and name not in known:
        return record
    forgone = {**known, name: known.get(name, 0) + sign * activity.base_xp}
    return record._replace(bonus_forgone={kind: xp for kind, xp in forgone.items() if xp > 0})


def _counting_resets(resets: tuple[ResetMark, ...], counted: int, seq: int) -> tuple[ResetMark, ...]:
    place = sum(1 for mark in resets if mark.seq < seq) - 1
    if place < 0 or not counted:
        return resets
    changed = replace(resets[place], counted=resets[place].counted + counted)
    return (*resets[:place], changed, *resets[place + 1 :])


def _counting_check_ins(
    marks: tuple[CheckInMark, ...], activity: Activity, sign: int, seq: int
) -> tuple[CheckInMark, ...]:
    if not activity.is_check_in:
        return marks
    others = tuple(mark for mark in marks if mark.activity_id != activity.activity_id)
    if sign < 0:
        return others
    mark = CheckInMark(activity_id=activity.activity_id, seq=seq)
    # One after each reset that is told apart, and one before them.
    return tuple(sorted((*others, mark), key=lambda one: one.seq))[-_RESETS_MAX - 1 :]


def with_reset(record: DayRecord, seq: int, at: datetime) -> DayRecord:
    """The day's record with a reset at its end; of more than can be told apart, the first two become one."""
    first, *others = (*record.resets, ResetMark(seq=seq, at=at))
    if len(others) == _RESETS_MAX:
        second, *others = others
        first = replace(first, counted=first.counted + second.counted)
    return record._replace(resets=(first, *others))


def with_grant(streak: Streak, day: date, grant: Grant) -> Streak:
    """The streak with something given on a day of the tail."""
    record = streak.tail.get(day, NO_RECORD)
    return with_record(streak, day, record._replace(grants=(*record.grants, grant)))


def without_last_reset(record: DayRecord) -> DayRecord:
    """The day's record as if its last reset had not been given."""
    *others, last = record.resets
    if others:
        others[-1] = replace(others[-1], counted=others[-1].counted + last.counted)
    return record._replace(resets=tuple(others))


def last_reset_seq(record: DayRecord) -> int:
    """The number of the day's last reset; 0 where it has none."""
    return record.resets[-1].seq if record.resets else 0


def live_check_in(record: DayRecord) -> CheckInMark | None:
    """The first check-in that the day has, after its last reset."""
    since = last_reset_seq(record)
    return next((mark for mark in record.check_ins if mark.seq > since), None)

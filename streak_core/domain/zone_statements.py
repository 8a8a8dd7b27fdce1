"""What was said of a user's zones: how it changes the zone line, and what is no change after all (semantics 1).

It must not know any single command, nor verdicts.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Final, assert_never

from streak_core.domain.days import ONE_DAY, ZoneLine, ZoneSpan, days_from
from streak_core.domain.first_zone import always_in, relabelled_settings, relabelled_tail, with_days_spared
from streak_core.domain.model import Streak
from streak_core.domain.refusals import TooManyZoneChanges
from streak_core.domain.settings import FirstZone, Settings
from streak_core.domain.zone_stretches import CLOSE, with_statement

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date, datetime

    from streak_core.domain.days import DayStarts
    from streak_core.domain.model import DayRecord
    from streak_core.domain.rules import Rules
    from streak_core.domain.state import UserState

# Stretches inside one tail that can be followed; more is no traveller.
STRETCHES_MAX: Final = 64
_SLIP_MAX: Final = timedelta(hours=24)


class ZoneEffect(StrEnum):
    """What a statement does to the zone line; decided when it is accepted, so that a ledger can prove it."""

    # The first one of all: it holds from the beginning.
    FIRST = "first"
    # It holds from its instant on, until the next one.
    SAID = "said"
    # Back within a day to the zone before: the last stretch never was.
    BACK = "back"
    # As form 1 knew it: from the moment of the command on, or always where nothing was recorded yet.
    MOVED = "moved"


@dataclass(frozen=True, kw_only=True, slots=True)
class ZoneSaid:
    """A statement: where the user was at an instant (UTC)."""

    time_zone: str
    since: datetime
    effect: ZoneEffect
    # An activity's statement is kept also where it says what is known.
    by_activity: bool
    # Whether something happened there already: then it is no slip that can be taken back.
    used: bool
    # For the first one: the days of the tail as they are in that zone; None where they stay as they are, since more was
    # recorded on them than can be labelled anew.
    tail: Mapping[date, DayRecord] | None = None


def is_known(state: UserState, time_zone: str, instant: datetime) -> bool:
    """Whether that zone was in force then, and was said for an instant so close that saying it again says no more.

    A statement of what is in force already is worth keeping otherwise: it parts what is said later of times before it.
    """
    settings = state.streak.settings
    return settings.zone_known and _is_said(settings.zones, time_zone, instant, state.rules.day_starts)


def _is_said(spans: tuple[ZoneSpan, ...], time_zone: str, instant: datetime, starts: DayStarts) -> bool:
    span = ZoneLine(spans, starts).span_at(instant)
    if span.time_zone != time_zone:
        return False
    said = (span.from_instant if span.first_said is None else span.first_said, *span.said)
    return any(one is not None and abs(instant - one) <= CLOSE for one in said)


def statement(state: UserState, time_zone: str, since: datetime, *, by_activity: bool) -> ZoneSaid:
    """What saying a zone for an instant, at most now, leads to. Raises `TooManyZoneChanges`."""
    settings, starts = state.streak.settings, state.rules.day_starts
    used = by_activity or any(one.activity.occurred_at > since for one in state.recorded)
    said = ZoneSaid(time_zone=time_zone, since=since, effect=ZoneEffect.SAID, by_activity=by_activity, used=used)
    if not settings.zone_known:
        tail = relabelled_tail(state.streak, state.recorded, time_zone, starts)
        return replace(said, effect=ZoneEffect.FIRST, tail=tail)
    if _takes_back(settings.zones, time_zone, since):
        return replace(said, effect=ZoneEffect.BACK)
    # Of those that a tail that ended today would have.
    first_day = state.rules.tail_start(state.view.today)
    stretches = ZoneLine(with_statement(settings.zones, said, starts), starts).since(first_day).spans
    if len(stretches) > STRETCHES_MAX:
        raise TooManyZoneChanges(most=STRETCHES_MAX)
    return said


def with_zone_said(streak: Streak, said: ZoneSaid, at: datetime, seq: int, rules: Rules) -> Streak:
    """The streak with a statement made at `at` by ledger entry `seq`."""
    after = _with_zone_said(streak, said, at, seq, rules)
    if said.effect in {ZoneEffect.SAID, ZoneEffect.BACK}:
        after = _with_jump_noted(streak, after, said, at, rules.day_starts)
    if not after.is_blank:
        return after
    # The tail follows today also back: the window of the activity that says so is whole.
    today = ZoneLine(after.settings.zones, rules.day_starts).label(at)
    first_day = min(after.checkpoint.next_day, rules.tail_start(today))
    return replace(after, checkpoint=replace(after.checkpoint, next_day=first_day))


def _with_zone_said(streak: Streak, said: ZoneSaid, at: datetime, seq: int, rules: Rules) -> Streak:
    settings, starts = streak.settings, rules.day_starts
    match said.effect:
        case ZoneEffect.FIRST:
            return _in_first_zone(streak, said, at, seq, rules)
        case ZoneEffect.BACK:
            last = settings.zones[-2]
            last = replace(last, used=last.used or last.from_instant is not None)
            spans = (*settings.zones[:-2], last)
            if said.by_activity or not _is_said(spans, said.time_zone, said.since, starts):
                spans = with_statement(spans, said, starts)
        case ZoneEffect.SAID:
            spans = with_statement(settings.zones, said, starts)
        case ZoneEffect.MOVED:
            return _moved(streak, said.time_zone, at, rules)
        case _:  # pragma: no cover - the type checker knows that there is no other
            assert_never(said.effect)
    return with_latest_day_kept(replace(streak, settings=replace(settings, zones=spans)), at, starts)


def _with_jump_noted(before: Streak, after: Streak, said: ZoneSaid, at: datetime, starts: DayStarts) -> Streak:
    """The streak with the days kept that a statement of an earlier time takes by moving today, as a move now would."""
    settings, line = after.settings, ZoneLine(after.settings.zones, starts)
    was, today = ZoneLine(before.settings.zones, starts).label(at), line.label(at)
    cut_short = frozenset(day for day in settings.cut_short if day < today)
    spared = frozenset(day for day in settings.spared if day < today)
    # Who takes a change back was never away.
    if was < today and said.effect is ZoneEffect.SAID and was not in line.days_cut_short:
        cut_short |= {was}
        spared |= frozenset(days_from(was + ONE_DAY, today - ONE_DAY))
    return replace(after, settings=replace(settings, cut_short=cut_short, spared=spared))


def _in_first_zone(streak: Streak, said: ZoneSaid, at: datetime, seq: int, rules: Rules) -> Streak:
    first_day, starts = streak.checkpoint.next_day, rules.day_starts
    span = ZoneSpan(from_instant=None, time_zone=said.time_zone, floor=None, first_said=said.since, used=said.used)
    is_labelled_anew = streak.seq > 0 and said.tail is not None
    first = FirstZone(time_zone=said.time_zone, seq=seq, first_day=first_day) if is_labelled_anew else None
    settings = replace(
        relabelled_settings(streak.settings, said.time_zone, starts, first_day), zones=(span,), zone_known=True
    )
    tail = streak.tail if said.tail is None else said.tail
    moved = replace(streak, settings=replace(settings, first_zone=first), tail=tail)
    return with_days_spared(streak, with_latest_day_kept(moved, at, starts), rules, at)


def _moved(streak: Streak, time_zone: str, at: datetime, rules: Rules) -> Streak:
    settings = streak.settings
    if settings.zones[-1].time_zone == time_zone:
        return streak
    if streak.is_blank:
        return always_in(streak, time_zone, rules.day_starts)
    floor = ZoneLine(settings.zones, rules.day_starts).label(at)
    span = ZoneSpan(from_instant=at, time_zone=time_zone, floor=floor, used=True)
    return replace(streak, settings=replace(settings, zones=(*settings.zones, span), zone_known=True))


def with_latest_day_kept(streak: Streak, at: datetime, starts: DayStarts) -> Streak:
    """The streak with today not before the day of any recorded activity, reset or grant."""
    held = (day for day, one in streak.tail.items() if one.activity_count or one.is_active or one.resets or one.grants)
    spans, latest = streak.settings.zones, max(held, default=None)
    if latest is None or ZoneLine(spans, starts).label(at) >= latest:
        return streak
    pin = ZoneSpan(from_instant=at, time_zone=spans[-1].time_zone, floor=latest, used=True)
    return replace(streak, settings=replace(streak.settings, zones=(*spans, pin)))


def with_use_noted(before: Settings, after: Settings, occurred_at: datetime | None) -> Settings:
    """The settings after a command that recorded an activity of that moment, or was another one (None).

    The stretch that was the last one before it is used by the one unless it occurred before, by the other always.
    """
    last = after.zones[-1]
    began = last.from_instant
    known = before.zones[-1]
    if (
        began is None
        or last.used
        or (known.from_instant or known.first_said, known.time_zone)
        != (
            began,
            last.time_zone,
        )
    ):
        return after
    if occurred_at is not None and occurred_at < began:
        return after
    return replace(after, zones=(*after.zones[:-1], replace(last, used=True)))


def _takes_back(spans: tuple[ZoneSpan, ...], time_zone: str, since: datetime) -> bool:
    if len(spans) == 1:
        return False
    last, began = spans[-1], spans[-1].from_instant
    if began is None or last.used or last.time_zone == time_zone:
        return False
    return spans[-2].time_zone == time_zone and began <= since <= began + _SLIP_MAX

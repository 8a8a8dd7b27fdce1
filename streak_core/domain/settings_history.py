"""Applies what a user chose - zone, freezes, rest, pauses - to the settings, each from its own day on.

It must not refuse anything (decisions do) or judge a day (replay does).
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Final

from streak_core.domain.days import ONE_DAY, Timeline, ZoneSpan
from streak_core.domain.model import NO_RECORD, AutoFreeze, DayRecord, EntryKind, Pause, RestWeekdays, Settings, Streak
from streak_core.domain.zones import UTC_NAME, zone_names

if TYPE_CHECKING:
    from collections.abc import Iterable

    from streak_core.domain.model import LedgerEntry
    from streak_core.domain.policy import Policy

WEEKDAYS: Final = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


def with_record(streak: Streak, day: date, record: DayRecord) -> Streak:
    """The streak with another record for a day of the tail; a record that says nothing is not kept."""
    tail = {kept: streak.tail[kept] for kept in streak.tail if kept != day}
    return replace(streak, tail=tail if record == NO_RECORD else {**tail, day: record})


def chosen(streak: Streak, entry: LedgerEntry, policy: Policy) -> Streak:
    """The streak with a choice applied: any command that is neither an activity, nor an undo, nor a reset."""
    if entry.kind is not EntryKind.SETTINGS:
        return replace(streak, settings=_protected(streak.settings, entry))
    settings, sent, today = streak.settings, entry.sent, entry.today
    if "auto_freeze" in sent:
        earlier = tuple(auto for auto in settings.auto_freeze if auto.from_day < today)
        choice = AutoFreeze(from_day=today, on=sent["auto_freeze"], at=entry.at)
        settings = replace(settings, auto_freeze=(*earlier, choice))
    if "rest_weekdays" in sent:
        kept = tuple(rest for rest in settings.rest_weekdays if rest.from_day <= today)
        weekdays = frozenset(WEEKDAYS.index(name) for name in sent["rest_weekdays"])
        rest = RestWeekdays(from_day=today + ONE_DAY, weekdays=weekdays, at=entry.at)
        settings = replace(settings, rest_weekdays=(*kept, rest))
    changed = replace(streak, settings=settings)
    if "time_zone" not in sent:
        return changed
    if not streak.activities:
        return always_in(changed, sent["time_zone"], policy)
    timeline = Timeline(settings.zones, policy.days.day_start_hour).moved(entry.at, sent["time_zone"])
    return replace(changed, settings=replace(settings, zones=timeline.spans))


def always_in(streak: Streak, time_zone: str, policy: Policy) -> Streak:
    """A streak without any activity as if that zone had always been in force: what was said when is labelled anew."""
    timeline = Timeline((ZoneSpan(from_instant=None, time_zone=time_zone, floor=None),), policy.days.day_start_hour)
    settings = replace(
        streak.settings,
        zones=timeline.spans,
        auto_freeze=tuple(replace(auto, from_day=timeline.label(auto.at)) for auto in streak.settings.auto_freeze),
        rest_weekdays=tuple(
            replace(rest, from_day=timeline.label(rest.at) + ONE_DAY) for rest in streak.settings.rest_weekdays
        ),
    )
    relabelled = replace(streak, settings=settings)
    for day in sorted(streak.tail):
        relabelled = _with_reset_moved(relabelled, day, timeline)
    return relabelled


def _with_reset_moved(streak: Streak, day: date, timeline: Timeline) -> Streak:
    record = streak.tail[day]
    if record.reset is None:
        return streak
    label = timeline.label(record.reset.at)
    without = with_record(streak, day, replace(record, reset=None))
    return with_record(without, label, replace(without.tail.get(label, NO_RECORD), reset=record.reset))


def _protected(settings: Settings, entry: LedgerEntry) -> Settings:
    sent = entry.sent
    match entry.kind:
        case EntryKind.FREEZE:
            return replace(settings, planned_freezes=settings.planned_freezes | {date.fromisoformat(sent["date"])})
        case EntryKind.UNFREEZE:
            return replace(settings, planned_freezes=settings.planned_freezes - {date.fromisoformat(sent["date"])})
        case EntryKind.REPAIR:
            return replace(settings, repairs=(*settings.repairs, entry.today - ONE_DAY))
        case EntryKind.PAUSE:
            pause = Pause(from_day=date.fromisoformat(sent["from"]), until_day=date.fromisoformat(sent["until"]))
            return replace(settings, pauses=(*settings.pauses, pause))
        case _:
            return replace(settings, pauses=tuple(_ended(settings.pauses, entry.today)))


def _ended(pauses: Iterable[Pause], today: date) -> Iterable[Pause]:
    for pause in pauses:
        ended = replace(pause, until_day=min(pause.until_day, today - ONE_DAY))
        if ended.from_day <= ended.until_day:
            yield ended


def trimmed(settings: Settings, timeline: Timeline, next_day: date) -> Settings:
    """Only what days from `next_day` on need."""
    auto = [choice for choice in settings.auto_freeze if choice.from_day <= next_day][-1:]
    rest = [choice for choice in settings.rest_weekdays if choice.from_day <= next_day][-1:]
    repairs = settings.repairs
    return Settings(
        zones=timeline.since(next_day).spans,
        auto_freeze=(*auto, *(choice for choice in settings.auto_freeze if choice.from_day > next_day)),
        rest_weekdays=(*rest, *(choice for choice in settings.rest_weekdays if choice.from_day > next_day)),
        pauses=tuple(pause for pause in settings.pauses if pause.until_day >= next_day),
        planned_freezes=frozenset(day for day in settings.planned_freezes if day >= next_day),
        repairs=(*(day for day in repairs[:-1] if day >= next_day), *repairs[-1:]),
    )


def without_unknown_zones(streak: Streak, wished: str) -> Streak:
    """The streak as if each zone that is not known here (any more) were UTC, so that another one can be chosen.

    Where UTC is wished, it is UTC by its other name: choosing what holds already would change nothing.
    """
    stand_in = "Etc/UTC" if wished == UTC_NAME else UTC_NAME
    zones = tuple(
        span if span.time_zone in zone_names() else replace(span, time_zone=stand_in) for span in streak.settings.zones
    )
    return replace(streak, settings=replace(streak.settings, zones=zones))

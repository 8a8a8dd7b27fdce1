"""The history of a user's days and settings: what is kept of it, and what a zone that always held makes of it.

It must not refuse anything (commands do) or judge a day (replay does).
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

from streak_core.domain.days import ONE_DAY, Timeline, ZoneSpan
from streak_core.domain.model import NO_RECORD, DayRecord, Settings, Streak
from streak_core.domain.zones import zone_names

if TYPE_CHECKING:
    from collections.abc import Collection

    from streak_core.domain.policy import Policy


def with_record(streak: Streak, day: date, record: DayRecord) -> Streak:
    """The streak with another record for a day of the tail; a record that says nothing is not kept."""
    tail = dict(streak.tail)
    tail.pop(day, None)
    if record != NO_RECORD:
        tail[day] = record
    return replace(streak, tail=tail)


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


def unknown_zones(settings: Settings) -> tuple[str, ...]:
    """The zones lived in that the time zone data does not have: a newer release of it knew them."""
    return tuple(sorted({span.time_zone for span in settings.zones} - zone_names()))


def with_zones_replaced(streak: Streak, names: Collection[str], time_zone: str, policy: Policy) -> Streak:
    """The streak with another zone for those of these names; today is never before a day that has a record."""
    if not names:
        return streak
    spans = tuple(
        replace(span, time_zone=time_zone) if span.time_zone in names else span for span in streak.settings.zones
    )
    timeline, latest = Timeline(spans, policy.days.day_start_hour), max(streak.tail, default=None)
    if latest and timeline.label(streak.updated_at) < latest:
        spans = (*spans, ZoneSpan(from_instant=streak.updated_at, time_zone=spans[-1].time_zone, floor=latest))
    return replace(streak, settings=replace(streak.settings, zones=spans))


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

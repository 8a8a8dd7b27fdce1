"""The history of a user's settings: what is kept of it, and what is taken for a zone that is not known.

It must not refuse anything (commands do) or judge a day (replay does).
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from streak_core.domain.days import ZoneLine
from streak_core.domain.zone_statements import with_latest_day_kept
from streak_core.domain.zones import zone_names

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import date

    from streak_core.domain.days import ZoneSpan
    from streak_core.domain.model import Streak
    from streak_core.domain.rules import Rules
    from streak_core.domain.settings import Settings


def unknown_zones(settings: Settings) -> tuple[str, ...]:
    """The zones lived in that the time zone data does not have: a newer release of it knew them."""
    first = {settings.first_zone.time_zone} if settings.first_zone else set()
    return tuple(sorted(({span.time_zone for span in settings.zones} | first) - zone_names()))


def with_zones_replaced(streak: Streak, names: Collection[str], time_zone: str, rules: Rules) -> Streak:
    """The streak with another zone for those of these names.

    Labels go no day back where it was left for another one, and today is never before a day that has a record.
    """
    if not names:
        return streak
    spans: tuple[ZoneSpan, ...] = ()
    for span in streak.settings.zones:
        floor = span.floor
        if floor is not None and span.from_instant is not None and spans:
            floor = max(floor, ZoneLine(spans, rules.day_starts).label(span.from_instant))
        named = time_zone if span.time_zone in names else span.time_zone
        spans = (*spans, replace(span, time_zone=named, floor=floor))
    first = streak.settings.first_zone
    if first and first.time_zone in names:
        first = replace(first, time_zone=time_zone)
    replaced = replace(streak, settings=replace(streak.settings, zones=spans, first_zone=first))
    return with_latest_day_kept(replaced, streak.updated_at, rules.day_starts)


def trimmed(settings: Settings, zone_line: ZoneLine, next_day: date) -> Settings:
    """Only what days from `next_day` on need."""
    auto = [choice for choice in settings.auto_freeze if choice.from_day <= next_day][-1:]
    rest = [choice for choice in settings.rest_weekdays if choice.from_day <= next_day][-1:]
    return replace(
        settings,
        zones=zone_line.since(next_day).spans,
        auto_freeze=(*auto, *(choice for choice in settings.auto_freeze if choice.from_day > next_day)),
        rest_weekdays=(*rest, *(choice for choice in settings.rest_weekdays if choice.from_day > next_day)),
        pauses=tuple(pause for pause in settings.pauses if pause.until_day >= next_day),
        cut_short=frozenset(day for day in settings.cut_short if day >= next_day),
        spared=frozenset(day for day in settings.spared if day >= next_day),
        planned_freezes=frozenset(day for day in settings.planned_freezes if day >= next_day),
        excused=tuple(one for one in settings.excused if one.until_day >= next_day),
        repairs=tuple(repair for repair in settings.repairs if repair.day >= next_day),
        challenges=tuple(one for one in settings.challenges if one.terms.until_day >= next_day),
    )

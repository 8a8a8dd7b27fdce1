"""Cuts what was said of zones into stretches: each statement has its place by the instant that it speaks of.

It must not know which statements are kept, nor who makes them.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Final

from streak_core.domain.days import ZoneSpan, zone_day

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from streak_core.domain.days import DayStarts
    from streak_core.domain.zone_statements import ZoneSaid

# Of statements of one zone that lie closer together, only the outer ones are kept.
CLOSE: Final = timedelta(hours=6)


@dataclass(frozen=True, kw_only=True, slots=True)
class _Statement:
    # None for a zone that was there before anything that is kept.
    instant: datetime | None
    zone: str
    # A floor that the line itself does not give.
    pin: date | None = None
    used: bool = False


def with_statement(spans: tuple[ZoneSpan, ...], said: ZoneSaid, starts: DayStarts) -> tuple[ZoneSpan, ...]:
    """The stretches with one more statement at its place among those that are kept."""
    begins = spans[0].from_instant
    if begins is not None and said.since < begins:
        return _with_labels_before(spans, begins, said, starts)
    statements = list(_statements(spans, starts))
    if any((one.instant, one.zone) == (said.since, said.time_zone) for one in statements):
        return spans
    # What was there before anything that is kept has no instant of its own, and stays the first.
    base = spans[0] if spans[0].first_said is None else None
    return tuple(_stretches(_with_inserted(statements, said, has_base=base is not None), base, starts))


def _with_labels_before(
    spans: tuple[ZoneSpan, ...], begins: datetime, said: ZoneSaid, starts: DayStarts
) -> tuple[ZoneSpan, ...]:
    """Before all that is kept, a statement says nothing but how far labels had come by then."""
    day = zone_day(said.time_zone, begins, starts)
    return (replace(spans[0], floor=max(day, spans[0].floor or day)), *spans[1:])


def _with_inserted(statements: list[_Statement], said: ZoneSaid, *, has_base: bool) -> list[_Statement]:
    """The statements with one more, after those of its instant and before, in place of one for the same instant."""
    instant, first = said.since, int(has_base)
    place = first + sum(1 for one in statements[first:] if one.instant is not None and one.instant <= instant)
    earlier, later = statements[:place], statements[place:]
    pins: list[_Statement] = []
    while earlier and earlier[-1].instant == instant and earlier[-1].pin is not None:
        pins.insert(0, earlier.pop())
    new = _Statement(instant=instant, zone=said.time_zone, used=said.used)
    if len(earlier) > first and earlier[-1].instant == instant:
        # What was held at that instant stays held, in the zone that is said now.
        return [*earlier[:-1], new, *(replace(pin, zone=said.time_zone) for pin in pins), *later]
    return [*earlier, *pins, new, *later]


def _statements(spans: tuple[ZoneSpan, ...], starts: DayStarts) -> Iterator[_Statement]:
    for span, before in zip(spans, (None, *spans), strict=False):
        begun = span.from_instant if span.first_said is None else span.first_said
        is_pinned = before is not None and begun is not None and span.floor != _floor(before, begun, starts)
        yield _Statement(instant=begun, zone=span.time_zone, pin=span.floor if is_pinned else None, used=span.used)
        yield from (_Statement(instant=instant, zone=span.time_zone, used=True) for instant in span.said)


def _stretches(statements: Iterable[_Statement], base: ZoneSpan | None, starts: DayStarts) -> Iterator[ZoneSpan]:
    """Each run of statements of one zone as a stretch, with the floor that those before it give."""
    first, *runs = _runs(statements)
    before = _first_stretch(base, first[0].zone, _instants(first))
    before = replace(before, used=any(one.used for one in first))
    yield before
    for run in runs:
        begun, *said = _instants(run)
        floor, pin = _floor(before, begun, starts), run[0].pin
        before = ZoneSpan(
            from_instant=begun,
            time_zone=run[0].zone,
            floor=floor if pin is None else max(floor, pin),
            said=tuple(said),
            used=any(one.used for one in run),
        )
        yield before


def _floor(before: ZoneSpan, instant: datetime, starts: DayStarts) -> date:
    """The label of an instant in the stretch before it."""
    day = zone_day(before.time_zone, instant, starts)
    return day if before.floor is None else max(day, before.floor)


def _first_stretch(base: ZoneSpan | None, zone: str, said: tuple[datetime, ...]) -> ZoneSpan:
    if base is None:
        return ZoneSpan(from_instant=None, time_zone=zone, floor=None, said=said[1:], first_said=said[0])
    known = said if base.from_instant is None else said[1:]
    return ZoneSpan(from_instant=base.from_instant, time_zone=base.time_zone, floor=base.floor, said=known)


def _runs(statements: Iterable[_Statement]) -> Iterator[list[_Statement]]:
    run: list[_Statement] = []
    for one in statements:
        if run and (one.zone != run[-1].zone or one.pin is not None):
            yield run
            run = []
        run.append(one)
    yield run


def _instants(run: Iterable[_Statement]) -> tuple[datetime, ...]:
    return tuple(_apart([one.instant for one in run if one.instant is not None]))


def _apart(instants: list[datetime]) -> list[datetime]:
    """Without those that say nothing of their own, because others lie close before and after them."""
    kept = instants[:1]
    for number, instant in enumerate(instants[1:], start=1):
        is_last = number + 1 == len(instants)
        if is_last or instants[number + 1] - kept[-1] > CLOSE:
            kept.append(instant)
    return kept

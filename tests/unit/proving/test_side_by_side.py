"""Months and events are compared as far as the ledger has come, and held no longer."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from streak_core.domain.calendar import CalendarDay
from streak_core.domain.events import Event, EventKind
from streak_core.domain.model import Verdict
from streak_core.proving.repository import KeptEvent, KeptMonth
from streak_core.proving.side_by_side import DIFFERING_MAX, Ahead, EventsInStep, MonthsInStep

NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)


def days(month: int, *numbers: int) -> list[CalendarDay]:
    return [CalendarDay(day=date(2026, month, number), verdict=Verdict.ACTIVE, xp=15) for number in numbers]


def kept(month: int, rows: list[CalendarDay]) -> KeptMonth:
    return KeptMonth(document_id=f"2026-{month:02d}", days={row.day.isoformat(): row for row in rows})


def months(*stored: KeptMonth) -> MonthsInStep:
    return MonthsInStep(Ahead(iter(stored)))


def shown(step: MonthsInStep | EventsInStep) -> list[tuple[str, str, object, object]]:
    found = step.differences if isinstance(step, MonthsInStep) else step.differences()
    return [(one.document, one.field, one.stored, one.rebuilt) for one in found]


def event(number: int, minutes: int | None = None) -> Event:
    at = NOON + timedelta(minutes=number if minutes is None else minutes)
    return Event(event_id=f"e{number}", kind=EventKind.STREAK_EXTENDED, day=at.date(), at=at, details={"length": 1})


def told(*events: Event) -> list[KeptEvent]:
    return [KeptEvent(document_id=one.event_id, at=one.at, event=one) for one in events]


def test_items_can_be_looked_at_before_they_are_taken() -> None:
    ahead = Ahead(iter([1, 2, 3, 4]))
    assert list(ahead.until(lambda item: item > 2)) == [1, 2]
    assert list(ahead.until(lambda item: item > 2)) == []
    assert next(ahead.until(lambda _: False)) == 3
    assert list(ahead.until(lambda _: False)) == [4]
    assert list(ahead.until(lambda _: False)) == []


def test_months_that_are_as_expected_make_no_difference_in_however_many_parts_they_come() -> None:
    step = months(kept(1, days(1, 3, 4)), kept(2, days(2, 1)))
    step.expect(days(1, 3))
    step.expect([])
    step.expect([*days(1, 4), *days(2, 1)])
    step.end()
    assert (shown(step), step.mends) == ([], {})


def test_each_month_that_is_missing_too_many_or_different_is_named_and_mended_whole() -> None:
    wrong = [*days(3, 1), days(3, 2)[0]._replace(xp=7)]
    unread = KeptMonth(document_id="2026-04", unreadable="days")
    step = months(kept(1, days(1, 1)), kept(3, wrong), unread, kept(6, days(6, 1)))
    step.expect([*days(2, 1), *days(3, 1, 2), *days(4, 5)])
    step.end()
    assert shown(step) == [
        ("months/2026-01", "document", "there", "missing"),
        ("months/2026-02", "document", "missing", "there"),
        ("months/2026-03", "2026-03-02.xp", 7, 15),
        ("months/2026-04", "document", "unreadable: days", "there"),
        ("months/2026-06", "document", "there", "missing"),
    ]
    assert step.mends == {
        "2026-01": (),
        "2026-02": tuple(days(2, 1)),
        "2026-03": tuple(days(3, 1, 2)),
        "2026-04": tuple(days(4, 5)),
        "2026-06": (),
    }


def test_no_more_months_are_noted_than_one_commit_mends() -> None:
    step = months(*(KeptMonth(document_id=f"{number:06d}", days={}) for number in range(DIFFERING_MAX + 5)))
    step.end()
    assert len(step.mends) == len(step.differences) == DIFFERING_MAX


def test_events_are_taken_and_compared_up_to_where_the_ledger_has_come() -> None:
    left = told(*(event(number) for number in range(6)))

    def stored() -> Iterator[KeptEvent]:
        while left:
            yield left.pop(0)

    step = EventsInStep(Ahead(stored()))
    step.expect(event(number) for number in range(3))
    step.catch_up(NOON + timedelta(minutes=3))
    assert (shown(step), len(left)) == ([], 2)
    step.expect(event(number) for number in range(3, 6))
    step.catch_up(None)
    assert (shown(step), list(step.mends()), left) == ([], [], [])


def test_each_event_that_is_missing_too_many_or_different_is_named_and_mended() -> None:
    unread = KeptEvent(document_id="e3", at=NOON, unreadable="kind")
    nowhere = KeptEvent(document_id="e9", at=None, unreadable="at")
    step = EventsInStep(Ahead(iter([nowhere, unread, *told(event(7), replace(event(2), details={"length": 9}))])))
    step.expect([event(1), event(2), event(3)])
    step.catch_up(None)
    assert sorted(shown(step)) == [
        ("events/e1", "document", "missing", "there"),
        ("events/e2", "details.length", 9, 1),
        ("events/e3", "document", "unreadable: kind", "there"),
        ("events/e7", "document", "there", "missing"),
        ("events/e9", "document", "unreadable: at", "missing"),
    ]
    assert dict(step.mends()) == {"e1": event(1), "e2": event(2), "e3": event(3), "e7": None, "e9": None}


def test_an_event_that_is_told_again_counts_as_told_last() -> None:
    again = event(1, minutes=50)
    step = EventsInStep(Ahead(iter(told(again))))
    step.expect([event(1)])
    step.catch_up(NOON + timedelta(minutes=30))
    step.expect([again])
    step.catch_up(None)
    assert shown(step) == []


def test_past_what_one_commit_mends_no_more_events_are_held() -> None:
    missing = [event(number) for number in range(DIFFERING_MAX + 1)]
    step = EventsInStep(Ahead(iter([])))
    step.expect([*missing, event(9_999)])
    step.catch_up(NOON + timedelta(minutes=9_000))
    step.expect([event(10_001)])
    step.catch_up(None)
    assert dict(step.mends()).keys() == {one.event_id for one in missing}


def test_of_an_event_of_the_program_before_only_its_kind_is_compared() -> None:
    moved = replace(event(1), day=date(2025, 1, 1), details={"length": 7})
    other = replace(event(2), kind=EventKind.STREAK_BROKEN)
    step = EventsInStep(Ahead(iter(told(moved, other, event(3)))))
    step.expect([event(1), event(2), event(4)], as_before=True)
    step.catch_up(None)
    assert shown(step) == [
        ("events/e2", "kind", "streak_broken", "streak_extended"),
        ("events/e4", "document", "missing", "there"),
        ("events/e3", "document", "there", "missing"),
    ]
    assert dict(step.mends()) == {"e2": event(2), "e4": event(4), "e3": None}
    untold = EventsInStep(Ahead(iter(told())))
    untold.expect([replace(event(5), kind=EventKind.STREAK_BROKEN), event(6)], as_before=True)
    untold.catch_up(None)
    assert ([one[0] for one in shown(untold)], dict(untold.mends())) == (["events/e6"], {"e6": event(6)})
    exact = EventsInStep(Ahead(iter(told(moved))))
    exact.expect([event(1)])
    exact.catch_up(None)
    assert [one[1] for one in shown(exact)] == ["day", "details.length"]

"""Months and events that are read and compared while the ledger is gone through, so that none is held for long.

It must not know what an entry leads to: it is told what to expect, in the order of the ledger.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final, Generic, TypeVar

from streak_core.domain.calendar import CalendarDay
from streak_core.domain.events import Event, EventKind
from streak_core.proving.proof import Difference, Pairing, differences, whole
from streak_core.proving.repository import KeptEvent, KeptMonth
from streak_core.store.documents import EVENTS, MONTHS, month_id

# More documents that differ are not looked for: they are found once these are mended.
DIFFERING_MAX: Final = 400

MISSING: Final = "missing"
THERE: Final = "there"

T = TypeVar("T")


def unreadable(reason: str | None) -> str:
    """What is said of a document that does not read."""
    return f"unreadable: {reason}"


class Ahead(Generic[T]):
    """Items of which the next one can be looked at before it is taken."""

    def __init__(self, items: Iterator[T]) -> None:
        """Takes them one by one."""
        self._items = items
        self._held: list[T] = []

    def until(self, stops: Callable[[T], bool]) -> Iterator[T]:
        """The next items, up to the first one that `stops`, which stays."""
        while True:
            found = self._held or [*self._one()]
            if not found:
                return
            if stops(found[0]):
                self._held = found
                return
            self._held = []
            yield found[0]

    def _one(self) -> Iterator[T]:
        for item in self._items:
            yield item
            return


@dataclass
class MonthsInStep:
    """Holds one month at a time; the days to expect come in their order."""

    kept: Ahead[KeptMonth]
    # The whole months that should be there; without days where there should be none.
    mends: dict[str, tuple[CalendarDay, ...]] = field(default_factory=dict)
    differences: list[Difference] = field(default_factory=list)
    _days: dict[str, CalendarDay] = field(default_factory=dict)

    def expect(self, rows: Iterable[CalendarDay]) -> None:
        """Days that were decided."""
        for row in rows:
            last = next(reversed(self._days.values()), row)
            if month_id(last.day) != month_id(row.day):
                self._compare_month(month_id(last.day))
            self._days[row.day.isoformat()] = row

    def end(self) -> None:
        """No more days will come."""
        for row in list(self._days.values())[-1:]:
            self._compare_month(month_id(row.day))
        self._take_extra(lambda _: False)

    def _compare_month(self, wanted: str) -> None:
        """Compares the month that is complete now with what is kept of it."""
        self._take_extra(lambda month: month.document_id >= wanted)
        kept = next(self.kept.until(lambda month: month.document_id > wanted), None)
        document, days, self._days = f"{MONTHS}/{wanted}", self._days, {}
        if kept is None:
            self._note(wanted, days, [whole(document, MISSING, THERE)])
        elif kept.days is None:
            self._note(wanted, days, [whole(document, unreadable(kept.unreadable), THERE)])
        elif kept.days != days:
            self._note(wanted, days, differences(document, kept.days, days))

    def _take_extra(self, stops: Callable[[KeptMonth], bool]) -> None:
        for month in self.kept.until(stops):
            self._note(month.document_id, {}, [whole(f"{MONTHS}/{month.document_id}", THERE, MISSING)])

    def _note(self, name: str, days: Mapping[str, CalendarDay], found: Iterable[Difference]) -> None:
        if len(self.mends) < DIFFERING_MAX:
            self.mends[name] = tuple(days.values())
            self.differences += found


# What commands tell today in cases in which the rules of before told nothing.
_NOT_TOLD: Final = frozenset(
    {EventKind.STREAK_BROKEN, EventKind.STREAK_RESTORED, EventKind.MILESTONE_REACHED, EventKind.BONUS_EARNED}
    | {EventKind.ACHIEVEMENT_UNLOCKED}
)


@dataclass(frozen=True)
class AsBefore:
    """An event of an entry of form 1: its day, moment and numbers are those that the rules of that time gave it."""

    event: Event


def _event(expected: Event | AsBefore) -> Event:
    return expected.event if isinstance(expected, AsBefore) else expected


def _is_right(found: Event | AsBefore | str, expected: Event | AsBefore | str) -> bool:
    if isinstance(expected, AsBefore):
        return isinstance(found, Event) and found.kind is expected.event.kind
    return found == expected


@dataclass
class EventsInStep:
    """Holds the events that still lack their counterpart: those of the last entries, and those that differ."""

    kept: Ahead[KeptEvent]
    _pairing: Pairing[Event | AsBefore | str] = field(default_factory=lambda: Pairing(is_right=_is_right))
    _is_full: bool = False

    def expect(self, events: Iterable[Event], *, as_before: bool = False) -> None:
        """Events that were written, later ones over earlier ones of the same id."""
        if not self._is_full:
            for event in events:
                self._pairing.expect(event.event_id, AsBefore(event) if as_before else event)

    def catch_up(self, until: datetime | None) -> None:
        """Compares with what is kept from before a moment; the ledger will lead to no more events of that time."""
        if self._is_full:
            return
        for kept in self.kept.until(lambda kept: until is not None and kept.at is not None and kept.at >= until):
            # Where a user stood among others no ledger of theirs can tell.
            if kept.event and kept.event.kind is EventKind.PLACED:
                continue
            self._pairing.find(kept.document_id, kept.event or unreadable(kept.unreadable))
        if until is not None and len(self._pairing) > DIFFERING_MAX:
            self._is_full = True
            self._pairing.forget(lambda expected: not isinstance(expected, str) and _event(expected).at >= until)

    def differences(self) -> Iterator[Difference]:
        """What differs, once all is compared."""
        for name, (found, expected) in self._pairing.wrong.items():
            if isinstance(found, str):
                yield whole(f"{EVENTS}/{name}", found, THERE)
            elif not isinstance(expected, str):
                yield from differences(f"{EVENTS}/{name}", found, _event(expected))
        for name in self._missing():
            yield whole(f"{EVENTS}/{name}", MISSING, THERE)
        for name, found in self._pairing.found.items():
            yield whole(f"{EVENTS}/{name}", found if isinstance(found, str) else THERE, MISSING)

    def _missing(self) -> dict[str, Event | AsBefore | str]:
        """What is expected and not there, but for what the rules of before did not tell."""
        expected = self._pairing.expected.items()
        return {name: one for name, one in expected if not (isinstance(one, AsBefore) and one.event.kind in _NOT_TOLD)}

    def mends(self) -> Iterator[tuple[str, Event | None]]:
        """What should be there under each id."""
        expected = {name: pair[1] for name, pair in self._pairing.wrong.items()} | self._missing()
        yield from ((name, _event(one)) for name, one in expected.items() if not isinstance(one, str))
        yield from ((name, None) for name in self._pairing.found)

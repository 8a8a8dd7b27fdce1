"""Rebuilds a user from the ledger, entry by entry, and names every field in which two accounts of a thing differ.

It must not know where entries come from, what is stored in which document, or how a difference is mended.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields, is_dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from itertools import count
from typing import Final, Generic, TypeVar

from streak_core.domain.days import ONE_DAY, ZoneLine, rfc3339
from streak_core.domain.decision import Decision, carry_out
from streak_core.domain.entries import LedgerEntry
from streak_core.domain.errors import StreakError
from streak_core.domain.events import Event, time_events
from streak_core.domain.judging_anew import standing, up_to_date
from streak_core.domain.model import DayJudged, RateUsage, Streak
from streak_core.domain.replay import View, replay
from streak_core.domain.rules import Rules
from streak_core.proving.old_entries import LedgerFaultError, OldEntries, Origin, ThereTwiceError
from streak_core.proving.prices import wrong_price
from streak_core.store.forms import v1, v2

Scalar = str | int | float | bool | None
T = TypeVar("T")

# What an entry with a damaged content can make of the rules.
_UNFIT: Final = (LookupError, ValueError, TypeError, AttributeError, ArithmeticError, StreakError)


@dataclass(frozen=True, kw_only=True, slots=True)
class Difference:
    """A field that is stored otherwise than rebuilt; None is no value."""

    # The document, as a path below the user's own.
    document: str
    field: str
    stored: Scalar
    rebuilt: Scalar


@dataclass(frozen=True, kw_only=True)
class Closing:
    """How a rebuilt user stands as of the moment that the stored one was written as of."""

    streak: Streak
    view: View
    settled_through: date
    # What time has decided since the last command and until then.
    events: tuple[Event, ...]
    # Days that the stored state has decided further on.
    sealed: tuple[DayJudged, ...]
    # That of the last entry, and so of the state, unless that was migrated.
    form: int


class Rebuild:
    """Goes through a ledger in the order of `seq`, and holds the one state that it has led to so far."""

    def __init__(self, rules: Rules, stored_from: date | None = None, earlier: Sequence[Rules] = ()) -> None:
        """Begins with nothing. `stored_from` is the first day of the stored tail, where that is known.

        By the `earlier` rules, too, activities may be priced.
        """
        self._rules = rules
        self._priced_by = (rules, *earlier)
        # The entries so far, where an amnesty may have decided days judged anew; and whether one has.
        self.seen: list[LedgerEntry] = []
        self.has_judged_anew = False
        self._old = OldEntries(rules, stored_from)
        self.streak: Streak | None = None
        # The last day whose time events the commands so far have written.
        self.settled_through: date | None = None

    def take(self, entry: LedgerEntry, origin: Origin = Origin.NOW, *, has_moved: bool = False) -> Decision:
        """Carries out the next entry exactly as its command was. Raises `LedgerFaultError`.

        One that `has_moved` behind others is labelled by what is before it now.
        """
        known = self.streak.seq if self.streak else 0
        if entry.seq != known + 1:
            raise (_missing(known + 1) if entry.seq > known else ThereTwiceError(entry.seq))
        try:
            self.streak, decided = self._old.before(self.streak, origin)
            rules = self._rules.as_of(entry.amnesties)
            state = standing(self.streak, self.settled_through, rules, entry.at, lambda: self.seen)
            entry = _labelled(state.view, entry) if has_moved else entry
            _check_fits(state.view, entry)
            is_bonus_known = origin is Origin.NOW and not has_moved
            if wrong := wrong_price(state.streak, entry, self._priced_by, is_bonus_known=is_bonus_known):
                raise LedgerFaultError(wrong)
            decision = carry_out(state, entry)
        except _UNFIT as error:
            message = f"entry {entry.seq} can't be carried out again: {type(error).__name__}"
            raise LedgerFaultError(message) from error
        self._old.note(entry, origin, decision)
        self.streak, self.settled_through = decision.streak, decision.settled_through
        self.has_judged_anew |= bool(state.decided_anew)
        if self._rules.revision:
            self.seen.append(entry)
        return replace(decision, sealed=(*decided, *decision.sealed[len(state.decided_anew) :]))

    def closing(self, stored: date | None, now: datetime, amnesties: int = 0, *, is_migrated: bool = False) -> Closing:
        """The user as of the day after `stored`, the last day that is said to be settled.

        The job writes what time has decided, whenever it runs, so any day from the last command to now is right. A
        clock may be ahead of `now` by as much as an activity's. Raises `LedgerFaultError` for an empty ledger.
        """
        if self.streak is None or self.settled_through is None:
            message = "there is no ledger"
            raise LedgerFaultError(message)
        streak, sealed = self._old.at_the_end(self.streak, is_migrated=is_migrated)
        # A run of the job, too, judges by the amnesties that it knows.
        rules = self._rules.as_of(max(amnesties, streak.amnesties))
        judged = up_to_date(streak, self.settled_through, rules, now, lambda: self.seen)
        self.has_judged_anew |= bool(judged.decided)
        streak, settled = judged.streak, judged.settled_through or self.settled_through
        zone_line = ZoneLine(streak.settings.zones, rules.standing.day_starts)
        today = zone_line.label(max(now, streak.updated_at))
        ahead = timedelta(minutes=rules.standing.on(today).activities.future_minutes_max)
        latest = zone_line.label(max(now + ahead, streak.updated_at)) - ONE_DAY
        through = min(max(stored or settled, settled), max(latest, settled))
        view = replay(streak, rules, zone_line.starts_at(through + ONE_DAY))
        events = (*judged.events, *(event for event in time_events(view, settled) if event.day <= through))
        return Closing(
            streak=streak,
            view=view,
            settled_through=through,
            events=events,
            sealed=sealed,
            form=v1.VERSION if self._old.is_form_1 and not is_migrated else v2.VERSION,
        )


def _missing(seq: int) -> LedgerFaultError:
    return LedgerFaultError(f"entry {seq} is missing")


def _labelled(view: View, entry: LedgerEntry) -> LedgerEntry:
    """The entry with the moment, label and zone that the rules give it."""
    return replace(entry, at=view.now, today=view.today, time_zone=view.zone_line.time_zone)


def _check_fits(view: View, entry: LedgerEntry) -> None:
    """Whether the rules give the entry the moment, the label and the zone that it was given when it was accepted."""
    given = (entry.at, entry.today, entry.time_zone)
    if (view.now, view.today, view.zone_line.time_zone) != given:
        message = (
            f"entry {entry.seq} is of {rfc3339(entry.at)}, {entry.today} in {entry.time_zone}; "
            f"by those before it that is {rfc3339(view.now)}, {view.today} in {view.zone_line.time_zone}"
        )
        raise LedgerFaultError(message)


def lasting(streak: Streak) -> Streak:
    """The state without its pace: that says how fast commands came, is over in a window, and follows changed limits."""
    return replace(streak, rate=RateUsage())


def differences(document: str, stored: object, rebuilt: object) -> Iterator[Difference]:
    """Each field in which two values of the same kind differ; None is a value without any."""
    found, expected = flat(stored), flat(rebuilt)
    for name in sorted(found.keys() | expected.keys()):
        one, other = found.get(name), expected.get(name)
        # Of the same type, too: 1 is not True.
        if (type(one), one) != (type(other), other):
            yield Difference(document=document, field=name, stored=one, rebuilt=other)


def whole(document: str, stored: str, rebuilt: str) -> Difference:
    """A document that is there or not, or that does not read."""
    return Difference(document=document, field="document", stored=stored, rebuilt=rebuilt)


def flat(value: object) -> dict[str, Scalar]:
    """Every single value inside of a model, a mapping or a sequence, by its dotted path."""
    found: dict[str, Scalar] = {}
    if value is not None:
        _gather(value, "", found)
    return found


def _gather(value: object, name: str, found: dict[str, Scalar]) -> None:
    match value:
        case StrEnum():
            found[name] = value.value
        case str() | int() | float() | None:
            found[name] = value
        case datetime():
            found[name] = rfc3339(value)
        case date():
            found[name] = value.isoformat()
        case _:
            for key, inner in _parts(value):
                _gather(inner, f"{name}.{key}" if name else str(key), found)


def _parts(value: object) -> Iterator[tuple[object, object]]:
    match value:
        case Mapping():
            yield from value.items()
        case set() | frozenset():
            yield from enumerate(sorted(value))
        case tuple() if names := getattr(value, "_fields", None):
            yield from zip(names, value, strict=True)
        case list() | tuple():
            # A named tuple has its fields' names, any other row has numbers.
            yield from zip(getattr(value, "_fields", count()), value, strict=False)
        case _ if is_dataclass(value):
            yield from ((one.name, getattr(value, one.name)) for one in fields(value))
        case _:
            yield "value", repr(value)


@dataclass
class Pairing(Generic[T]):
    """Pairs what is expected with what is found, whichever of both comes first, and holds only what has no partner."""

    expected: dict[str, T] = field(default_factory=dict)
    found: dict[str, T] = field(default_factory=dict)
    # What is found otherwise than expected, as (found, expected).
    wrong: dict[str, tuple[T, T]] = field(default_factory=dict)
    # Whether what is found is what is expected.
    is_right: Callable[[T, T], bool] = operator.eq

    def expect(self, name: str, value: T) -> None:
        """What should be there under that name; said twice, the last one holds."""
        if name in self.wrong:
            self.found[name] = self.wrong.pop(name)[0]
        self.expected[name] = value
        if name in self.found:
            self._pair(name)

    def find(self, name: str, value: T) -> None:
        """What is there under that name."""
        self.found[name] = value
        if name in self.expected:
            self._pair(name)

    def forget(self, is_too_early: Callable[[T], bool]) -> None:
        """Expects no longer what it would be too early to look for."""
        self.expected = {name: value for name, value in self.expected.items() if not is_too_early(value)}

    def _pair(self, name: str) -> None:
        found, expected = self.found.pop(name), self.expected.pop(name)
        if not self.is_right(found, expected):
            self.wrong[name] = (found, expected)

    def __len__(self) -> int:
        return len(self.expected) + len(self.found) + len(self.wrong)

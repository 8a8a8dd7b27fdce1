"""Reports for operators: a few columns and rows each, of some days, and what they cost.

It must not know HTTP or Firestore's client, nor how anything is counted.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Final, Literal, assert_never

from streak_core.domain.days import ONE_DAY, rfc3339
from streak_core.domain.errors import FieldError, Malformed
from streak_core.domain.events import EventKind
from streak_core.domain.outcomes import BACK, LENGTHS, comebacks, survival
from streak_core.records import counted_records
from streak_core.records.active_users import DAYS_KEPT
from streak_core.records.counted_acts import FAILED_ACTIONS, FAILED_NOTES
from streak_core.records.counters import SUM, TIMES, USERS, Numbers, key_of, key_text, mean, percentile, total
from streak_core.records.counting import KEPT

if TYPE_CHECKING:
    from streak_core.records.active_users import ActiveUser
    from streak_core.records.blocked import BlockedUser
    from streak_core.records.counted_days import CountedDays
    from streak_core.records.idea import Idea
    from streak_core.store.event_counts import EventCounts

DAYS_MAX: Final = 92
# What is looked at where nobody says which days.
DAYS_ASKED: Final = 30
ACTIVE_USERS_MOST: Final = 10
BLOCKED_USERS_MOST: Final = 500
RECENT_IDEAS_MOST: Final = 20
# Events that are read for one report; the database counts them first.
EVENTS_MAX: Final = 10_000
_FREEZES: Final = (
    EventKind.FREEZE_APPLIED,
    EventKind.FREEZE_REFUNDED,
    EventKind.FREEZE_EARNED,
    EventKind.FREEZES_GRANTED,
)

Cell = str | int | float | None


class ReportName(StrEnum):
    """Every report that there is."""

    ACTIVE_USERS = "active-users"
    FAILED_ACTIONS = "failed-actions"
    CONVERSATIONS = "conversations"
    RESPONSE_TIMES = "response-times"
    FEATURES = "features"
    IDEAS = "ideas"
    RECORDS = "records"
    RECENT_IDEAS = "recent-ideas"
    BLOCKED_USERS = "blocked-users"
    SURVIVAL = "survival"
    COMEBACKS = "comebacks"
    FREEZES = "freezes"


_OfStreaks = Literal[ReportName.SURVIVAL, ReportName.COMEBACKS, ReportName.FREEZES]
_OfKeys = Literal[ReportName.FAILED_ACTIONS, ReportName.RESPONSE_TIMES, ReportName.FEATURES, ReportName.RECORDS]
_FOR_EVER: Final = timedelta.max


def _reach(name: ReportName) -> timedelta | None:
    """How far back a report of days has something to tell; None of one that is as of now."""
    match name:
        case ReportName.ACTIVE_USERS:
            return timedelta(days=DAYS_KEPT - 1)
        case ReportName.FAILED_ACTIONS | ReportName.CONVERSATIONS | ReportName.RESPONSE_TIMES:
            return KEPT
        case ReportName.FEATURES | ReportName.IDEAS | ReportName.RECORDS:
            return KEPT
        case ReportName.SURVIVAL | ReportName.COMEBACKS | ReportName.FREEZES:
            return _FOR_EVER
        case ReportName.RECENT_IDEAS | ReportName.BLOCKED_USERS:
            return None
        case _:
            assert_never(name)


@dataclass(frozen=True, kw_only=True)
class Report:
    """The columns, and a row of cells each."""

    columns: tuple[str, ...]
    rows: Sequence[tuple[Cell, ...]]
    # Whether nothing was left out, and no other row could belong there.
    is_whole: bool = True
    # Days whose numbers were not compared with the records yet.
    unchecked: Sequence[date] = ()


def _times(numbers: Numbers) -> tuple[Cell, ...]:
    return (numbers[TIMES],)


def _response_times(numbers: Numbers) -> tuple[Cell, ...]:
    return (numbers[TIMES], _rounded(mean(numbers)), percentile(numbers, 0.5), percentile(numbers, 0.95))


def _feature(numbers: Numbers) -> tuple[Cell, ...]:
    """What was measured was in milliseconds."""
    average = mean(numbers)
    seconds = None if average is None else _rounded(average / 1_000)
    return (numbers[TIMES], numbers.get(USERS, 0), seconds, round(numbers.get(SUM, 0) / 1_000, 1))


def _records(numbers: Numbers) -> tuple[Cell, ...]:
    return (numbers[TIMES], numbers.get(USERS, 0))


def _rounded(number: float | None) -> float | None:
    return None if number is None else round(number, 1)


@dataclass(frozen=True, kw_only=True)
class _ByKey:
    """A report of what was counted under these names, by its keys."""

    counted: tuple[str, ...]
    columns: tuple[str, ...]
    # What is told of the numbers of a key, in the columns behind its parts.
    cells: Callable[[Numbers], tuple[Cell, ...]] = _times


_BY_KEY: Final[dict[_OfKeys, _ByKey]] = {
    ReportName.FAILED_ACTIONS: _ByKey(counted=(FAILED_ACTIONS, FAILED_NOTES), columns=("action", "status", "times")),
    ReportName.RESPONSE_TIMES: _ByKey(
        counted=(counted_records.RESPONSE_TIMES,),
        columns=("intent", "times", "mean_ms", "p50_ms", "p95_ms"),
        cells=_response_times,
    ),
    ReportName.FEATURES: _ByKey(
        counted=(counted_records.FEATURES,),
        columns=("feature", "times", "users_by_day", "mean_seconds", "total_seconds"),
        cells=_feature,
    ),
    ReportName.RECORDS: _ByKey(
        counted=(counted_records.APP_RECORDS,), columns=("kind", "word", "times", "users_by_day"), cells=_records
    ),
}


@dataclass(frozen=True, kw_only=True)
class Reports:
    """All reports, by where their numbers come from. Everything raises `DatabaseUnavailable`."""

    events: EventCounts
    counted: Callable[[Sequence[date]], CountedDays]
    active_users: Callable[[Sequence[date], int], tuple[list[ActiveUser], bool]]
    blocked_users: Callable[[datetime, int], Sequence[BlockedUser]]
    recent_ideas: Callable[[int], Sequence[tuple[str, Idea]]]

    def report(self, name: ReportName, days: Sequence[date], now: datetime) -> Report:
        """The report of these days, in UTC; of what happened to streaks they are the users' own."""
        match name:
            case ReportName.ACTIVE_USERS:
                found, is_certain = self.active_users(days, ACTIVE_USERS_MOST)
                rows = [(one.user_id, one.acts) for one in found]
                return Report(columns=("user_id", "actions"), rows=rows, is_whole=is_certain)
            case ReportName.CONVERSATIONS:
                return self._conversations(days)
            case ReportName.RECENT_IDEAS:
                return self._recent_ideas()
            case ReportName.IDEAS:
                return self._ideas(days)
            case ReportName.FAILED_ACTIONS | ReportName.RESPONSE_TIMES | ReportName.FEATURES | ReportName.RECORDS:
                return self._by_key(name, days)
            case ReportName.BLOCKED_USERS:
                blocked = self.blocked_users(now, BLOCKED_USERS_MOST)
                rows_of = [(one.user_id, _text(one.until)) for one in blocked]
                return Report(columns=("user_id", "until"), rows=rows_of, is_whole=len(blocked) < BLOCKED_USERS_MOST)
            case ReportName.SURVIVAL | ReportName.COMEBACKS | ReportName.FREEZES:
                return self._of_streaks(name, days)
            case _:
                assert_never(name)

    def _of_streaks(self, name: _OfStreaks, days: Sequence[date]) -> Report:
        match name:
            case ReportName.SURVIVAL:
                return self._survival(days)
            case ReportName.COMEBACKS:
                return self._comebacks(days)
            case ReportName.FREEZES:
                return self._freezes(days)
            case _:
                assert_never(name)

    def _by_key(self, name: _OfKeys, days: Sequence[date]) -> Report:
        """A row for each key, the one with most first: its parts, and what is told of its numbers."""
        one, found = _BY_KEY[name], self.counted(days)
        whole = total(found.of.values())
        keys = total({name.value: whole.get(each, {})} for each in one.counted).get(name.value, {})
        by_most = sorted(keys.items(), key=lambda each: (-each[1][TIMES], each[0]))
        rows: list[tuple[Cell, ...]] = [(*key_of(text), *one.cells(numbers)) for text, numbers in by_most]
        return Report(columns=one.columns, rows=rows, unchecked=found.unchecked)

    def _recent_ideas(self) -> Report:
        rows: list[tuple[Cell, ...]] = [
            (one.at.date().isoformat(), user_id, one.said.get("title"), one.said.get("category"))
            for user_id, one in self.recent_ideas(RECENT_IDEAS_MOST)
        ]
        return Report(columns=("date", "user_id", "title", "category"), rows=rows)

    def _conversations(self, days: Sequence[date]) -> Report:
        found, whole = self.counted(days), key_text(())
        by_day = {day: found.of.get(day, {}).get(counted_records.CONVERSATIONS, {}).get(whole, {}) for day in days}
        rows: list[tuple[Cell, ...]] = [
            (day.isoformat(), numbers.get(TIMES, 0), numbers.get(USERS, 0)) for day, numbers in by_day.items()
        ]
        return Report(columns=("date", "messages", "users"), rows=rows, unchecked=found.unchecked)

    def _ideas(self, days: Sequence[date]) -> Report:
        found = self.counted(days)
        whole = total(found.of.values())
        made, selected = whole.get(counted_records.IDEAS, {}), whole.get(counted_records.SELECTED, {})
        numbers = {
            text: [each.get(text, {}).get(TIMES, 0) for each in (made, selected)] for text in {**made, **selected}
        }
        by_most = sorted(numbers.items(), key=lambda one: (-one[1][0], one[0]))
        rows: list[tuple[Cell, ...]] = [(*key_of(text), *each) for text, each in by_most]
        return Report(columns=("category", "made", "selected"), rows=rows, unchecked=found.unchecked)

    def _survival(self, days: Sequence[date]) -> Report:
        extended = self.events.by_length(EventKind.STREAK_EXTENDED, [*LENGTHS[1:], LENGTHS[-1] + 1], days)
        reached = {**extended, LENGTHS[0]: self.events.number([EventKind.STREAK_STARTED], days)}
        broke = self.events.by_length(EventKind.STREAK_BROKEN, LENGTHS, days)
        rows = [(one.length, one.reached, one.broke, round(one.share, 4)) for one in survival(reached, broke)]
        return Report(columns=("day", "reached", "broke", "share"), rows=rows)

    def _comebacks(self, days: Sequence[date]) -> Report:
        kinds = (EventKind.STREAK_BROKEN, *sorted(BACK))
        if (number := self.events.number(kinds, days)) > EVENTS_MAX:
            message = f"there are {number} events in these days, and a report reads {EVENTS_MAX}: say fewer days"
            raise Malformed(FieldError("from", message))
        found = comebacks(self.events.each(kinds, days), days)
        rows = [(one.day.isoformat(), one.broke, one.came_back, one.days_mean) for one in found]
        return Report(columns=("date", "broke", "came_back", "days_mean"), rows=rows)

    def _freezes(self, days: Sequence[date]) -> Report:
        found = self.events.by_day(_FREEZES, days)
        rows: list[tuple[Cell, ...]] = [(day.isoformat(), *(found[kind, day] for kind in _FREEZES)) for day in days]
        return Report(columns=("date", "applied", "refunded", "times_earned", "times_granted"), rows=rows)


def _text(moment: datetime | None) -> str | None:
    return rfc3339(moment) if moment else None


def days_of(name: ReportName, first: date | None, last: date | None, now: datetime) -> Sequence[date]:
    """The days of a report, the last thirty where nobody says which; today of one as of now. Raises `Malformed`."""
    today, reach = now.date(), _reach(name)
    if reach is None:
        said = {"from": first, "to": last}
        wrong = [FieldError(one, "is nothing of this report, which is as of now") for one in said if said[one]]
        if wrong:
            raise Malformed(*wrong)
        return [today]
    until = last or today
    begin = first or until - timedelta(days=DAYS_ASKED - 1)
    if begin > until:
        raise Malformed(FieldError("from", "must not be after to"))
    if (until - begin).days >= DAYS_MAX:
        raise Malformed(FieldError("from", f"must be less than {DAYS_MAX} days before to"))
    if until > today + ONE_DAY:
        raise Malformed(FieldError("to", f"must be {today + ONE_DAY} or earlier: somewhere it is that day already"))
    if today - begin > reach:
        raise Malformed(FieldError("from", f"must be {today - reach} or later, as far back as this is kept"))
    return [begin + timedelta(days=number) for number in range((until - begin).days + 1)]

"""What the values of a row mean, whatever a source has: a user's id, days, moments and numbers.

It must not know where rows come from, or what is refused of what they say.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import Any, Final, TypeVar
from uuid import UUID

from streak_core.domain.commands import OpenUser
from streak_core.domain.days import ONE_DAY, DayStarts, zone_day
from streak_core.domain.errors import FieldError, Malformed
from streak_core.domain.imported import Numbers
from streak_core.domain.zones import zone
from tools.streakctl.bringing.forms import Form
from tools.streakctl.bringing.rows import Row

_USER_ID: Final = re.compile(r"[^\x00-\x20\x7f-\xa0/]{1,128}")
_WHOLE_NUMBER: Final = re.compile(r"-?\d{1,15}", re.ASCII)
_BETWEEN_DAYS: Final = re.compile(r"[\s,;]+")
_DATE: Final = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_MOMENT: Final = re.compile(
    r"(\d{4}-\d\d-\d\d[T ]\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?) ?(Z|UTC|[+-]\d\d(?::?\d\d)?)?", re.ASCII | re.IGNORECASE
)
_MICROSECONDS: Final = re.compile(r"(\.\d{6})\d+")
_MIDNIGHT: Final = time()
# Some thousand years.
_SECONDS_MAX: Final = 2**35

T = TypeVar("T")


@dataclass(frozen=True, kw_only=True)
class Brought:
    """A row that says what it should."""

    user_id: str
    command: OpenUser


@dataclass(frozen=True, kw_only=True)
class RowReader:
    """Reads rows of a form; what a row does not say may be said for all of them."""

    form: Form
    reason: str
    day_starts: DayStarts
    time_zone: str | None = None
    as_of: datetime | date | None = None

    def read(self, row: Row) -> Brought:
        """Who it is about, and the command. Raises `Malformed` with every field that is wrong."""
        if row.fault:
            raise Malformed(FieldError("", row.fault))
        values = _Values(self, row)
        user_id, numbers = values.of("user_id", _user_id), values.numbers()
        as_of = values.of("as_of", values.moment)
        command = OpenUser(
            time_zone=values.time_zone,
            as_of=self.as_of if as_of is None else as_of,
            numbers=numbers,
            reason=self.reason,
        )
        if user_id is None and not any(error.field == "user_id" for error in values.errors):
            values.errors.append(FieldError("user_id", "is missing"))
        if values.errors or user_id is None:
            raise Malformed(*values.errors)
        return Brought(user_id=user_id, command=command)


class _Values:
    """The values of one row, each read as what it should be; what is not that is noted."""

    def __init__(self, reader: RowReader, row: Row) -> None:
        self._columns, self._row, self._starts = reader.form.columns, row, reader.day_starts
        self.errors: list[FieldError] = []
        self.time_zone = self.of("time_zone", _text) or reader.time_zone or ""
        self._is_zone_known = self._knows_zone()

    def _knows_zone(self) -> bool:
        if not self.time_zone:
            self.errors.append(FieldError("time_zone", "is missing; --time-zone says one for all rows"))
            return False
        try:
            zone(self.time_zone)
        except Malformed as malformed:
            self.errors += malformed.errors
            return False
        return True

    def of(self, name: str, read: Callable[[Any], T]) -> T | None:
        """The field as read; None where the row says nothing of it."""
        found = (_inside(self._row.values, column) for column in self._columns.get(name, ()))
        value = next((value for value in found if value is not None and value != ""), None)
        if value is None:
            return None
        try:
            return read(value)
        except (ValueError, OverflowError, TypeError) as error:
            self.errors.append(FieldError(name, str(error)))
            return None

    def numbers(self) -> Numbers:
        """How the user stood; where only the days are known, as they tell."""
        days = self.of("active_days", self._days)
        current, longest = self.of("current_streak", _number), self.of("longest_streak", _number)
        last = self.of("last_active_date", self.day) or (days[-1] if days else None)
        rows = list(_rows(days or ()))
        if current is None and days is not None:
            current = rows[-1] if rows else 0
        if current is None and not self._is_wrong("current_streak", "active_days"):
            self.errors.append(FieldError("current_streak", "is missing, and there are no active_days that tell it"))
        return Numbers(
            current_streak=current or 0,
            longest_streak=max(rows, default=current or 0) if longest is None else longest,
            last_active_date=last,
            freezes=self.of("freezes", _number) or 0,
            xp_total=self.of("xp_total", _number) or 0,
            active_days=days,
        )

    def _is_wrong(self, *names: str) -> bool:
        return any(error.field in names for error in self.errors)

    def day(self, value: object) -> date:
        """A streak day there: a date, or the day that a moment is on."""
        found = self.moment(value)
        if not isinstance(found, datetime):
            return found
        return zone_day(self.time_zone, found, self._starts) if self._is_zone_known else found.date()

    def moment(self, value: object) -> datetime | date:
        """A date, or a moment; one without an offset is in UTC, and its midnight is the date."""
        found = value if isinstance(value, date) else _read_moment(value)
        if not isinstance(found, datetime) or found.tzinfo:
            return found
        # A date that was kept, or written, as a moment without a zone.
        return found.date() if found.time() == _MIDNIGHT else found.replace(tzinfo=UTC)

    def _days(self, value: object) -> tuple[date, ...]:
        if isinstance(value, str):
            value = json.loads(value) if value.lstrip().startswith("[") else _BETWEEN_DAYS.split(value.strip())
        if not isinstance(value, list | tuple):
            message = "must be dates, as a list or as text with spaces between them"
            raise TypeError(message)
        # Moments of one day are that day.
        return tuple(sorted({self.day(one) for one in value}))


def _inside(values: Mapping[str, Any], column: str) -> Any:  # noqa: ANN401 - whatever a source has
    """The value of a column, or of what lies in a map: `streak.current_streak`."""
    if column in values:
        return values[column]
    outer, dot, inner = column.partition(".")
    found = values.get(outer)
    return _inside(found, inner) if dot and isinstance(found, Mapping) else None


def _read_moment(value: object) -> datetime | date:
    """As exports of Firestore write a timestamp, or as text. Raises `ValueError`."""
    if isinstance(value, Mapping):
        seconds = value.get("_seconds", value.get("seconds"))
        if isinstance(seconds, int) and not isinstance(seconds, bool) and abs(seconds) < _SECONDS_MAX:
            return datetime.fromtimestamp(seconds, UTC)
    text = value.strip() if isinstance(value, str) else ""
    try:
        if _DATE.fullmatch(text):
            return date.fromisoformat(text)
        if found := _MOMENT.fullmatch(text):
            moment, offset = _MICROSECONDS.sub(r"\1", found[1]), (found[2] or "").upper()
            return datetime.fromisoformat(moment + ("Z" if offset == "UTC" else offset))
    except ValueError:
        pass
    message = "must be a date such as 2026-03-02, or a moment such as 2026-03-02T09:00:00Z"
    raise ValueError(message)


def _user_id(value: object) -> str:
    text = str(value) if isinstance(value, str | int | UUID) and not isinstance(value, bool) else ""
    if not _USER_ID.fullmatch(text):
        message = "must be a user's id: 1 to 128 characters without spaces or slashes"
        raise ValueError(message)
    return text


def _number(value: Any) -> int:  # noqa: ANN401 - whatever a source has
    if isinstance(value, str) and _WHOLE_NUMBER.fullmatch(value.strip()):
        return int(value)
    is_number = isinstance(value, int | float | Decimal) and not isinstance(value, bool)
    if is_number and math.isfinite(value) and value == int(value):
        return int(value)
    message = "must be a whole number"
    raise ValueError(message)


def _text(value: object) -> str:
    if isinstance(value, str):
        return value.strip()
    message = "must be text"
    raise ValueError(message)


def _rows(days: tuple[date, ...]) -> Iterator[int]:
    """How long the row of days is that ends with each of them."""
    row = 0
    for number, day in enumerate(days):
        row = row + 1 if number and day - days[number - 1] == ONE_DAY else 1
        yield row

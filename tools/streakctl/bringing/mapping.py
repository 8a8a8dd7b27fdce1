"""What the columns of a row mean: our own names, columns that the operator names, and those of known systems.

It must not know where rows come from, or what is refused of what they say.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from enum import StrEnum
from typing import Any, Final, TypeVar

from streak_core.domain.commands import OpenUser
from streak_core.domain.days import ONE_DAY, zone_day
from streak_core.domain.errors import FieldError, Malformed
from streak_core.domain.imported import Numbers
from streak_core.domain.zones import zone
from tools.streakctl.bringing.sources import Query, Row
from tools.streakctl.database import WrongUseError

FIELDS: Final = (
    "user_id",
    "time_zone",
    "as_of",
    "current_streak",
    "longest_streak",
    "last_active_date",
    "freezes",
    "xp_total",
    "active_days",
)
_USER_ID: Final = re.compile(r"[^\x00-\x20\x7f-\xa0/]{1,128}")
_WHOLE_NUMBER: Final = re.compile(r"-?\d{1,15}", re.ASCII)
_BETWEEN_DAYS: Final = re.compile(r"[\s,;]+")
_DATE_CHARACTERS: Final = len("2026-03-02")

T = TypeVar("T")


@dataclass(frozen=True, kw_only=True)
class Form:
    """For each field the columns that may hold it, the first that is there; a dot goes into a map."""

    columns: Mapping[str, tuple[str, ...]]
    # Of a database, where the form knows it.
    query: Query | None = None


OWN: Final = Form(columns={name: (name,) for name in FIELDS})
# A Django application: its model `UserStreak` has one row a user.
BOLTABACUS: Final = Form(
    columns={
        "user_id": ("user_id",),
        "current_streak": ("current_streak",),
        "longest_streak": ("max_streak",),
        "last_active_date": ("last_activity_date",),
    },
    query=Query("Authentication_userstreak"),
)
# Documents of Firestore, exported with one a line; weeks and bonus begin anew.
ALLMS: Final = Form(
    columns={
        "user_id": ("user_id", "uid", "id"),
        "time_zone": ("time_zone", "timezone"),
        "current_streak": ("streak.current_streak", "streak.current_count"),
        "longest_streak": ("streak.longest_streak",),
        "last_active_date": ("streak.last_activity_day", "streak.last_activity_date"),
        "freezes": ("streak.freezes_available",),
        "xp_total": ("total_xp", "xp_total", "streak.total_xp"),
    }
)
# It keeps no streak: the days on which meals were logged tell it.
CALORIA: Final = Form(
    columns={"user_id": ("id",), "time_zone": ("time_zone", "timezone"), "active_days": ("streakctl_days",)},
    query=Query(
        "user",
        ", (SELECT group_concat(d.date, ' ') FROM daily_stats AS d WHERE d.user_id = t.id AND d.meals_logged > 0)"
        " AS streakctl_days",
    ),
)


class FormName(StrEnum):
    """The forms that rows may have."""

    OWN = "own"
    BOLTABACUS = "boltabacus"
    ALLMS = "allms"
    CALORIA = "caloria"


FORMS: Final = {
    FormName.OWN: OWN,
    FormName.BOLTABACUS: BOLTABACUS,
    FormName.ALLMS: ALLMS,
    FormName.CALORIA: CALORIA,
}


@dataclass(frozen=True, kw_only=True)
class Brought:
    """A row that says what it should."""

    user_id: str
    command: OpenUser


def with_columns(form: Form, named: Iterable[str]) -> Form:
    """The form with columns as the operator names them: `current_streak=days`. Raises `WrongUseError`."""
    columns = dict(form.columns)
    for text in named:
        name, _, column = text.partition("=")
        if name not in FIELDS or not column:
            message = f"--map {text} is no FIELD=COLUMN; fields are {', '.join(FIELDS)}"
            raise WrongUseError(message)
        columns[name] = (column,)
    return replace(form, columns=columns)


@dataclass(frozen=True, kw_only=True)
class RowReader:
    """Reads rows of a form; what a row does not say may be said for all of them."""

    form: Form
    reason: str
    day_start_hour: int
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
        self._columns, self._row, self._hour = reader.form.columns, row, reader.day_start_hour
        self.errors: list[FieldError] = []
        self.time_zone = self.of("time_zone", str) or reader.time_zone or ""
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
        last = self.of("last_active_date", self.day)
        if current is None and days is not None:
            rows = list(_rows(days))
            current = rows[-1] if rows else 0
            longest = max(rows, default=0) if longest is None else longest
            last = last or (days[-1] if days else None)
        if current is None and not self._is_wrong("current_streak", "active_days"):
            self.errors.append(FieldError("current_streak", "is missing, and there are no active_days that tell it"))
        return Numbers(
            current_streak=current or 0,
            longest_streak=(current or 0) if longest is None else longest,
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
        return zone_day(self.time_zone, found, self._hour) if self._is_zone_known else found.date()

    def moment(self, value: object) -> datetime | date:
        """A date, or a moment; one without an offset is in UTC."""
        if isinstance(value, Mapping):
            # As exports of Firestore write a timestamp.
            value = datetime.fromtimestamp(value.get("_seconds", value.get("seconds")), UTC)
        if isinstance(value, str):
            text = value.strip()
            value = date.fromisoformat(text) if len(text) == _DATE_CHARACTERS else datetime.fromisoformat(text)
        if isinstance(value, datetime):
            return value if value.tzinfo else value.replace(tzinfo=UTC)
        if isinstance(value, date):
            return value
        message = "must be a date such as 2026-03-02, or a moment such as 2026-03-02T09:00:00Z"
        raise ValueError(message)

    def _days(self, value: object) -> tuple[date, ...]:
        if isinstance(value, str):
            value = json.loads(value) if value.lstrip().startswith("[") else _BETWEEN_DAYS.split(value.strip())
        if not isinstance(value, list | tuple):
            message = "must be dates, as a list or as text with spaces between them"
            raise TypeError(message)
        return tuple(sorted(self.day(one) for one in value))


def _inside(values: Mapping[str, Any], column: str) -> Any:  # noqa: ANN401 - whatever a source has
    """The value of a column, or of what lies in a map: `streak.current_streak`."""
    if column in values:
        return values[column]
    outer, dot, inner = column.partition(".")
    found = values.get(outer)
    return _inside(found, inner) if dot and isinstance(found, Mapping) else None


def _user_id(value: object) -> str:
    text = str(value)
    if not _USER_ID.fullmatch(text):
        message = "must be a user's id: 1 to 128 characters without spaces or slashes"
        raise ValueError(message)
    return text


def _number(value: object) -> int:
    if isinstance(value, str) and _WHOLE_NUMBER.fullmatch(value.strip()):
        return int(value)
    if isinstance(value, int | float) and not isinstance(value, bool) and value == int(value):
        return int(value)
    message = "must be a whole number"
    raise ValueError(message)


def _rows(days: tuple[date, ...]) -> Iterator[int]:
    """How long the row of days is that ends with each of them."""
    row = 0
    for number, day in enumerate(days):
        row = row + 1 if number and day - days[number - 1] == ONE_DAY else 1
        yield row

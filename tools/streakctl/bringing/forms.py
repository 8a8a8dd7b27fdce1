"""The forms that rows may have: our own, those of known systems, and columns that the operator names.

It must not know what is read of a value.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final

from tools.streakctl.bringing.databases import Query
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
        "user_id": ("user_id", "user"),
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
        ", (SELECT coalesce(group_concat(d.date, ' '), '[]') FROM daily_stats AS d"
        " WHERE d.user_id = t.id AND d.meals_logged > 0) AS streakctl_days",
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


def unused_columns(form: Form, columns: Sequence[str] | None, named: Iterable[str]) -> list[str]:
    """Those that nothing is taken from. Raises `WrongUseError` where a column that is needed, or named, is missing.

    Where rows have columns of their own, None, nothing is known of them.
    """
    if columns is None:
        return []
    for name in ("user_id", *(text.partition("=")[0] for text in named)):
        if not any(column in columns or column.partition(".")[0] in columns for column in form.columns[name]):
            wanted = " or ".join(form.columns[name])
            message = f"there is no column {wanted} for {name}; --map {name}=COLUMN names one of: {', '.join(columns)}"
            raise WrongUseError(message)
    used = {part for one in form.columns.values() for column in one for part in (column, column.partition(".")[0])}
    return [column for column in columns if column not in used]

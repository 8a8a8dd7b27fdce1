"""What a user's document says of reminders: when the next one is due, and which streak day the last one was of.

It must not know queries or transactions. Whoever has no wish for reminders has neither field.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, Final

from pydantic import TypeAdapter

from streak_core.domain.notices import NO_CHOICES
from streak_core.domain.reminders import Wish, remind_at
from streak_core.store.unreadable import UnreadableStreakError, reading

if TYPE_CHECKING:
    from collections.abc import Mapping

    from streak_core.domain.model import Streak
    from streak_core.domain.replay import View

REMIND_AT: Final = "remind_at"
REMINDED: Final = "reminded"
REMINDING: Final = (REMIND_AT, REMINDED)

_DATE: Final = TypeAdapter(date | None)


@dataclass(frozen=True, kw_only=True, slots=True)
class Reminding:
    """Both fields, as they are stored."""

    remind_at: datetime | None = None
    reminded: date | None = None


NOT_REMINDED: Final = Reminding()


def read_reminding(document: Mapping[str, Any]) -> Reminding:
    """Both fields of a user's document. Raises `UnreadableStreakError`."""
    due = document.get(REMIND_AT)
    with reading():
        reminded = _DATE.validate_python(document.get(REMINDED))
    return Reminding(remind_at=due if isinstance(due, datetime) else None, reminded=reminded)


def reminding_if_readable(document: Mapping[str, Any]) -> Reminding:
    """The same; of what does not read, that nothing is planned."""
    try:
        return read_reminding(document)
    except UnreadableStreakError:
        return NOT_REMINDED


def wish_of(streak: Streak, now: datetime, known: Reminding) -> Wish:
    """What a reminder goes by; who is blocked could not do what it asks for, and wishes nothing."""
    choices = streak.settings.notices
    if choices is None or streak.is_blocked(now):
        choices = NO_CHOICES
    return Wish(choices=choices, habit=tuple(streak.habit.values()), reminded=known.reminded)


def reminding_fields(streak: Streak, view: View, known: Reminding) -> dict[str, Any]:
    """The fields as of the view; what says nothing is not there."""
    if streak.settings.notices is None and known == NOT_REMINDED:
        # As most are.
        return {}
    fields = {
        REMIND_AT: remind_at(view, wish_of(streak, view.now, known)),
        REMINDED: known.reminded.isoformat() if known.reminded else None,
    }
    return {name: value for name, value in fields.items() if value is not None}


def gone(known: Reminding, fields: Mapping[str, Any]) -> tuple[str, ...]:
    """Which field is to be taken out of a document in whose place those fields are written."""
    return (REMIND_AT,) if known.remind_at is not None and REMIND_AT not in fields else ()

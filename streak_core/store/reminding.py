"""What a user's document says of what is to be told: which events wait, when the run is to look, what was reminded of.

It must not know queries or transactions. Whoever wishes for nothing has none of these fields.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, Final

from pydantic import TypeAdapter

from streak_core.domain.notices import NO_CHOICES
from streak_core.domain.reminders import Wish, remind_at
from streak_core.domain.told_events import is_undone, told_at, waiting_after
from streak_core.store.forms import v2
from streak_core.store.forms.from_model import events_text
from streak_core.store.forms.to_model import event_of
from streak_core.store.unreadable import UnreadableStreakError, reading

if TYPE_CHECKING:
    from collections.abc import Mapping

    from streak_core.domain.events import Event
    from streak_core.domain.model import Streak
    from streak_core.domain.notices import NoticeChoices
    from streak_core.domain.replay import View

REMIND_AT: Final = "remind_at"
REMINDED: Final = "reminded"
WAITING: Final = "notices_waiting"
REMINDING: Final = (REMIND_AT, REMINDED, WAITING)

_DATE: Final = TypeAdapter(date | None)


@dataclass(frozen=True, kw_only=True, slots=True)
class Reminding:
    """All of these fields, as they are stored."""

    remind_at: datetime | None = None
    reminded: date | None = None
    # What has happened and the user is still to be told of.
    waiting: tuple[Event, ...] = ()


NOT_REMINDED: Final = Reminding()


def read_reminding(document: Mapping[str, Any]) -> Reminding:
    """These fields of a user's document. Raises `UnreadableStreakError`."""
    due, waiting = document.get(REMIND_AT), document.get(WAITING)
    with reading():
        reminded = _DATE.validate_python(document.get(REMINDED))
        events = () if waiting is None else tuple(map(event_of, v2.EVENTS.validate_json(waiting)))
    return Reminding(remind_at=due if isinstance(due, datetime) else None, reminded=reminded, waiting=events)


def reminding_if_readable(document: Mapping[str, Any]) -> Reminding:
    """The same; of what does not read, that nothing is planned."""
    try:
        return read_reminding(document)
    except UnreadableStreakError:
        return NOT_REMINDED


def choices_of(streak: Streak, now: datetime) -> NoticeChoices:
    """What a user wishes to be told of; who is blocked could do nothing about it, and wishes nothing."""
    choices = streak.settings.notices
    return NO_CHOICES if choices is None or streak.is_blocked(now) else choices


def wish_of(streak: Streak, now: datetime, known: Reminding) -> Wish:
    """What a reminder goes by."""
    return Wish(choices=choices_of(streak, now), habit=tuple(streak.habit.values()), reminded=known.reminded)


def after_events(known: Reminding, streak: Streak, view: View, told: Mapping[str, Event | None]) -> Reminding:
    """What waits once these events are written; those that are None, or undone as the view has it, are taken out."""
    if streak.settings.notices is None and not known.waiting:
        # As of most.
        return known
    waiting = waiting_after(known.waiting, told, choices_of(streak, view.now), view.now)
    return replace(known, waiting=tuple(one for one in waiting if not is_undone(one, streak, view)))


def reminding_fields(streak: Streak, view: View, known: Reminding) -> dict[str, Any]:
    """The fields as of the view; what says nothing is not there."""
    if streak.settings.notices is None and known == NOT_REMINDED:
        # As most are.
        return {}
    wish = wish_of(streak, view.now, known)
    moments = (remind_at(view, wish), *(told_at(event, view, wish.choices) for event in known.waiting))
    fields = {
        REMIND_AT: min((one for one in moments if one is not None), default=None),
        REMINDED: known.reminded.isoformat() if known.reminded else None,
        WAITING: events_text(known.waiting) if known.waiting else None,
    }
    return {name: value for name, value in fields.items() if value is not None}


def gone(known: Reminding, fields: Mapping[str, Any]) -> tuple[str, ...]:
    """Which fields are to be taken out of a document in whose place those fields are written."""
    stored = {REMIND_AT: known.remind_at, WAITING: known.waiting}
    return tuple(name for name, value in stored.items() if value and name not in fields)

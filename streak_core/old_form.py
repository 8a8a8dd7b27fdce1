"""Lets what was decided be written as form 1, for the one release in which programs that know no other still run.

It must not know documents' fields. Nothing is listed here that could be forgotten: a decision is written as form 1 only
where its entry, read back, leads to the same state and the same answers; else it is refused whole.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from streak_core.domain.commands import ActivityRecorded, ActivityUndone, CheckIn, NothingChanged
from streak_core.domain.commands.pauses import open_pauses
from streak_core.domain.commands.settings import settings_now
from streak_core.domain.decision import Decision, carry_out, next_entry
from streak_core.domain.entries import key_entry_id, undo_entry_id
from streak_core.domain.errors import Unavailable
from streak_core.domain.events import Event, EventKind
from streak_core.domain.offers import possible
from streak_core.domain.replay import replay
from streak_core.store.forms import to_v1, upgrade, v1, v1_entries
from streak_core.store.forms.to_model import streak_of

if TYPE_CHECKING:
    from datetime import date

    from streak_core.domain.commands import Command, Content
    from streak_core.domain.entries import LedgerEntry
    from streak_core.domain.model import Streak
    from streak_core.domain.offers import Offer
    from streak_core.domain.replay import View
    from streak_core.domain.state import UserState


_ZONE: Final = "a time zone that an activity says"
_PAUSES: Final = "several pauses"
_OTHERWISE: Final = "what the new rules make of it"


class NotAvailableYet(Unavailable):
    """A command of the second edition, while what is stored must still be readable for the program before."""

    code = "not_available_yet"
    message = "The service is being updated and can't do this yet ({what}). Nothing was changed. Send it again later."
    retry_after_seconds = 300


def without_its_key(command: Command) -> Command:
    """The command as the program before knew it: it recorded check-ins by their day, whatever the key."""
    return replace(command, key=None) if isinstance(command, CheckIn) else command


def as_form_1(decision: Decision, state: UserState, key: str | None) -> Decision:
    """The decision with its entry as form 1 has it, under the id that the program before looks for.

    What changes nothing is not written, as before. Raises `NotAvailableYet`.
    """
    if decision.entry is None:
        return decision
    if isinstance(decision.entry.content, NothingChanged):
        return Decision(creates=False, streak=state.streak, view=state.view, repeats=decision.repeats)
    entry = replace(decision.entry, entry_id=_entry_id(decision.entry, key))
    try:
        read_back = v1_entries.entry_of(v1.ENTRY.validate_json(to_v1.entry_text(entry)))
        _check_same(decision, carry_out(state, read_back), state)
    except to_v1.NoPlaceError as error:
        raise NotAvailableYet(what=error) from error
    return replace(decision, entry=entry, events=_without_achievements(decision.events))


def _without_achievements(events: tuple[Event, ...]) -> tuple[Event, ...]:
    """Form 1 keeps none that was earned: what a user has come to by then counts as earned once form 2 is written."""
    return tuple(event for event in events if event.kind is not EventKind.ACHIEVEMENT_UNLOCKED)


def offers_in_form_1(state: UserState) -> tuple[Offer, ...]:
    """What is offered and form 1 can hold; until the day ends, since it may not hold the same tomorrow."""
    view = state.view
    ends = view.zone_line.ends_at(view.today)
    held = [one.offer for one in possible(state) if _can_be_held(one.content, state)]
    return tuple(replace(offer, until=min(offer.until, ends)) for offer in held)


def _can_be_held(content: Content, state: UserState) -> bool:
    try:
        as_form_1(carry_out(state, next_entry(state, content)), state, None)
    except NotAvailableYet:
        return False
    return True


def _entry_id(entry: LedgerEntry, key: str | None) -> str:
    content = entry.content
    if isinstance(content, ActivityUndone):
        return undo_entry_id(content.activity.activity_id)
    return entry.entry_id if key is None or content.own_entry_id() else key_entry_id(key)


def _check_same(decision: Decision, again: Decision, state: UserState) -> None:
    """Raises `NoPlaceError` where form 1 leads to another state, or the state to other answers."""
    text, content = to_v1.streak_text(decision.streak), decision.entry.content if decision.entry else None
    otherwise = _ZONE if isinstance(content, ActivityRecorded) and content.zone else _OTHERWISE
    if to_v1.streak_text(again.streak) != text:
        raise to_v1.NoPlaceError(otherwise)
    stored = streak_of(upgrade.streak(v1.STREAK.validate_json(text)))
    view, first = replay(stored, state.rules, state.view.now), stored.checkpoint.next_day
    if _answers(stored, view, first) != _answers(decision.streak, decision.view, first):
        raise to_v1.NoPlaceError(otherwise)
    if len(open_pauses(stored, decision.view.today)) > 1:
        raise to_v1.NoPlaceError(_PAUSES)


def _answers(streak: Streak, view: View, first: date) -> tuple[object, ...]:
    """What is answered of a user from a day on, but for what is only counted."""
    days = [judged for judged in view.days if judged.day >= first]
    return (
        [(judged.verdict, judged.current_streak, judged.freezes, judged.broke) for judged in days],
        (view.today, view.current_streak, view.longest_streak, view.streak_started_on, view.last_active_date),
        (view.freezes_available, view.xp_total, view.bonus_active, view.expires_at, view.timeline),
        replace(settings_now(streak.settings, view.today), pause=None),
        [(pause.from_day, pause.until_day) for pause in streak.settings.pauses],
    )

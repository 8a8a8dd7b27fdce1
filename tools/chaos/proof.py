"""The proof of one user at the end of a life: every question, the ledger, the state and the events against the model.

It must not know how it was lived.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from typing import Any, Final

from google.cloud import firestore

from streak_core import responses
from streak_core.domain.commands import ChangeSettings
from streak_core.domain.days import rfc3339
from streak_core.domain.entries import CHECK_IN_PREFIX, LedgerEntry
from streak_core.domain.events import time_events
from streak_core.domain.ledger import rebuild
from streak_core.domain.model import Streak
from streak_core.queries import Page, StreakQueries
from streak_core.store import documents
from streak_core.store.documents import UnreadableStreakError
from streak_core.store.reading import Cursor
from testing.pure_user import PureUser
from testing.scenarios import difference
from tools.chaos.devices import Device, answer_to
from tools.chaos.possible_states import PossibleState, entry_name

Json = dict[str, Any]

_ASKED: Final[tuple[Json, ...]] = (
    {"do": "get_streak"},
    {"do": "get_calendar", "days": 75},
    {"do": "get_consistency"},
)
_PAGE_ITEMS: Final = 7
_PAGES_MAX: Final = 1000
# The steps of the proof have numbers of their own, far from those of any life.
_FIRST_NUMBER: Final = 1_000_000
AFTER_ALL: Final = 2_000_000
# What is said of a user beside the state, for queries and clients that listen.
_FIELDS: Final = ("current_streak", "longest_streak", "freezes_available", "xp_total", "last_active_date", "expires_at")


def prove(
    device: Device, clean: firestore.Client, user_id: str, state: PossibleState, moments: Sequence[str]
) -> Iterator[str]:
    """Each difference, in words; none where everything is as the model has it."""
    number = _FIRST_NUMBER
    for moment in moments:
        for question in _ASKED:
            number += 1
            step = {"at": moment, **question}
            answer = device.ask(number, lambda queries, step=step: answer_to(queries, user_id, step))  # type: ignore[misc]
            found = difference(state.ask(step), answer)
            if found:
                yield f"{question['do']} at {moment}: {found}"
    yield from _wrong_verdicts(device, user_id, state, moments[0])
    yield from _wrong_ledger(clean, user_id, state, device)
    yield from _wrong_listing(device, user_id, state)
    yield from _wrong_events(device, user_id, state, moments)


def _wrong_verdicts(device: Device, user_id: str, state: PossibleState, moment: str) -> Iterator[str]:
    now = datetime.fromisoformat(moment)
    expected = {day.isoformat(): verdict for day, verdict in state.model.days(now)}
    for row in device.ask(_FIRST_NUMBER + 100, lambda ask: ask.explain(user_id, now, 14))["days"]:
        if row["verdict"] != expected.get(row["date"], "none"):
            yield f"explain of {row['date']}: expected {expected.get(row['date'])}, got {row['verdict']}"


def _wrong_ledger(clean: firestore.Client, user_id: str, state: PossibleState, device: Device) -> Iterator[str]:
    """Everything that was accepted once, nothing else, and the state is what it leads to."""
    try:
        entries, stored_state = stored_ledger(clean, user_id), _stored_state(clean, user_id)
    except UnreadableStreakError as error:
        yield f"unreadable: {error}"
        return
    if [entry.seq for entry in entries] != list(range(1, len(entries) + 1)):
        yield f"the ledger's sequence numbers are {[entry.seq for entry in entries]}"
    written = [written_as(entry) for entry in entries]
    for expected, (entry_id, at) in zip(state.journal, written, strict=False):
        if not expected.fits(entry_id, at):
            yield f"the ledger holds {entry_id} at {at}, expected {expected.entry} at {expected.at}"
    if len(written) != len(state.journal):
        yield f"the ledger holds {len(written)} entries, expected {len(state.journal)}"
    if rebuild(entries, device.policy) != stored_state:
        yield "the stored state is not what the ledger leads to"


def wrong_fields(clean: firestore.Client, user_id: str, state: PossibleState, moment: str) -> Iterator[str]:
    """Each field of the user's document that is not what the model says as of the moment."""
    found = _stored_fields(clean, user_id, _FIELDS)
    expected = state.ask({"at": moment, "do": "get_streak"})
    for name in found:
        if found[name] != expected[name]:
            yield f"the field {name} at {moment}: expected {expected[name]!r}, got {found[name]!r}"


def _wrong_listing(device: Device, user_id: str, state: PossibleState) -> Iterator[str]:
    items = _all_pages(device, _FIRST_NUMBER + 200, lambda ask, after: ask.activities(user_id, _PAGE_ITEMS, after))
    listed = [
        (item["activity_id"], item["undone"]) for item in items if not item["activity_id"].startswith(CHECK_IN_PREFIX)
    ]
    activities = sorted(state.model.activities.items(), key=lambda one: -one[1].number)
    expected = [(name, activity.undone) for name, activity in activities if not activity.by_check_in]
    # Activities of the same moment are listed by their ids.
    if sorted(listed) != sorted(expected):
        yield f"activities: expected {expected}, got {listed}"


def _wrong_events(device: Device, user_id: str, state: PossibleState, moments: Sequence[str]) -> Iterator[str]:
    """The events are those of the same commands in a life without faults and without any job."""
    alone = PureUser(device.policy)
    for step, answer in state.lived:
        alone.step(step)
        answered = answer.get("events")
        caused = [responses.event_response(event) for event in alone.caused]
        if answered is not None and answered != caused:
            yield f"events answered to {step}: expected {caused}, got {answered}"
    for place, moment in enumerate(moments):
        now = datetime.fromisoformat(moment)
        number = _FIRST_NUMBER + 300 + 50 * place
        found = _all_pages(device, number, lambda ask, after, now=now: ask.events(user_id, now, _PAGE_ITEMS, after))  # type: ignore[misc]
        expected = _events(alone, now)
        if found != expected:
            yield f"events at {moment}: {difference(expected, found) or 'order'}"


def _events(alone: PureUser, now: datetime) -> list[Json]:
    state = alone.state(now)
    unwritten = time_events(state.view, alone.settled_through) if alone.streak else ()
    known = {**alone.events, **{event.event_id: event for event in unwritten}}
    until_now = [event for event in known.values() if event.at <= state.view.now]
    listed = sorted(until_now, key=lambda e: (e.at, e.event_id), reverse=True)
    return [dict(responses.event_response(event)) for event in listed]


def _all_pages(device: Device, number: int, ask: Callable[[StreakQueries, Cursor | None], Page[Any]]) -> list[Json]:
    items: list[Json] = []
    after: Cursor | None = None
    for page_number in range(_PAGES_MAX):
        page: Page[Any] = device.ask(number + page_number, lambda queries, after=after: ask(queries, after))  # type: ignore[misc]
        items += page.items
        after = page.after
        if after is None:
            break
    return items


def written_as(entry: LedgerEntry) -> tuple[str, datetime]:
    """The name and the moment by which an entry is told from others."""
    sent = entry.content.request() if isinstance(entry.content, ChangeSettings) else {}
    return entry_name(entry.entry_id, sent), entry.at


def stored_ledger(client: firestore.Client, user_id: str) -> list[LedgerEntry]:
    """All entries of a user in the order of their sequence numbers."""
    user_doc = client.collection(documents.STREAKS).document(documents.user_doc_id(user_id))
    found = [documents.read_entry(one.to_dict() or {}) for one in user_doc.collection(documents.LEDGER).stream()]
    return sorted(found, key=lambda entry: entry.seq)


def _stored_fields(client: firestore.Client, user_id: str, names: Sequence[str]) -> dict[str, Any]:
    """Fields of the user's document, instants as they are sent; none where there is no document."""
    found = client.collection(documents.STREAKS).document(documents.user_doc_id(user_id)).get(names).to_dict() or {}
    return {name: rfc3339(value) if isinstance(value, datetime) else value for name, value in found.items()}


def _stored_state(client: firestore.Client, user_id: str) -> Streak | None:
    """The stored state; None where there is none."""
    found = client.collection(documents.STREAKS).document(documents.user_doc_id(user_id)).get()
    return documents.read_streak(found.to_dict() or {})[0] if found.exists else None

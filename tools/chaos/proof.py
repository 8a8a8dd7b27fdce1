"""The proof of one user at the end of a life: every question, the ledger, the state and the events against the model.

It must not know how it was lived.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import count
from typing import Any, Final

from google.cloud import firestore

from streak_core import responses
from streak_core.domain.commands import (
    ActivityRedone,
    ActivityUndone,
    Content,
    DayRestored,
    DaysExcused,
    FreezesGranted,
    PauseStreak,
    PlanFreeze,
    SettingsChanged,
    StreakLengthened,
    UnplanFreeze,
    UserBlocked,
    XpGranted,
)
from streak_core.domain.days import rfc3339
from streak_core.domain.entries import LedgerEntry
from streak_core.domain.events import time_events
from streak_core.domain.judging_anew import rebuild, up_to_date
from streak_core.domain.model import Streak
from streak_core.domain.refusals import UserErased
from streak_core.domain.rules import Rules
from streak_core.queries import Page, StreakQueries
from streak_core.store import documents
from streak_core.store.reading import Cursor
from streak_core.store.sessions import signed_in
from streak_core.store.tombstones import checked, is_tombstone
from streak_core.store.unreadable import UnreadableStreakError
from testing.pure_user import PureUser
from testing.scenarios import difference
from testing.steps import QueryStep
from tools.chaos.devices import Device, answer_to
from tools.chaos.lives import EXPLAINED_DAYS
from tools.chaos.possible_states import HEARD, PossibleState, entry_name
from tools.streakctl.mending import MendingStore
from tools.streakctl.proving import Finding, Prover

Json = dict[str, Any]

_PAGE_ITEMS: Final = 7
_PAGES_MAX: Final = 1000
# The steps of the proof have numbers of their own, far from those of any life.
_FIRST_NUMBER: Final = 1_000_000
AFTER_ALL: Final = 2_000_000
# What is said of a user beside the state, for queries and clients that listen.
_NUMBERS: Final = ("current_streak", "longest_streak", "freezes_available", "xp_total", "last_active_date")
_FIELDS: Final = (*_NUMBERS, "expires_at")

# All that is kept of whoever was erased.
_TOMBSTONE: Final = {"schema_version", "erased_at"}


@dataclass(frozen=True)
class Stored:
    """One user's documents, read without faults."""

    client: firestore.Client
    user_id: str

    @property
    def user_doc(self) -> firestore.DocumentReference:
        """The user's own."""
        return self.client.collection(documents.STREAKS).document(documents.user_doc_id(self.user_id))

    def ledger(self) -> list[LedgerEntry]:
        """All entries in the order of their sequence numbers."""
        found = (
            documents.read_entry(one.to_dict() or {}) for one in self.user_doc.collection(documents.LEDGER).stream()
        )
        return sorted(found, key=lambda entry: entry.seq)

    def left(self) -> Iterator[str]:
        """What an erasing has left of the user and should not have: all but a tombstone."""
        found = self.user_doc.get().to_dict() or {}
        if found.keys() != _TOMBSTONE:
            yield f"{self.user_id!r} was erased, and the document has {sorted(found)}"
        for collection in self.user_doc.collections():
            yield f"{self.user_id!r} was erased, and something is left in {collection.id}"

    def keeps_away(self, sign_in: datetime) -> bool:
        """Whether who signed in then is told to be erased, whatever has been done since."""
        try:
            with signed_in(self.user_id, sign_in):
                checked(self.user_id, self.user_doc.get().to_dict() or {})
        except UserErased:
            return True
        return False

    def wrong_fields(self, state: PossibleState, moment: str) -> Iterator[str]:
        """Each field of the user's document that is not what the model says as of the moment."""
        found = self.user_doc.get(_FIELDS).to_dict() or {}
        expected = state.ask({"at": moment, "do": QueryStep.STREAK})
        for name, value in found.items():
            got = rfc3339(value) if isinstance(value, datetime) else value
            if got != expected[name]:
                yield f"{self.user_id!r}: the field {name} at {moment}: expected {expected[name]!r}, got {got!r}"

    def wrong_numbers(self, state: PossibleState, moment: str) -> Iterator[str]:
        """Where a streak is stored that is none, or stored as over for good and it is not."""
        found = self.user_doc.get(_FIELDS).to_dict() or {}
        expected = state.ask({"at": moment, "do": QueryStep.STREAK}) if found else {}
        wrong: list[str] = [name for name in _NUMBERS if name in found and found[name] != expected[name]]
        if found.get("expires_at") is None and expected.get("expires_at") is not None:
            wrong.append("expires_at")
        for name in wrong:
            yield f"{self.user_id!r}: the field {name} at {moment}: expected {expected[name]!r}, got {found[name]!r}"

    def amnesties(self) -> int:
        """By how many changes of the list of amnesties the user was judged last."""
        document = self.user_doc.get().to_dict() or {}
        return 0 if is_tombstone(document) or not document else documents.read_streak(document)[0].amnesties

    def wrong_timeline(self, state: PossibleState, moments: Sequence[str]) -> Iterator[str]:
        """What a client that listens to the document, and asks nobody, shows otherwise than the model."""
        found = self.user_doc.get(("timeline", "timeline_until")).to_dict() or {}
        told = json.loads(found.get("timeline", "[]"))
        for moment in moments:
            now = datetime.fromisoformat(moment)
            rows = [row for row in told if datetime.fromisoformat(row["from"]) <= now]
            if rows and now < found["timeline_until"]:
                [stands, *_] = state.ask({"at": moment, "do": QueryStep.STREAK})["timeline"]
                expected = {**stands, "from": rows[-1]["from"]}
                if rows[-1] != expected:
                    yield f"{self.user_id!r}: the timeline at {moment}: expected {expected}, got {rows[-1]}"


@dataclass(frozen=True)
class Proof:
    """One user, asked through a device as of some moments, against the state that the model has of them."""

    device: Device
    stored: Stored
    state: PossibleState
    moments: Sequence[str]
    _numbers: Iterator[int] = field(default_factory=lambda: count(_FIRST_NUMBER))

    def differences(self) -> Iterator[str]:
        """Each one in words; none where everything is as the model has it."""
        for moment in self.moments:
            yield from self._wrong_answers(moment)
        yield from self._wrong_ledger()
        yield from self._wrong_listing()
        yield from self._wrong_events()

    def _ask(self, question: Callable[[StreakQueries], Any]) -> Any:  # noqa: ANN401 - any answer
        return self.device.ask(next(self._numbers), self.stored.user_id, question)

    def _wrong_answers(self, moment: str) -> Iterator[str]:
        for question in QueryStep:
            step = {"at": moment, "do": question, "days": EXPLAINED_DAYS if question is QueryStep.EXPLAIN else 75}
            answer = self._ask(lambda queries, step=step: answer_to(queries, self.stored.user_id, step))  # type: ignore[misc]
            found = difference(self.state.ask(step), answer)
            if found:
                yield f"{question.value} at {moment}: {found}"

    def _wrong_ledger(self) -> Iterator[str]:
        """Everything that was accepted once, nothing else, and the state is what it leads to."""
        try:
            entries, found = self.stored.ledger(), self.stored.user_doc.get()
            document = found.to_dict() or {}
            stored_state = documents.read_streak(document)[0] if found.exists and not is_tombstone(document) else None
        except UnreadableStreakError as error:
            yield f"unreadable: {error}"
            return
        if [entry.seq for entry in entries] != list(range(1, len(entries) + 1)):
            yield f"the ledger's sequence numbers are {[entry.seq for entry in entries]}"
        journal = self.state.journal
        for expected, (entry_id, at) in zip(journal, map(written_as, entries), strict=False):
            if not expected.fits(entry_id, at):
                yield f"the ledger holds {entry_id} at {at}, expected {expected.entry} at {expected.at}"
        if len(entries) != len(journal):
            yield f"the ledger holds {len(entries)} entries, expected {len(journal)}"
        if _led_to(entries, self.device.policies(), stored_state) != stored_state:
            yield "the stored state is not what the ledger leads to"

    def _wrong_listing(self) -> Iterator[str]:
        items = self._all_pages(lambda queries, after: queries.activities(self.stored.user_id, _PAGE_ITEMS, after))
        listed = {one["activity_id"]: (one["day"], one["xp_awarded"], one["undone"]) for one in items}
        activities = self.state.model.history.activities.items()
        expected = {name: (one.day.isoformat(), one.xp, one.undone is not None) for name, one in activities}
        # Activities of the same moment are listed by their ids.
        if listed != expected or len(listed) != len(items):
            yield f"activities: expected {expected}, got {items}"

    def _wrong_events(self) -> Iterator[str]:
        """The events are those of the same commands in a life without faults and without any job."""
        rules = self.device.policies()
        alone = PureUser(rules)
        for step, answer in self.state.lived:
            if step["do"] == HEARD:
                alone.rules = rules.as_of(step["changes"])
                continue
            alone.step(step)
            answered = answer.get("events")
            caused = [responses.event_response(event) for event in alone.caused]
            if answered is not None and answered != caused:
                yield f"events answered to {step}: expected {caused}, got {answered}"
        for moment in self.moments:
            now = datetime.fromisoformat(moment)
            found = self._all_pages(
                lambda queries, after, now=now: queries.events(self.stored.user_id, now, _PAGE_ITEMS, after)  # type: ignore[misc]
            )
            expected = _events(alone, now)
            if found != expected:
                yield f"events at {moment}: {difference(expected, found) or 'order'}"

    def _all_pages(self, ask: Callable[[StreakQueries, Cursor | None], Page[Any]]) -> list[Json]:
        items: list[Json] = []
        after: Cursor | None = None
        for _ in range(_PAGES_MAX):
            page: Page[Any] = self._ask(lambda queries, after=after: ask(queries, after))  # type: ignore[misc]
            items += page.items
            after = page.after
            if after is None:
                break
        return items


def unproved(client: firestore.Client, rules: Rules, now: datetime) -> Iterator[str]:
    """Whatever `streakctl verify` finds of all users."""
    store = MendingStore(client)
    for proof in Prover(store=store, rules=lambda: rules, now=lambda: now).prove_all(store.user_documents()):
        if proof.finding not in {Finding.EQUAL, Finding.ERASED}:
            yield f"{proof.user_id!r}: verify: {proof.finding.value} {proof.reason or ''} {proof.differences[:3]}"


def _led_to(entries: Sequence[LedgerEntry], rules: Rules, stored: Streak | None) -> Streak | None:
    """What the ledger leads to, judged by the amnesties that the stored state was judged by since."""
    rebuilt = rebuild(entries, rules)
    if stored is None or rebuilt is None or stored.amnesties == rebuilt.amnesties:
        return rebuilt
    by_then = rules.as_of(stored.amnesties)
    judged = up_to_date(rebuilt, None, by_then, rebuilt.updated_at, lambda: entries).streak
    # The pace is no part of the ledger.
    return replace(judged, rate=stored.rate)


def _events(alone: PureUser, now: datetime) -> list[Json]:
    state = alone.state(now)
    unwritten = (*state.told_anew, *time_events(state.view, state.settled_through)) if alone.streak else ()
    known = {**alone.events, **{event.event_id: event for event in unwritten}}
    until_now = [event for event in known.values() if event.at <= state.view.now]
    listed = sorted(until_now, key=lambda e: (e.at, e.event_id), reverse=True)
    return [dict(responses.event_response(event)) for event in listed]


def written_as(entry: LedgerEntry) -> tuple[str, datetime]:
    """The name and the moment by which an entry is told from others."""
    return entry_name(entry.entry_id, _about(entry.content)), entry.at


def _about(content: Content) -> Mapping[str, Any]:
    match content:
        case SettingsChanged():
            weekdays = None if content.rest_weekdays is None else list(content.rest_weekdays)
            said = content.zone
            zone = {"time_zone": said.time_zone, "since": rfc3339(said.since)} if said else {}
            return {**zone, "auto_freeze": content.auto_freeze, "rest_weekdays": weekdays}
        case ActivityUndone() | ActivityRedone():
            return {"activity_id": content.activity.activity_id}
        case PlanFreeze() | UnplanFreeze() | PauseStreak():
            return content.request()
        case _:
            return _about_given(content)


def _about_given(content: Content) -> Mapping[str, Any]:
    match content:
        case DaysExcused():
            return {"from": content.from_day.isoformat(), "until": content.until_day.isoformat()}
        case DayRestored():
            return {"day": content.day.isoformat()}
        case FreezesGranted():
            return {"amount": content.count}
        case StreakLengthened():
            return {"amount": content.length}
        case XpGranted():
            return {"amount": content.amount}
        case UserBlocked():
            return {"until": rfc3339(content.until) if content.until else None}
        case _:
            return {}

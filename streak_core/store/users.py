"""Reads and writes everything that belongs to one user.

It must not decide: it loads what a decision needs in one BatchGet, and commits what was decided.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from google.cloud import firestore
from google.cloud.firestore_v1.base_query import FieldFilter

from streak_core.domain.calendar import CalendarDay, sealed_rows
from streak_core.domain.model import Numbered
from streak_core.domain.webhooks import NOBODY_TOLD, Chosen
from streak_core.store import documents
from streak_core.store.board_entries import entry_writer
from streak_core.store.first_form import DecidedDays, completed, decided_span
from streak_core.store.ledgers import activities_page, latest_page, recorded_since_the_tail, whole_ledger
from streak_core.store.outbox import Adding, adding, read_last
from streak_core.store.reading import contents, read_all
from streak_core.store.reminding import NOT_REMINDED, Reminding, after_events, gone, read_reminding
from streak_core.store.tombstones import BEGUN_ANEW, ERASED_AT, SIGNED_IN_AFTER, checked
from streak_core.store.writing import both, commit, nothing_else

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from streak_core.domain.decision import Decision
    from streak_core.domain.entries import LedgerEntry
    from streak_core.domain.events import Event
    from streak_core.domain.model import Streak
    from streak_core.domain.rules import Rules
    from streak_core.store.reading import Cursor, Snapshot
    from streak_core.store.tombstones import Tombstone
    from streak_core.store.writing import Writer

    # What is written in the commit of a user's decisions besides them.
    Alongside = Callable[[str, Sequence["Write"]], Writer]


# A user who comes back after years leaves no more decided days than the longest calendar can show.
SEALED_DAYS_MAX = 400


@dataclass(frozen=True, kw_only=True)
class StoredEntry:
    """A ledger entry as stored: what was asked, by which request, and what was answered."""

    entry: LedgerEntry
    request_id: str
    # The name of the command; None where form 1 did not keep it.
    command: str | None
    # Of an activity; None where form 1 keeps the undoing elsewhere.
    undone: bool | None
    request: Mapping[str, Any]
    answer: Mapping[str, Any]


@dataclass(frozen=True, kw_only=True)
class Loaded:
    """One user as read; `update_time` is the version that a write builds on, None where nothing is stored."""

    streak: Streak | None
    settled_through: date | None
    update_time: datetime | None
    # The form that is to be written.
    form: int
    entries: Mapping[str, StoredEntry]
    # Decided days of the months that were asked for, and those months.
    decided: Mapping[date, CalendarDay]
    months: frozenset[str]
    # What stands in the place of the streak where the user was erased, and may begin anew.
    tombstone: Tombstone | None = None
    reminding: Reminding = NOT_REMINDED
    # The number of the last event that an app's server is told of.
    webhook_last: int = 0


@dataclass(frozen=True, kw_only=True)
class Write:
    """One decision to be committed for the user as `loaded`."""

    loaded: Loaded
    decision: Decision
    request_id: str
    command: str
    request: Mapping[str, Any]
    answer: Mapping[str, Any]


@dataclass(kw_only=True)
class _Documents:
    """What decisions write, by the ids of the documents below the user's; of events that are None nothing stays."""

    streak: documents.Document
    entries: dict[str, documents.Document] = field(default_factory=dict)
    # The entries of activities that are undone from now on, or no longer.
    marks: dict[str, bool] = field(default_factory=dict)
    months: dict[str, documents.Document] = field(default_factory=dict)
    events: dict[str, documents.Document | None] = field(default_factory=dict)
    # What an app's servers are told of them.
    adding: Adding


def nothing_alongside(_user_id: str, _writes: Sequence[Write]) -> Writer:
    """For whoever tells of no decision elsewhere."""
    return nothing_else


class UserStore:
    """The documents of single users."""

    def __init__(
        self,
        client: firestore.Client,
        policies: Callable[[], Rules],
        form: int = documents.SCHEMA_VERSION,
        alongside: Alongside = nothing_alongside,
        chosen: Chosen = NOBODY_TOLD,
    ) -> None:
        """Uses `client`; the policies tell what form 1 did not keep.

        `form` is written of users of whom nothing newer is stored; `alongside` says what a commit tells besides, and
        `chosen` which servers of the app's are told of which events.
        """
        self._client = client
        self._policies = policies
        self._form = form
        self._alongside = alongside
        self._chosen = chosen

    def load(self, user_id: str, entry_ids: Iterable[str] = (), months: Iterable[str] = ()) -> Loaded:
        """The streak, those ledger entries and those months, in one BatchGet.

        Of a user in form 1 the decided days are read as well, until the next command makes it form 2. Raises
        `DatabaseUnavailable`, `UserErased`, `ErasingUnfinished`.
        """
        user_doc, months = self._user_doc(user_id), frozenset(months)
        entry_refs = [user_doc.collection(documents.LEDGER).document(entry_id) for entry_id in entry_ids]
        month_refs = [user_doc.collection(documents.MONTHS).document(month) for month in sorted(months)]
        found = {one.reference.path: one for one in self._get([user_doc, *entry_refs, *month_refs]) if one.exists}
        streak, settled_through, update_time, form, tombstone = None, None, None, self._form, None
        reminding, webhook_last = NOT_REMINDED, 0
        if (stored := found.get(user_doc.path)) and (tombstone := checked(user_id, contents(stored))):
            # A program that can't read what comes after it can't read the tombstone either.
            update_time, form = stored.update_time, documents.SCHEMA_VERSION
        elif stored:
            streak, settled_through = documents.read_streak(contents(stored))
            reminding, webhook_last = read_reminding(contents(stored)), read_last(contents(stored))
            update_time = stored.update_time
            form = max(form, stored_form := documents.form_of(contents(stored)))
            if stored_form == documents.FORM_1:
                streak = self._completed(user_doc, streak)
        entries = [_stored_entry(found[ref.path]) for ref in entry_refs if ref.path in found]
        found_months = [contents(found[ref.path]) for ref in month_refs if ref.path in found]
        rows = [row for month in found_months for row in documents.read_month(month)]
        return Loaded(
            streak=streak,
            settled_through=settled_through,
            update_time=update_time,
            form=form,
            entries={stored.entry.entry_id: stored for stored in entries},
            decided={row.day: row for row in rows},
            months=months,
            tombstone=tombstone,
            reminding=reminding,
            webhook_last=webhook_last,
        )

    def _completed(self, user_doc: firestore.DocumentReference, streak: Streak) -> Streak:
        """The streak with what its decided days tell and form 1 did not keep."""
        rules = self._policies().standing
        decided, span = DecidedDays(rules), decided_span(streak)
        if span:
            months = user_doc.collection(documents.MONTHS)
            found = self._get([months.document(month) for month in documents.months_between(*span)])
            rows = (row for one in found if one.exists for row in documents.read_month(contents(one)))
            decided.add(sorted(rows, key=lambda row: row.day))
        return completed(streak, rules, decided)

    def commit(self, user_id: str, *writes: Write) -> None:
        """Writes decisions that have entries, each made on top of the one before, all or nothing.

        Raises `CommitFailed`.
        """
        with_entries = [(write, entry) for write in writes if (entry := write.decision.entry)]
        if not with_entries:
            return
        made = self._documents(user_id, with_entries)
        user_doc, loaded = self._user_doc(user_id), with_entries[0][0].loaded
        last = with_entries[-1][0].decision
        seen = entry_writer(user_doc, loaded.streak, last.streak, last.view)
        also = both(self._alongside(user_id, [write for write, _ in with_entries]), seen)
        commit(self._client, both(lambda transaction: self._write(transaction, user_doc, loaded, made), also))

    def recorded(self, user_id: str, streak: Streak) -> tuple[Numbered, ...]:
        """The activities that are not undone, of the tail and of the day before it: what a first zone labels anew.

        Of a user with more than thousands, the latest.
        """
        return recorded_since_the_tail(self._client, self._user_doc(user_id), streak)

    def ledger(self, user_id: str) -> Iterator[LedgerEntry]:
        """Every entry, by `seq`. Raises `DatabaseUnavailable`."""
        return whole_ledger(self._user_doc(user_id))

    def activities(self, user_id: str, limit: int, after: Cursor | None) -> list[tuple[LedgerEntry, bool]]:
        """Recorded activities and whether they are undone, the last recorded first, after the one at (moment, id)."""
        return activities_page(self._client, self._user_doc(user_id), limit, after)

    def events(self, user_id: str, until: datetime, limit: int, after: Cursor | None) -> list[Event]:
        """Written events up to a moment, the last first, after the one at (moment, event id)."""
        events = self._user_doc(user_id).collection(documents.EVENTS)
        query = events.where(filter=FieldFilter("at", "<=", until))
        return [documents.read_event(contents(one)) for one in latest_page(query, events, limit, after)]

    def _get(self, refs: Sequence[firestore.DocumentReference]) -> list[Snapshot]:
        return read_all(self._client, refs, documents.NEEDED)

    def _user_doc(self, user_id: str) -> firestore.DocumentReference:
        return self._client.collection(documents.STREAKS).document(documents.user_doc_id(user_id))

    def _documents(self, user_id: str, writes: Sequence[tuple[Write, LedgerEntry]]) -> _Documents:
        last = writes[-1][0]
        decision, form = last.decision, last.loaded.form
        told: dict[str, Event | None] = {}
        for write, _ in writes:
            told |= dict.fromkeys(write.decision.retracted)
            told |= {event.event_id: event for event in (*write.decision.settled, *write.decision.events)}
        reminding = after_events(last.loaded.reminding, decision.streak, decision.view, told)
        state = decision.streak, decision.view, decision.settled_through
        added = adding(self._chosen, told, last.loaded.webhook_last, decision.view.now)
        made = _Documents(
            streak={**documents.streak_document(user_id, *state, form, reminding), **added.fields},
            adding=added,
            events={event_id: documents.event_document(event) if event else None for event_id, event in told.items()},
        )
        rows: list[CalendarDay] = []
        for write, entry in writes:
            rows += sealed_rows(write.decision.sealed[-SEALED_DAYS_MAX:], write.decision.view.rules)
            exchange = (write.request_id, write.command, write.request, write.answer)
            made.entries[entry.entry_id] = documents.entry_document(entry, *exchange, form)
            # In form 1 the entry itself is the mark.
            if (marks := entry.content.marks) and form != documents.FORM_1:
                made.marks[marks[0]] = marks[1]
        made.months = documents.month_documents(rows)
        return made

    def _write(
        self,
        transaction: firestore.Transaction,
        user_doc: firestore.DocumentReference,
        loaded: Loaded,
        made: _Documents,
    ) -> None:
        if loaded.update_time is None:
            transaction.create(user_doc, made.streak)
        else:
            option = self._client.write_option(last_update_time=loaded.update_time)
            no_more = dict.fromkeys(gone(loaded.reminding, made.streak), firestore.DELETE_FIELD)
            fields = {**made.streak, **no_more, **_begun_anew(loaded.tombstone)}
            transaction.update(user_doc, fields, option=option)
        ledger, events = user_doc.collection(documents.LEDGER), user_doc.collection(documents.EVENTS)
        for entry_id, document in made.entries.items():
            transaction.create(ledger.document(entry_id), document)
        for entry_id, undone in made.marks.items():
            transaction.update(ledger.document(entry_id), {"undone": undone})
        for month, document in made.months.items():
            transaction.set(user_doc.collection(documents.MONTHS).document(month), document, merge=True)
        for event_id, told in made.events.items():
            if told is None:
                transaction.delete(events.document(event_id))
            else:
                transaction.set(events.document(event_id), told)
        made.adding.below(user_doc)(transaction)


def _begun_anew(tombstone: Tombstone | None) -> documents.Document:
    """What becomes of the fields of a tombstone in whose place a streak is written."""
    if tombstone is None:
        return {}
    gone = dict.fromkeys((ERASED_AT, BEGUN_ANEW), firestore.DELETE_FIELD)
    return {SIGNED_IN_AFTER: tombstone.erased_at, **gone}


def _stored_entry(snapshot: Snapshot) -> StoredEntry:
    data = contents(snapshot)
    request_id, request, answer = documents.read_exchange(data)
    command, undone = documents.read_marks(data)
    return StoredEntry(
        entry=documents.read_entry(data),
        request_id=request_id,
        command=command,
        undone=undone,
        request=request,
        answer=answer,
    )

"""Compares everything that is stored of one user with what the ledger leads to, and says what would make both the same.

It must not write, nor know terminals. Of a life of any length it holds some pages.
"""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date, datetime
from itertools import chain, islice
from typing import Any, Final

from streak_core.domain.calendar import CalendarDay, sealed_rows
from streak_core.domain.judging_anew import judged_anew
from streak_core.domain.model import DayJudged, Streak
from streak_core.domain.replay import View
from streak_core.domain.rules import Rules
from streak_core.proving.entries_in_step import EntriesInStep
from streak_core.proving.marks import MarksInStep
from streak_core.proving.old_entries import LedgerFaultError, Origin, ThereTwiceError, sealed_to
from streak_core.proving.one_order import OneOrder
from streak_core.proving.proof import Closing, Difference, Rebuild, differences, lasting, whole
from streak_core.proving.repository import Below, KeptEntry, Mend, UserDocument
from streak_core.proving.side_by_side import (
    DIFFERING_MAX,
    MISSING,
    THERE,
    Ahead,
    EventsInStep,
    MonthsInStep,
    unreadable,
)
from streak_core.proving.stopped import StoppedError
from streak_core.store import documents
from streak_core.store.documents import Document
from streak_core.store.reminding import reminding_if_readable
from streak_core.store.unreadable import StoredByNewerVersion, UnreadableStreakError
from streak_core.store.users import SEALED_DAYS_MAX

# Entries after which what they led to is compared, so that it does not have to be held any longer.
WINDOW_ENTRIES: Final = 200
# Differences that are named of one user.
NAMED_MAX: Final = 400

STREAK: Final = "streak"
_FIRST_TOLD: Final = re.compile(r'\[\{"from":"(?P<at>[0-9T:.-]{19,26}Z)"')
# Fields of the streak's document that stand beside the state, and that time does not change.
_BESIDE: Final = ("schema_version", "shard", "created_at", "updated_at")


class _JudgedAnewError(Exception):
    """Decided days are otherwise now than they were decided: all is gone through once more."""


@dataclass(frozen=True, kw_only=True)
class Audit:
    """One user, compared. `fault` says why the ledger proves nothing; `mend` makes stored what is rebuilt."""

    entries: int
    differences: tuple[Difference, ...] = ()
    fault: str | None = None
    mend: Mend | None = None
    # Whether nothing at all is stored of such a user.
    is_nobody: bool = False

    @property
    def is_equal(self) -> bool:
        """Whether the ledger proves everything that is stored."""
        return not self.differences and self.fault is None


class Auditor:
    """Goes through one user's documents, once."""

    def __init__(
        self,
        store: Below,
        rules: Rules,
        user_doc: UserDocument,
        now: datetime,
        stopping: threading.Event,
        earlier: Sequence[Rules] = (),
    ) -> None:
        """Reads nothing yet. `now` (UTC) is the last moment that a job may have settled days as of."""
        self._store = store
        self._rules = rules
        self._earlier = earlier
        self._user_doc = user_doc
        self._now = now
        self._stopping = stopping
        # Decided days as they are by now, where an amnesty has had them judged anew; None where none has so far.
        self.judged_anew: Mapping[date, CalendarDay] | None = None
        self._entries = 0
        self._rebuild = Rebuild(rules, _stored_from(user_doc.document or {}), earlier)
        self._ledger = EntriesInStep()
        self._marks = MarksInStep()
        self._months = MonthsInStep(Ahead(store.months(user_doc.user_doc_id)))
        self._events = EventsInStep(Ahead(store.events(user_doc.user_doc_id)))

    def audit(self) -> Audit:
        """Reads and compares everything. Raises `DatabaseUnavailable`, `StoppedError`."""
        try:
            return self._audited(self._store.ledger(self._user_doc.user_doc_id))
        except ThereTwiceError:
            return self._another().audit_in_one_order()
        except _JudgedAnewError:
            return self._another(self._days_by_now(self._store.ledger(self._user_doc.user_doc_id))).audit()
        except StoredByNewerVersion as newer:
            return Audit(entries=self._entries, fault=_newer(newer))

    def audit_in_one_order(self) -> Audit:
        """As `audit`, of a ledger in which numbers are there twice: an import over newer entries leaves it so."""
        try:
            return self._audited(self._in_one_order())
        except _JudgedAnewError:
            return self._another(self._days_by_now(self._in_one_order())).audit_in_one_order()
        except StoredByNewerVersion as newer:
            return Audit(entries=self._entries, fault=_newer(newer))

    def _in_one_order(self) -> Iterable[KeptEntry]:
        return OneOrder().of(self._store.ledger_by_moment(self._user_doc.user_doc_id))

    def _another(self, judged_anew: Mapping[date, CalendarDay] | None = None) -> Auditor:
        """One that begins from the beginning."""
        read = self._store, self._rules, self._user_doc, self._now, self._stopping
        another = Auditor(*read, self._earlier)
        another.judged_anew = judged_anew
        return another

    def _days_by_now(self, ledger: Iterable[KeptEntry]) -> dict[date, CalendarDay]:
        """What decided days are by now, which is not known on the way through their time."""
        rebuild = Rebuild(self._rules, _stored_from(self._user_doc.document or {}), self._earlier)
        for kept in ledger:
            if kept.entry is not None:
                rebuild.take(kept.entry, _origin(kept), has_moved=kept.moved_from is not None)
        rules = self._rules.as_of(_amnesties(self._user_doc.document or {}))
        return {row.day: row for row in sealed_rows(judged_anew(rebuild.seen, rules)[1], rules)}

    def _expect_months(self, sealed: Sequence[DayJudged]) -> None:
        if self._rebuild.has_judged_anew and self.judged_anew is None:
            raise _JudgedAnewError
        anew = self.judged_anew or {}
        self._months.expect([anew.get(row.day, row) for row in sealed_rows(sealed, self._rules)])

    def _audited(self, ledger: Iterable[KeptEntry]) -> Audit:
        try:
            for kept in ledger:
                self._take(kept)
            stored = self._user_doc.document or {}
            is_migrated = stored.get("schema_version") == documents.SCHEMA_VERSION
            told = _settled_through(stored), self._now, _amnesties(stored)
            closing = self._rebuild.closing(*told, is_migrated=is_migrated)
        except ThereTwiceError:
            raise
        except LedgerFaultError as fault:
            return Audit(entries=self._entries, fault=str(fault), is_nobody=self._is_nobody())
        self._events.expect(closing.events)
        self._events.catch_up(None)
        self._expect_months(closing.sealed)
        self._months.end()
        self._marks.end()
        state = closing.streak, closing.view, closing.settled_through
        document = documents.streak_document(
            self._user_doc.user_id, *state, closing.form, reminding_if_readable(stored)
        )
        found = chain(
            self._of_user_doc(document, closing),
            self._ledger.differences,
            self._months.differences,
            self._events.differences(),
            self._marks.differences,
        )
        return Audit(
            entries=self._entries,
            differences=tuple(islice(found, NAMED_MAX)),
            fault=_fault(self._user_doc.document, closing.streak),
            mend=self._mend(document),
        )

    def _take(self, kept: KeptEntry) -> None:
        if kept.entry is None:
            message = f"{documents.LEDGER}/{kept.document_id} does not read: {kept.unreadable}"
            raise LedgerFaultError(message)
        decision = self._rebuild.take(kept.entry, _origin(kept), has_moved=kept.moved_from is not None)
        self._entries += 1
        self._ledger.take(kept, decision)
        self._events.expect(decision.settled)
        self._events.expect(decision.events, as_before=kept.is_form_1)
        self._marks.take(kept, decision.entry or kept.entry, decision.streak.checkpoint.next_day)
        self._expect_months(decision.sealed[-SEALED_DAYS_MAX:])
        if self._entries % WINDOW_ENTRIES == 0:
            if self._stopping.is_set():
                raise StoppedError
            self._events.catch_up(kept.entry.at)

    def _is_nobody(self) -> bool:
        below = chain(self._store.months(self._user_doc.user_doc_id), self._store.events(self._user_doc.user_doc_id))
        return not self._entries and self._user_doc.document is None and next(below, None) is None

    def _of_user_doc(self, expected: Document, closing: Closing) -> Iterator[Difference]:
        stored = self._user_doc.document
        if stored is None:
            yield whole(STREAK, MISSING, THERE)
            return
        names = (*_BESIDE, *documents.derived_fields(closing.view, closing.settled_through, closing.form))
        found = {name: stored[name] for name in names if name in stored}
        rebuilt = {name: expected[name] for name in names}
        if "timeline" in rebuilt:
            rebuilt["timeline"] = _told_when(stored.get("timeline"), expected["timeline"], closing.view)
        yield from differences(STREAK, found, rebuilt)
        try:
            streak, _ = documents.read_streak(stored)
        except UnreadableStreakError as error:
            yield whole(STREAK, unreadable(str(error)), THERE)
        else:
            if closing.form == documents.FORM_1:
                streak, _ = sealed_to(streak, streak.checkpoint.next_day, self._rules)
            yield from differences(STREAK, {"state": lasting(streak)}, {"state": lasting(closing.streak)})

    def _mend(self, document: Document) -> Mend:
        events = islice(self._events.mends(), DIFFERING_MAX)
        marks, entries = self._marks.mends, self._ledger.mends
        return Mend(
            document=document,
            months=self._months.mends,
            events=dict(events),
            entries={name: {**entries.get(name, {}), **marks.get(name, {})} for name in entries | marks},
        )


def _origin(kept: KeptEntry) -> Origin:
    return Origin.NOW if not kept.is_form_1 else Origin.AS_BEFORE if kept.command else Origin.BEFORE


def _newer(newer: StoredByNewerVersion) -> str:
    return f"a later version of this program wrote a part of it ({newer.place}), and alone can prove it"


def _told_when(stored: object, rebuilt: str, view: View) -> str:
    """The rebuilt timeline as it was told at the moment of the stored one, if that lies on the day of the view."""
    first, *others = json.loads(rebuilt)
    if isinstance(stored, str) and (told := _FIRST_TOLD.match(stored)):
        with suppress(ValueError):
            at = datetime.fromisoformat(told["at"])
            if view.now <= at < view.zone_line.ends_at(view.today):
                first["from"] = told["at"]
    return json.dumps([first, *others], separators=(",", ":"))


def _settled_through(stored: Mapping[str, Any]) -> date | None:
    """The day as stored, also where the rest of the document does not read."""
    try:
        return date.fromisoformat(stored.get("settled_through") or "")
    except (TypeError, ValueError):
        return None


def _amnesties(stored: Mapping[str, Any]) -> int:
    """By how many changes of the list of amnesties the user was judged; 0 where the state does not read."""
    try:
        return documents.read_streak(stored)[0].amnesties
    except UnreadableStreakError:
        return 0


def _stored_from(stored: Mapping[str, Any]) -> date | None:
    """The first day of the stored tail; None where it does not read."""
    try:
        return documents.read_streak(stored)[0].checkpoint.next_day
    except UnreadableStreakError:
        return None


def _fault(stored: Mapping[str, Any] | None, rebuilt: Streak) -> str | None:
    """Why what is stored may be right and the rebuilt state wrong: it knows of more than the ledger does."""
    if stored is None:
        return None
    version = stored.get("schema_version")
    if isinstance(version, int) and version > documents.SCHEMA_VERSION:
        return f"schema_version is {version}: a later version of this program wrote it"
    try:
        streak, _ = documents.read_streak(stored)
    except StoredByNewerVersion as newer:
        return f"a later version of this program wrote it ({newer.place})"
    except UnreadableStreakError:
        written = stored.get("updated_at")
        is_behind = isinstance(written, datetime) and documents.plain_utc(written) > rebuilt.updated_at
        return "the streak does not read, and was written after the last entry of the ledger" if is_behind else None
    # A number that is wrong by itself is a difference like any other; more commands would have left more behind.
    if streak.seq > rebuilt.seq and replace(lasting(streak), seq=rebuilt.seq) != lasting(rebuilt):
        return f"the ledger ends at entry {rebuilt.seq}, the streak knows of {streak.seq}"
    return None

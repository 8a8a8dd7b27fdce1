"""Counts the records of days that are over once more, compares that with the counters, and mends those that differ.

It must not know what is counted. From then on a day has its numbers in one document, and no longer changes.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from itertools import groupby
from typing import TYPE_CHECKING, Any, Final

from google.cloud import firestore
from google.cloud.firestore_v1.base_query import FieldFilter

from streak_core.domain.errors import StreakError
from streak_core.records.acts import json_text
from streak_core.records.counted import COUNTED, CountedKind
from streak_core.records.counters import Counts, KnownKeys, day_of, plain_count, times_by_name, total
from streak_core.records.counting import (
    CHECKED_AT,
    COUNTED_PART,
    COUNTS,
    KEYS,
    MENDED,
    PARTS,
    TOTALS,
    day_fields,
    day_ref,
    part_fields,
    part_ref,
    read_parts,
    totals_hash,
)
from streak_core.records.homes import subject_of
from streak_core.store.documents import Document
from streak_core.store.reading import contents, count_documents, read_all, read_one, read_pages
from streak_core.store.sharding import shard_of
from streak_core.store.writing import commit
from streak_core.telemetry import LogEvent, log

if TYPE_CHECKING:
    from collections.abc import Callable

    from streak_core.store.reading import Snapshot

# Nothing is still on its way that was counted before midnight.
SETTLED_AFTER: Final = timedelta(hours=1)
# A day that could not be checked is tried again for so many more.
DAYS_BACK: Final = 3
_PAGE: Final = 300
# What one call does at most: the next one goes on.
PAGES_A_CALL_MAX: Final = 500
# Of a day that is not through: which kind of record, and which part of the users, comes next.
_PLACE: Final = "check_goes_on_at"


@dataclass
class _Work:
    """What a call has done for a day."""

    day: date
    known: KnownKeys
    mended: int = 0
    records: int = 0
    pages: int = 0


class _ClosedError(Exception):
    """Documents are restored."""


@dataclass(frozen=True)
class Recounting:
    """The check of all counters. `now` is always timezone-aware."""

    client: firestore.Client
    counted: Sequence[CountedKind] = field(default=COUNTED)
    pages_max: int = PAGES_A_CALL_MAX
    # Whether documents are restored: half of them would be counted, and what is put back written over.
    is_closed: Callable[[], bool] = lambda: False

    def check_some(self, now: datetime) -> None:
        """Goes on with the days that are over. What fails is logged, and is the next call's to try."""
        today = day_of(now - SETTLED_AFTER)
        refs = [day_ref(self.client, today - timedelta(days=ago)) for ago in range(DAYS_BACK, 0, -1)]
        try:
            found = {one.id: one for one in read_all(self.client, refs)}
        except StreakError as error:
            log(LogEvent.COUNTERS_FAILED, "the days that are over could not be read", error=error)
            return
        for one in (found[ref.id] for ref in refs):
            if TOTALS in contents(one):
                continue
            try:
                if not self._check(one, now):
                    return
            except _ClosedError:
                return
            except Exception as error:  # noqa: BLE001 - whatever is stored for a day, the others and the job go on
                log(LogEvent.COUNTERS_FAILED, f"the counters of {one.id} could not be checked", error=error, day=one.id)

    def recount(self, day: date, records_max: int) -> tuple[int, Counts | None]:
        """How many records were counted on a day, and what they count now; None of more than so many.

        It writes nothing. Raises `DatabaseUnavailable`, and what the records do to the code.
        """
        records = sum(count_documents(self._query(kind, day, 0)) for kind in self.counted)
        if records > records_max:
            return records, None
        work = _Work(day=day, known=KnownKeys.read(contents(read_one(day_ref(self.client, day))).get(KEYS)))
        return records, total([counts for kind in self.counted for _, counts in self._plain(kind, 0, work)])

    def _check(self, snapshot: Snapshot, now: datetime) -> bool:
        """Checks a day; answers whether it is through."""
        document = contents(snapshot)
        work = _Work(day=date.fromisoformat(snapshot.id), known=KnownKeys.read(document.get(KEYS)))
        work.mended = int(document.get(MENDED, 0))
        first, part = document.get(_PLACE, (0, 0))
        parts = read_parts(self.client, work.day)
        for number in range(first, len(self.counted)):
            place = self._check_kind(self.counted[number], parts, part if number == first else 0, work)
            if place is not None:
                self._keep(work, {_PLACE: [number, place]}, None)
                return False
        self._end(work, total(parts.values()), now)
        return True

    def _end(self, work: _Work, totals: Counts, now: datetime) -> None:
        """Keeps the numbers of a day that is through, and of its keys those that have one."""
        fields = {CHECKED_AT: now, KEYS: work.known.counted_in(totals).text, _PLACE: firestore.DELETE_FIELD}
        self._keep(work, fields, totals)

    def _check_kind(self, kind: CountedKind, parts: dict[int, Counts], first: int, work: _Work) -> int | None:
        """Mends what one kind of record counts, from a part on; answers the next part where the call is to end."""
        plain = self._plain(kind, first, work)
        upcoming = next(plain, None)
        for part in range(first, PARTS):
            is_this = upcoming is not None and upcoming[0] == part
            self._compare(kind, parts, part, upcoming[1] if upcoming and is_this else {}, work)
            if is_this:
                if work.pages >= self.pages_max:
                    return part + 1
                upcoming = next(plain, None)
        return None

    def _compare(self, kind: CountedKind, parts: dict[int, Counts], part: int, plain: Counts, work: _Work) -> None:
        stored = parts.get(part, {})
        if {name: keys for name, keys in stored.items() if name in kind.names} == plain:
            return
        ref = part_ref(self.client, work.day, part)
        if part in parts:
            gone = dict.fromkeys(kind.names & stored.keys(), firestore.DELETE_FIELD)
            fields = {self.client.field_path(COUNTS, name): keys for name, keys in {**gone, **plain}.items()}
            self._commit(lambda transaction: transaction.update(ref, fields))
        else:
            whole = {**part_fields(work.day), COUNTS: plain}
            self._commit(lambda transaction: transaction.set(ref, whole))
        parts[part] = {**{name: keys for name, keys in stored.items() if name not in kind.names}, **plain}
        work.mended += 1

    def _plain(self, kind: CountedKind, first: int, work: _Work) -> Iterator[tuple[int, Counts]]:
        """What the records of each part count that has any, from a part on."""
        for part, own in groupby(self._own(kind, first, work), lambda one: one[0]):
            yield part, plain_count(((home, kind.counts_of(document)) for _, home, document in own), work.known)

    def _own(self, kind: CountedKind, first: int, work: _Work) -> Iterator[tuple[int, str, Mapping[str, Any]]]:
        """The part, home and document of each record; an app's own collection may be called like one of ours."""
        for one in self._records(kind, first, work):
            home, document = one.reference.parent.parent, contents(one)
            subject = subject_of(self.client, home)
            if subject and document[COUNTED_PART] == (part := shard_of(subject.id, PARTS)):
                yield part, home.path, document

    def _records(self, kind: CountedKind, first: int, work: _Work) -> Iterator[Snapshot]:
        for page in read_pages(self._query(kind, work.day, first), _PAGE, (COUNTED_PART,)):
            work.pages += 1
            work.records += len(page)
            yield from page

    def _query(self, kind: CountedKind, day: date, first: int) -> firestore.Query:
        of_day = kind.of_all(self.client).where(filter=FieldFilter(kind.on, "==", day.isoformat()))
        return of_day.where(filter=FieldFilter(COUNTED_PART, ">=", first))

    def _commit(self, write: Callable[[firestore.Transaction], None]) -> None:
        """Writes unless that would be beside a restore. Raises `_ClosedError`, and as `commit` does."""
        if self.is_closed():
            raise _ClosedError
        commit(self.client, write)

    def _keep(self, work: _Work, fields: Document, totals: Counts | None) -> None:
        text = None if totals is None else json_text(totals)
        whole = {**day_fields(work.day), MENDED: work.mended, **fields, **({} if text is None else {TOTALS: text})}
        self._commit(lambda transaction: transaction.set(day_ref(self.client, work.day), whole, merge=True))
        # What a line has of the numbers, nobody who writes to the database can change.
        log(
            LogEvent.COUNTERS_CHECKED,
            f"the counters of {work.day} were compared with {work.records} records",
            # Of a day without any there is nothing to notice; where something was mended there is.
            severity=None if work.records or work.mended else logging.INFO,
            day=work.day.isoformat(),
            records=work.records,
            parts_mended=work.mended,
            is_through=totals is not None,
            totals_hash=None if text is None else totals_hash(text),
            counted=None if totals is None else json_text(times_by_name(totals)),
        )

"""The audit trails in Firestore: entries that are created with what they tell, in one commit, and never changed.

It must not know which acts are told of, or what they mean.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, Final

from google.cloud import firestore

from streak_core.records import homes
from streak_core.records.acts import Act, Party, PartyKind, Source, user
from streak_core.records.chain import Entry, Head, appended
from streak_core.records.changes import Appended, Change, Changed, Decide, Standing
from streak_core.records.counted_acts import counted_acts
from streak_core.records.counting import Counters, CountersUpdate
from streak_core.records.entry_documents import entry_document, read_entry, stored_entries
from streak_core.records.homes import AUDIT, RecordHome, RecordsUnreadable, home_of, home_ref
from streak_core.records.keys import KEPT, KEYS, Key
from streak_core.records.proof import StoredTrail, document_id
from streak_core.records.trail_pages import TrailPage, trail_page
from streak_core.retry import Attempts, note_retry
from streak_core.store.documents import NEEDED, STREAKS, Document, user_doc_id, user_id_of
from streak_core.store.failures import CommitFailed, WriteRefused
from streak_core.store.reading import contents, listed_pages, read_all, read_one
from streak_core.store.tombstones import BEGUN_ANEW, checked, erased_last
from streak_core.store.whole_user import RECORDS
from streak_core.store.writing import Writer, both, commit, nothing_else

if TYPE_CHECKING:
    from streak_core.store.reading import Snapshot

Ref = firestore.DocumentReference
_PAGE: Final = 300


def no_source() -> Source:
    """Of what comes with no request: the id of a new one."""
    return Source(request_id=uuid.uuid4().hex)


@dataclass(frozen=True)
class Trails:
    """The trails of all subjects; `source` tells of the request that goes on. `now` is always timezone-aware."""

    client: firestore.Client
    source: Callable[[], Source] = no_source
    attempts: Callable[[], Attempts] = field(default=Attempts)

    def appending(self, subject: Party, acts: Iterable[Act], now: datetime, more: Document | None = None) -> Writer:
        """What writes these acts in somebody else's commit, which fails if another entry is written before.

        `more` is what the home says besides.

        Raises `RecordsUnreadable`, `DatabaseUnavailable`.
        """
        home = self.home(subject)
        entries = self._entries(home, acts, now)
        counted = counted_acts(self.counters, home, entries, now)
        return lambda transaction: self._write(transaction, home, entries, counted, more=more)

    def erasing(self, home: RecordHome, act: Act, now: datetime) -> Writer:
        """What leaves of a user's home nothing but that act, in somebody else's commit."""
        source = Source(request_id=self.source().request_id)
        last = appended(home.head, home.subject, act, source, now, entry_id=uuid.uuid4().hex)
        return lambda transaction: homes.bury_home(self.client, transaction, home, last)

    def append(self, subject: Party, act: Act, now: datetime, key: Key | None = None) -> Appended:
        """Writes one act by itself, once.

        Raises `UserErased`, `ErasingUnfinished`, `UserBusy`, `RecordsUnreadable`, `DatabaseUnavailable`, and
        `IdempotencyKeyReused` where another act has the key.
        """
        appended = self.change(subject, now, lambda _: Change(act=act), key=key)
        assert isinstance(appended, Appended)  # noqa: S101 - what is decided here is always told
        return appended

    def change(
        self, subject: Party, now: datetime, decide: Decide, refs: Sequence[Ref] = (), key: Key | None = None
    ) -> Changed | None:
        """Writes and tells what is decided by the user's streak and these documents, read at once; None for nothing.

        It is `Appended` where it is told. Raises what deciding does, and as `append`.
        """
        attempts, tried = self.attempts(), list[tuple[Callable[[Standing], bool], Changed]]()
        refused: WriteRefused | None = None
        while True:
            found = self._standing(subject, refs, key)
            for is_done, changed in tried:
                if is_done(found):
                    return changed
            if key and key.is_kept(found.key, now):
                return self._named(found, key)
            change = decide(found)
            if refused:
                raise refused
            if change is None:
                return None
            changed, write = self._changing(found.home, change, now, key)
            try:
                commit(self.client, both(both(write, change.also), found.beginning))
            except CommitFailed as failure:
                # It may have taken effect although the reply was lost.
                tried += self._signs_of(change, changed)
                note_retry(failure, change.act.logged if change.act else "record", attempts)
                try:
                    attempts.again(failure)
                except WriteRefused as last:
                    refused = last
                continue
            return changed

    def _changing(self, home: RecordHome, change: Change, now: datetime, key: Key | None) -> tuple[Changed, Writer]:
        """What comes of a change, and what writes its entry, the home and its key."""
        made, entries = change.made, self._entries(home, [change.act] if change.act else [], now)
        name, kept = made.name if made else "", None
        if key and made:
            kept = key, key.document(made.name, made.kept_until)
        elif key and entries:
            kept = key, key.document(entries[0].seq, entries[0].expires_at)
        changed = Appended(name=name, entry=entries[0]) if entries else Changed(name=name)
        # What a user does by themselves is told to no trail, and what a server does for them neither.
        untold = 1 if change.act is None and change.actor is None else 0
        counted = counted_acts(self.counters, home, entries, now, untold=untold)
        return changed, partial(self._write, home=home, entries=entries, counted=counted, kept=kept, more=change.home)

    def _signs_of(self, change: Change, changed: Changed) -> Iterator[tuple[Callable[[Standing], bool], Changed]]:
        """By what is seen that a change has taken effect; nothing for what may be done again."""
        if change.is_done:
            yield change.is_done, changed
        elif isinstance(changed, Appended):
            entry = changed.entry
            yield lambda found: self._is_there(found.home, entry), changed

    def _named(self, found: Standing, key: Key) -> Changed:
        """What a key names. Raises `IdempotencyKeyReused`, `RecordsUnreadable`."""
        named = key.named(found.key)
        if isinstance(named, str):
            return Changed(name=named, replayed=True)
        entries = self._read(found.home, [named])
        if not entries:
            raise RecordsUnreadable
        return Appended(entry=entries[0], replayed=True)

    def read(self, user_id: str, refs: Sequence[Ref]) -> Standing:
        """What a change of these would go by. Raises `UserErased`, `ErasingUnfinished`, `RecordsUnreadable`."""
        return self._standing(user(user_id), refs, None)

    def _standing(self, subject: Party, refs: Sequence[Ref], key: Key | None) -> Standing:
        """All that a change goes by. Raises `UserErased`, `ErasingUnfinished`, `RecordsUnreadable`."""
        home = home_ref(self.client, subject)
        named = [home.collection(KEYS).document(key.name)] if key else []
        if subject.kind is not PartyKind.USER:
            found = {one.reference.path: one for one in read_all(self.client, [home, *named], (*homes.NEEDED, *KEPT))}
            kept = contents(found[named[0].path]) if named else {}
            return Standing(home=home_of(found[home.path], subject), key=kept)
        streak = self.client.collection(STREAKS).document(user_doc_id(subject.id))
        fields = None if refs else (*homes.NEEDED, *NEEDED, *KEPT)
        read = read_all(self.client, [home, streak, *named, *refs], fields)
        found = {one.reference.path: one for one in read}
        tombstone = checked(subject.id, contents(found[streak.path]))
        begins = tombstone is not None and not tombstone.has_begun_anew
        return Standing(
            home=home_of(found[home.path], subject),
            streak=contents(found[streak.path]),
            beginning=self._beginning(found[streak.path]) if begins else nothing_else,
            key=contents(found[named[0].path]) if named else {},
            others=[contents(found[ref.path]) for ref in refs],
        )

    def _beginning(self, streak: Snapshot) -> Writer:
        option = self.client.write_option(last_update_time=streak.update_time)
        return lambda transaction: transaction.update(streak.reference, {BEGUN_ANEW: True}, option=option)

    def home(self, subject: Party) -> RecordHome:
        """What a subject's trail hangs on. Raises `RecordsUnreadable`, `DatabaseUnavailable`."""
        [found] = read_all(self.client, [home_ref(self.client, subject)], homes.NEEDED)
        return home_of(found, subject)

    def page(self, subject: Party, limit: int, after: int | None, now: datetime) -> TrailPage:
        """Entries that have not expired, by one read each and without an index: their names are their numbers.

        Raises `RecordsUnreadable`, `DatabaseUnavailable`.
        """
        home = self.home(subject)
        first = self._first(home)
        last = home.head.seq if home.head else 0
        if after is not None:
            last = min(last, after - 1)
        numbers = range(last, max(last - limit, first - 1), -1)
        # The one after them says until when the first of them is kept.
        read = self._read(home, [*([last + 1] if home.head and last < home.head.seq else []), *numbers])
        return trail_page(numbers, {one.seq: one for one in read}, home.head, first, now)

    def stored(self, subject: Party, logged: Mapping[int, Head] | None = None) -> StoredTrail:
        """All that is kept of a trail, whatever it is, and its heads as logged. Raises `DatabaseUnavailable`."""
        ref = home_ref(self.client, subject)
        document = contents(read_one(ref))
        erasing = homes.stored_erasing(document)
        return StoredTrail(
            subject=subject,
            head=homes.stored_head(document, subject),
            erasing=erasing,
            erased_at=self._erased_at(subject) if erasing is not None else None,
            entries=tuple(stored_entries(ref.collection(AUDIT))),
            logged=logged or {},
        )

    def _erased_at(self, subject: Party) -> datetime | None:
        """As the user's own document says it, which an erasing writes in the commit of the home as well."""
        if subject.kind is not PartyKind.USER:
            return None
        return erased_last(contents(read_one(self.client.collection(STREAKS).document(user_doc_id(subject.id)))))

    def subjects(self) -> Iterator[Party]:
        """Every user that has a trail, also those whose home is gone. Raises `DatabaseUnavailable`."""
        for page in listed_pages(self.client.collection(RECORDS), _PAGE):
            yield from (user(user_id_of(one.id)) for one in page)

    def _entries(self, home: RecordHome, acts: Iterable[Act], now: datetime) -> list[Entry]:
        source, head, entries = self.source(), home.head, list[Entry]()
        for act in acts:
            entries.append(appended(head, home.subject, act, source, now, entry_id=uuid.uuid4().hex))
            head = entries[-1].head
        return entries

    @property
    def counters(self) -> Counters:
        """What counts something in the commit of a change."""
        return Counters(self.client)

    def _write(
        self,
        transaction: firestore.Transaction,
        home: RecordHome,
        entries: Sequence[Entry],
        counted: CountersUpdate,
        kept: tuple[Key, Document] | None = None,
        more: Document | None = None,
    ) -> None:
        last = entries[-1] if entries else None
        homes.write_home(self.client, transaction, home, last, {**(more or {}), **counted.home})
        counted.also(transaction)
        if kept:
            key, document = kept
            # One that has expired may still be there.
            transaction.set(home.ref.collection(KEYS).document(key.name), document)
        for one in entries:
            transaction.create(home.ref.collection(AUDIT).document(document_id(one.seq)), entry_document(one))

    def _first(self, home: RecordHome) -> int:
        """The number of the first entry that there can be: of who was erased, the one that says so."""
        return read_entry(home.erasing).seq if home.erasing else 1

    def _read(self, home: RecordHome, numbers: Sequence[int]) -> list[Entry]:
        """Those entries that there are, in that order. Raises `RecordsUnreadable`, `DatabaseUnavailable`."""
        if not numbers:
            return []
        refs = [home.ref.collection(AUDIT).document(document_id(one)) for one in numbers]
        texts = {one.id: contents(one).get("entry") for one in read_all(self.client, refs) if one.exists}
        if home.erasing:
            texts[document_id(self._first(home))] = home.erasing
        return [read_entry(texts[ref.id]) for ref in refs if ref.id in texts]

    def _is_there(self, home: RecordHome, entry: Entry) -> bool:
        if not home.head or home.head.seq < entry.seq:
            return False
        found = contents(read_one(home.ref.collection(AUDIT).document(document_id(entry.seq))))
        return found.get("hash") == entry.hash

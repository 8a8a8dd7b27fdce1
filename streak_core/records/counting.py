"""Counters in Firestore: `counters/{day}`, and the parts that users are spread over, each added to by who counts.

It must not know what is counted. What adds to a part is written in the commit that it counts, over a home that stands
as it was read: so it adds once, also where a commit is tried again or its answer is lost, and without a read.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Final
from weakref import WeakKeyDictionary

from google.cloud import firestore

from streak_core.records.counters import Count, Counts, KnownKeys, Seen, tallied
from streak_core.records.homes import SCHEMA_VERSION, SEEN, RecordHome
from streak_core.retry import Attempts, note_retry
from streak_core.store.documents import Document
from streak_core.store.failures import CommitFailed
from streak_core.store.reading import contents, read_all, read_one
from streak_core.store.sharding import SHARDS, shard_of
from streak_core.store.writing import Writer, commit, nothing_else

COUNTERS: Final = "counters"
# Users are spread over as many parts of a day, each of which takes about one write a second without end.
PARTS: Final = SHARDS
# How long a day's numbers are kept; and its parts, of which the numbers are the sum once the day was checked.
KEPT: Final = timedelta(days=400)
PARTS_KEPT: Final = timedelta(days=30)
# By which fields of a record it is found once more: the day and the part that it was counted in.
COUNTED_ON: Final = "counted_on"
COUNTED_PART: Final = "counted_part"
# The fields of a day: which keys have numbers of their own; once they were checked, the numbers, when that was, and how
# many parts were mended.
KEYS: Final = "keys"
TOTALS: Final = "totals"
CHECKED_AT: Final = "checked_at"
MENDED: Final = "mended"
EXPIRE_AT: Final = "expire_at"
# The one field of a part.
COUNTS: Final = "counts"
# The keys of a day as this process read them last; none is taken away again.
_KNOWN: Final[WeakKeyDictionary[firestore.Client, tuple[date, KnownKeys]]] = WeakKeyDictionary()


@dataclass(frozen=True, kw_only=True)
class Counted:
    """What counts something: written in its commit, in the home, and on the record, which is found by it."""

    also: Writer = nothing_else
    home: Document = field(default_factory=dict)
    record: Document = field(default_factory=dict)


@dataclass(frozen=True)
class Counters:
    """The counters of everybody. `now` is always timezone-aware."""

    client: firestore.Client
    attempts: Callable[[], Attempts] = field(default=Attempts)

    def counted(self, home: RecordHome, counts: Sequence[Count], now: datetime) -> Counted:
        """What counts these in the commit that writes the home over what was read.

        The first one of a key on a day notes that key by itself, with a read and a write. Raises `UserBusy`,
        `DatabaseUnavailable`.
        """
        if not counts:
            return Counted()
        # What concerns no user is counted on the day of its moment, by whatever clock.
        seen = Seen.read(home.seen) if any(one.is_of_user for one in counts) else Seen()
        before = seen.on(now)
        more, after = tallied(counts, self._known(before.day, counts), before)
        part = shard_of(home.subject.id, PARTS)
        fields = {**part_fields(before.day), COUNTS: _adding(more)}
        ref = part_ref(self.client, before.day, part)
        return Counted(
            also=lambda transaction: transaction.set(ref, fields, merge=True),
            home={SEEN: after.text} if after.of != before.of else {},
            record=mark(home.subject.id, before.day),
        )

    def _known(self, day: date, counts: Sequence[Count]) -> KnownKeys:
        """Keys with a place for each of these: a key that is new is noted before anything is counted by it."""
        cached_day, known = _KNOWN.get(self.client, (day, KnownKeys()))
        known = known if cached_day == day else KnownKeys()
        attempts = self.attempts()
        while any(known.place(one) is None for one in counts):
            found = read_one(day_ref(self.client, day))
            known = KnownKeys.read(contents(found).get(KEYS))
            new = [one for one in counts if known.place(one) is None]
            for one in new:
                known = known.with_one(one) if known.place(one) is None else known
            if new:
                try:
                    self._note(day, found.update_time if found.exists else None, known)
                except CommitFailed as failure:
                    note_retry(failure, "count", attempts)
                    attempts.again(failure)
                    known = KnownKeys()
        _KNOWN[self.client] = (day, known)
        return known

    def _note(self, day: date, version: datetime | None, known: KnownKeys) -> None:
        ref = day_ref(self.client, day)
        fields = {**day_fields(day), KEYS: known.text}
        if version is None:
            commit(self.client, lambda transaction: transaction.create(ref, fields))
            return
        option = self.client.write_option(last_update_time=version)
        commit(self.client, lambda transaction: transaction.update(ref, fields, option=option))


def mark(subject_id: str, day: date) -> Document:
    """By what a record is found once more that was counted on that day."""
    return {COUNTED_ON: day.isoformat(), COUNTED_PART: shard_of(subject_id, PARTS)}


def day_fields(day: date) -> Document:
    """What every document of a day says."""
    return {"schema_version": SCHEMA_VERSION, EXPIRE_AT: _ends(day) + KEPT}


def part_fields(day: date) -> Document:
    """What every document of a part says."""
    return {"schema_version": SCHEMA_VERSION, EXPIRE_AT: _ends(day) + PARTS_KEPT}


def day_ref(client: firestore.Client, day: date) -> firestore.DocumentReference:
    """What is known of a day."""
    found: firestore.DocumentReference = client.collection(COUNTERS).document(day.isoformat())
    return found


def part_ref(client: firestore.Client, day: date, part: int) -> firestore.DocumentReference:
    """One part of the numbers of a day."""
    found: firestore.DocumentReference = client.collection(COUNTERS).document(f"{day.isoformat()}.{part:02d}")
    return found


def read_parts(client: firestore.Client, day: date) -> dict[int, Counts]:
    """The numbers of each part of a day that has any, by a read a part. Raises `DatabaseUnavailable`."""
    refs = [part_ref(client, day, part) for part in range(PARTS)]
    found = {one.id: one for one in read_all(client, refs) if one.exists}
    return {part: contents(found[ref.id]).get(COUNTS) or {} for part, ref in enumerate(refs) if ref.id in found}


def _adding(counts: Counts) -> Document:
    return {
        name: {
            text: {each: firestore.Increment(number) for each, number in numbers.items()}
            for text, numbers in keys.items()
        }
        for name, keys in counts.items()
    }


def _ends(day: date) -> datetime:
    return datetime.combine(day, time(), UTC) + timedelta(days=1)

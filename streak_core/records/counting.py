"""Counters in Firestore: `counters/{day}`, and the parts that users are spread over, each added to by who counts.

It must not know what is counted. What adds to a part is written in the commit that it counts, over a home that stands
as it was read: so it adds once, also where a commit is tried again or its answer is lost, and without a read.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Final
from weakref import WeakKeyDictionary

from google.cloud import firestore

from streak_core.records.counters import Count, Counts, KnownKeys, Seen, day_of, tallied, with_new
from streak_core.records.homes import SCHEMA_VERSION, SEEN, RecordHome
from streak_core.store.documents import Document
from streak_core.store.reading import contents, read_all, read_one
from streak_core.store.sharding import SHARDS, shard_of
from streak_core.store.writing import Writer, both, nothing_else

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
class CountersUpdate:
    """What counts something: written in its commit, in the home, and on the record, which is found by it."""

    also: Writer = nothing_else
    home: Document = field(default_factory=dict)
    record: Document = field(default_factory=dict)


@dataclass(frozen=True)
class Counters:
    """The counters of everybody. `now` is always timezone-aware."""

    client: firestore.Client

    def counted(self, home: RecordHome, counts: Sequence[Count], now: datetime) -> CountersUpdate:
        """What counts these in the commit that writes the home over what was read.

        The first one of a key on a day lists that key in the same commit, over the list as it was read: so no user
        brings more than they may, however many come at once. Raises `DatabaseUnavailable`.
        """
        if not counts:
            return CountersUpdate()
        before = Seen.read(home.seen).on(now)
        # What concerns no user is counted on the day of its moment, by whatever clock.
        day = before.day if any(one.is_of_user for one in counts) else day_of(now)
        known, seen, listing = self._known(day, counts, before)
        more, after = tallied(counts, known, seen)
        ref = part_ref(self.client, day, shard_of(home.subject.id, PARTS))
        fields = {**part_fields(day), COUNTS: _adding(more)}
        return CountersUpdate(
            also=both(listing, lambda transaction: transaction.set(ref, fields, merge=True)),
            home={SEEN: after.text} if after != before else {},
            record=mark(home.subject.id, day),
        )

    def _known(self, day: date, counts: Sequence[Count], seen: Seen) -> tuple[KnownKeys, Seen, Writer]:
        """The keys by which these are counted, what is known of the user then, and what lists those that are new."""
        cached_day, known = _KNOWN.get(self.client, (day, KnownKeys()))
        if cached_day == day and all(known.place(one) is not None for one in counts):
            return known, seen, nothing_else
        found = read_one(day_ref(self.client, day))
        stored = KnownKeys.read(contents(found).get(KEYS))
        _KNOWN[self.client] = (day, stored)
        known, after = with_new(counts, stored, seen)
        if known == stored:
            return known, after, nothing_else
        return known, after, self._listing(day, found.update_time if found.exists else None, known)

    def _listing(self, day: date, version: datetime | None, known: KnownKeys) -> Writer:
        ref = day_ref(self.client, day)
        fields = {**day_fields(day), KEYS: known.text}
        if version is None:
            return lambda transaction: transaction.create(ref, fields)
        option = self.client.write_option(last_update_time=version)
        return lambda transaction: transaction.update(ref, fields, option=option)


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


def totals_hash(text: str) -> str:
    """By what the log knows the numbers of a day that was checked, as they are stored."""
    return hashlib.sha256(text.encode(errors="replace")).hexdigest()


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

"""Proves a trail: that the entries left are the ones that were written, and that none but expired ones is gone.

It must not know where entries are kept, nor change anything.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from streak_core.records.acts import Party
from streak_core.records.chain import RETENTION, BrokenEntryError, Entry, Head, entry_of, hash_of

# Clocks of servers differ by less.
_CLOCKS_DIFFER_MAX: Final = timedelta(minutes=10)


@dataclass(frozen=True, kw_only=True)
class StoredEntry:
    """One document of a trail, as it is found."""

    document_id: str
    text: str
    hash: str
    expire_at: datetime | None
    # Whether it has the fields of an entry and no other, and says the form of one.
    is_whole: bool = True


@dataclass(frozen=True, kw_only=True)
class StoredTrail:
    """All that is kept of a subject's trail, and its heads by their numbers as logs have them.

    `head` is None where there is none, or where what is there reads as none.
    """

    subject: Party
    head: Head | None
    # The text of the entry that tells of the last erasing, from which the chain goes on.
    erasing: str | None = None
    # When the user was erased last, as the user's own document says it.
    erased_at: datetime | None = None
    entries: Sequence[StoredEntry] = ()
    logged: Mapping[int, Head] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class _Expected:
    """What is known of an entry by the one after it, or by the head."""

    seq: int
    hash: str
    expires_at: datetime


def document_id(seq: int) -> str:
    """What the document of an entry is named: the order of names is that of numbers."""
    return f"{seq:012d}"


def findings(trail: StoredTrail, now: datetime) -> Iterator[str]:
    """What is wrong with a trail, as sentences; nothing where it is as it was written."""
    read: dict[int, Entry] = {}
    for stored in trail.entries:
        wrong = _wrong_with(stored, trail.subject, read)
        if wrong:
            yield wrong
    erasing = None
    if trail.erasing is not None:
        try:
            erasing = entry_of(trail.erasing)
        except BrokenEntryError:
            yield "what is kept of the erasing is not what was written"
    if trail.head is None:
        if trail.entries or trail.erasing or trail.logged:
            yield "the head of the chain is missing, or is not what was written"
        return
    genuine = erasing if erasing and _is_erased(erasing, trail.erased_at) else None
    if erasing and not genuine:
        yield f"it tells of an erasing at {erasing.at.isoformat()}, and the user's own document of none since then"
    yield from _head(trail.head, read, now)
    yield from _linked(trail.head, read, erasing, now)
    yield from _logged(trail, read, erasing, genuine, now)


def _wrong_with(stored: StoredEntry, subject: Party, read: dict[int, Entry]) -> str | None:
    """What is wrong with one entry by itself; one that reads is put where its name says."""
    name = stored.document_id
    try:
        entry = entry_of(stored.text)
    except BrokenEntryError:
        return f"entry {name} was edited: it is no text that an entry has"
    if document_id(entry.seq) != name:
        return f"entry {name} was put there: it says that it is {document_id(entry.seq)}"
    if entry.subject != subject:
        return f"entry {name} was put there: it is another subject's"
    read[entry.seq] = entry
    if stored.hash != hash_of(stored.text):
        return f"entry {name} was edited: its hash is another one"
    if stored.expire_at != entry.expires_at:
        return f"entry {name} was edited: it would be deleted at another moment than it says"
    if not stored.is_whole:
        return f"entry {name} was edited: it has other fields than an entry"
    return None


def _is_erased(erasing: Entry, erased_at: datetime | None) -> bool:
    """Whether it tells of what was done: its moment may be that of the entry before, which another clock wrote."""
    return erased_at is not None and erasing.at - erased_at <= _CLOCKS_DIFFER_MAX


def _head(head: Head, read: Mapping[int, Entry], now: datetime) -> Iterator[str]:
    """What is wrong with the head by itself and beside its entry."""
    beyond = [seq for seq in read if seq > head.seq]
    if beyond:
        yield f"the head was put back: it is at {head.seq}, and there are entries up to {max(beyond)}"
    last = read.get(head.seq)
    if last and (last.at, last.expires_at) != (head.at, head.expires_at):
        yield "the head was edited: it has another moment than its entry"
    if head.expires_at - head.at < RETENTION:
        yield "the head was edited: no entry is kept for so short a time"
    if head.at - now > _CLOCKS_DIFFER_MAX:
        yield f"the head is of a moment that is yet to come: {head.at.isoformat()}"


def _linked(head: Head, read: Mapping[int, Entry], erasing: Entry | None, now: datetime) -> Iterator[str]:
    """Goes from the head to the beginning: the last erasing, the first entry, or what time has taken away."""
    expected: _Expected | None = _Expected(seq=head.seq, hash=head.hash, expires_at=head.expires_at)
    while expected:
        if erasing and expected.seq <= erasing.seq:
            yield from _begun_anew(expected, read, erasing)
            return
        entry = read.get(expected.seq)
        if entry is None:
            yield from _missing(expected, read, now)
            return
        if entry.hash != expected.hash:
            yield f"entry {document_id(expected.seq)} is not the one that was written there"
        yield from _in_time(entry, read.get(entry.seq - 1) or erasing)
        expected = _before(entry)
    first = read.get(1)
    if first and (first.previous_hash or first.previous_expires_at):
        yield "the first entry says that there was one before"


def _missing(expected: _Expected, read: Mapping[int, Entry], now: datetime) -> Iterator[str]:
    """Time alone may take an entry away, and takes those before it no later."""
    if expected.expires_at > now:
        until = expected.expires_at.isoformat()
        yield f"entry {document_id(expected.seq)} is missing, and would be kept until {until}"
    elif any(one.seq < expected.seq and one.expires_at > expected.expires_at for one in read.values()):
        yield f"entry {document_id(expected.seq)} is missing, and one from before it is kept for longer"


def _in_time(entry: Entry, before: Entry | None) -> Iterator[str]:
    """Neither its moment nor its end is before that of the one before, as whatever appends them has it."""
    if before and before.seq == entry.seq - 1 and entry.at < before.at:
        yield f"entry {document_id(entry.seq)} was dated back: it is from before the one before"
    kept, previous = entry.expires_at - entry.at, entry.previous_expires_at
    is_of_its_moment = kept == RETENTION and (previous is None or previous <= entry.expires_at)
    is_of_the_one_before = kept > RETENTION and previous == entry.expires_at
    if not is_of_its_moment and not is_of_the_one_before:
        yield f"entry {document_id(entry.seq)} has another end than its moment and the one before give it"


def _begun_anew(expected: _Expected, read: Mapping[int, Entry], erasing: Entry) -> Iterator[str]:
    """What precedes the entries since the last erasing is that erasing, and nothing else."""
    if (erasing.seq, erasing.hash) != (expected.seq, expected.hash):
        yield f"what is kept of the erasing does not lead to entry {document_id(expected.seq + 1)}"
    if left := [one for one in read if one <= erasing.seq]:
        yield f"{len(left)} entries from before the erasing are there"


def _before(entry: Entry) -> _Expected | None:
    """What an entry says of the one before."""
    if entry.seq <= 1:
        return None
    # An entry that says nothing of the one before was edited, which its own hash tells.
    return _Expected(
        seq=entry.seq - 1, hash=entry.previous_hash, expires_at=entry.previous_expires_at or entry.expires_at
    )


def _logged(
    trail: StoredTrail, read: Mapping[int, Entry], erasing: Entry | None, genuine: Entry | None, now: datetime
) -> Iterator[str]:
    """What heads that were logged say: who could write all of a chain anew can't do so to the log.

    `genuine` is the erasing that was one: it takes away what was there by then.
    """
    assert trail.head  # noqa: S101 - without one nothing is compared
    entries = {**read, **({erasing.seq: erasing} if erasing else {})}
    known = {seq: entry.head for seq, entry in entries.items()} | {trail.head.seq: trail.head}
    for seq, said in sorted(trail.logged.items()):
        if seq > trail.head.seq:
            yield f"the chain was cut: entry {document_id(seq)} was logged, and its head is at {trail.head.seq}"
            continue
        if known.get(seq, said) != said:
            yield f"entry {document_id(seq)} is not the one that was logged"
            continue
        is_erased = genuine and seq < genuine.seq and said.at <= genuine.at
        if seq not in entries and not is_erased and said.expires_at > now:
            until = said.expires_at.isoformat()
            yield f"entry {document_id(seq)} was logged, is missing, and would be kept until {until}"
        after = entries.get(seq + 1)
        if after and not _is_after(said, after):
            yield f"entry {document_id(seq + 1)} was not written after the one that was logged"


def _is_after(head: Head, entry: Entry) -> bool:
    return (entry.previous_hash, entry.previous_expires_at) == (head.hash, head.expires_at) and entry.at >= head.at

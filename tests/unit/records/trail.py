"""A trail in memory, as it would be stored. Must not know what is tested."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Final

from streak_core.records import chain as chains
from streak_core.records.acts import Act, Party, PartyKind, Source, user
from streak_core.records.chain import Entry, Head
from streak_core.records.proof import StoredEntry, StoredTrail, document_id, findings

NOW: Final = datetime(2026, 3, 2, 9, tzinfo=UTC)
ADA: Final = user("ada")
OPERATOR: Final = Party(kind=PartyKind.SUPPORT, id="sue")
SOURCE: Final = Source(request_id="r1", ip_address="192.0.2.0", user_agent="curl/8", duration_ms=12)


def act(action: str = "grant_freezes", **details: object) -> Act:
    return Act(actor=OPERATOR, action=action, entity_type="ledger_entry", entity_id="e1", details=details)


def appended(head: Head | None, subject: Party, one: Act, source: Source, now: datetime) -> Entry:
    """As the product appends it, under an id that is not another's."""
    return chains.appended(head, subject, one, source, now, entry_id=f"id-{head.hash if head else 0}-{one.action}")


def chain(length: int, begins: datetime = NOW, apart: timedelta = timedelta(days=1)) -> list[Entry]:
    """Entries of one user, a day apart."""
    entries: list[Entry] = []
    for number in range(length):
        head = entries[-1].head if entries else None
        entries.append(appended(head, ADA, act(number=number), SOURCE, begins + number * apart))
    return entries


def stored(entry: Entry) -> StoredEntry:
    return StoredEntry(document_id=document_id(entry.seq), text=entry.text, hash=entry.hash, expire_at=entry.expires_at)


def trail(entries: list[Entry]) -> StoredTrail:
    return StoredTrail(subject=ADA, head=entries[-1].head, entries=tuple(map(stored, entries)))


def found(one: StoredTrail, now: datetime = NOW + timedelta(days=30)) -> list[str]:
    return list(findings(one, now))


def without(one: StoredTrail, *seqs: int) -> StoredTrail:
    names = {document_id(seq) for seq in seqs}
    return replace(one, entries=tuple(entry for entry in one.entries if entry.document_id not in names))

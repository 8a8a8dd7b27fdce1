"""How an event that an app's servers are told of is written as a document of the outbox, and read back.

It must not know queries or transactions.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

from google.cloud import firestore
from pydantic import ConfigDict, TypeAdapter, with_config
from typing_extensions import TypedDict

from streak_core.domain.webhooks import Outgoing, Waiting
from streak_core.store import documents
from streak_core.store.reading import contents
from streak_core.store.unreadable import reading

if TYPE_CHECKING:
    from streak_core.store.reading import Snapshot

OUTBOX: Final = "outbox"
# How long what was given up is kept; Firestore deletes it within about a day after that.
PARKED_FOR: Final = timedelta(days=30)
# Events of a user that are read at once: most have one that waits.
READ_AT_ONCE: Final = 10
# Which those documents have that somebody is still to be told of, and who that is.
WAITING_NUMBER: Final = "waiting_number"
WAITING_FOR: Final = "waiting_for"
IS_PARKED: Final = "is_parked"
PARKED_AT: Final = "parked_at"
_EXPIRE_AT: Final = "expire_at"


@with_config(ConfigDict(extra="forbid", strict=True))
class _Waiting(TypedDict):
    """How an endpoint waits, as it is stored."""

    attempts: int
    due: datetime | None
    is_begun: bool


_STORED: Final = TypeAdapter(dict[str, _Waiting])
_NAMES: Final = TypeAdapter(frozenset[str])
_NUMBER: Final = TypeAdapter(int)
_MOMENT: Final = TypeAdapter(documents.Moment)


@dataclass(frozen=True, kw_only=True)
class Kept:
    """An event as read."""

    outgoing: Outgoing
    version: datetime
    # Since when its user has begun anew, where that is read as well; None of most.
    begun_anew: datetime | None = None


def new_document(outgoing: Outgoing) -> documents.Document:
    """An event that somebody is still to be told of."""
    return {
        "event": documents.event_document(outgoing.event),
        "number": outgoing.number,
        WAITING_NUMBER: outgoing.number,
        WAITING_FOR: sorted(outgoing.waiting),
        "written_at": outgoing.written_at,
        "waiting": _waiting_text(outgoing),
    }


def changed_fields(before: Outgoing, changed: Outgoing, now: datetime) -> documents.Document:
    """What is written where endpoints wait otherwise, or were given up; what waits for another one has no end."""
    parked_at = now if changed.parked - before.parked else None
    fields = {
        "waiting": _waiting_text(changed),
        WAITING_NUMBER: changed.number if changed.waiting else None,
        WAITING_FOR: sorted(changed.waiting) or None,
        "parked": sorted(changed.parked) or None,
        IS_PARKED: bool(changed.parked) or None,
        _EXPIRE_AT: now + PARKED_FOR if changed.parked and not changed.waiting else None,
    }
    if parked_at or not changed.parked:
        fields[PARKED_AT] = parked_at
    return {name: firestore.DELETE_FIELD if value is None else value for name, value in fields.items()}


def _waiting_text(outgoing: Outgoing) -> str:
    stored: dict[str, _Waiting] = {
        name: {"attempts": one.attempts, "due": one.due, "is_begun": one.is_begun}
        for name, one in outgoing.waiting.items()
    }
    return _STORED.dump_json(stored).decode()


def kept_of(snapshot: Snapshot) -> Kept:
    """The event of a document. Raises `UnreadableStreakError`."""
    document = contents(snapshot)
    with reading():
        waiting = _STORED.validate_json(document["waiting"])
        outgoing = Outgoing(
            event=documents.read_event(document["event"]),
            number=_NUMBER.validate_python(document["number"]),
            written_at=_MOMENT.validate_python(document["written_at"]),
            waiting={name: Waiting(**one) for name, one in waiting.items()},
            parked=_NAMES.validate_python(document.get("parked", ())),
        )
    return Kept(outgoing=outgoing, version=snapshot.update_time)

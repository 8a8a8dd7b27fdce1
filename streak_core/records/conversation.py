"""A conversation and its messages: what is added to one, whether it is open, and how both are stored.

It must not know HTTP, what a message says, or how documents are read. Of a closed one nothing is left but that it was.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from streak_core.domain.errors import Conflict, NotFound
from streak_core.records.acts import json_text
from streak_core.records.homes import SCHEMA_VERSION, reading_record
from streak_core.store.documents import Document, plain_utc

# The document of a conversation: when it began, when its last message came, how many there are.
_STARTED_AT: Final = "started_at"
_AT: Final = "at"
_COUNT: Final = "count"
_CLOSED_AT: Final = "closed_at"
_EXPIRE_AT: Final = "expire_at"


class SessionNotFound(NotFound):
    """There is no such conversation, or nothing is left of it."""

    code = "session_not_found"
    message = "This user has no conversation of that name: it never began, has expired, or was deleted."


class SessionClosed(Conflict):
    """A message comes for a conversation that was deleted."""

    code = "session_closed"
    message = "This conversation was deleted and takes no more messages. Begin another one, under a name of its own."


class TooManyMessages(Conflict):
    """A conversation is full."""

    code = "too_many_messages"
    message = "A conversation has {most} messages at most, and this one has them. Begin another one."


@dataclass(frozen=True, kw_only=True)
class Conversation:
    """One that is open: its messages have the numbers from 1 to `count`. Moments are in UTC."""

    started_at: datetime
    at: datetime
    count: int
    expires_at: datetime

    def document(self) -> Document:
        """It as it is stored."""
        return {
            "schema_version": SCHEMA_VERSION,
            _STARTED_AT: self.started_at,
            _AT: self.at,
            _COUNT: self.count,
            _EXPIRE_AT: self.expires_at,
        }


@dataclass(frozen=True, kw_only=True)
class Closed:
    """One that was deleted: so long as its messages would have been kept, none of its name begins."""

    at: datetime
    expires_at: datetime

    def document(self) -> Document:
        """It as it is stored."""
        return {"schema_version": SCHEMA_VERSION, _CLOSED_AT: self.at, _EXPIRE_AT: self.expires_at}


@dataclass(frozen=True, kw_only=True)
class Message:
    """One message: its number in its conversation, and what was sent of it."""

    seq: int
    at: datetime
    expires_at: datetime
    said: Mapping[str, Any]

    def document(self, message_id: str) -> Document:
        """It as it is stored, with what tells it from any other that came at the same moment."""
        return {
            "schema_version": SCHEMA_VERSION,
            "message_id": message_id,
            "message": json_text(self.said),
            _AT: self.at,
            _EXPIRE_AT: self.expires_at,
        }


def conversation_of(document: Mapping[str, Any], now: datetime) -> Conversation | Closed | None:
    """What a document says; None where there is none, or it has expired. Raises `RecordsUnreadable`."""
    if not document:
        return None
    with reading_record(document):
        expires_at = plain_utc(document[_EXPIRE_AT])
        if expires_at <= now:
            return None
        if _CLOSED_AT in document:
            return Closed(at=plain_utc(document[_CLOSED_AT]), expires_at=expires_at)
        return Conversation(
            started_at=plain_utc(document[_STARTED_AT]),
            at=plain_utc(document[_AT]),
            count=int(document[_COUNT]),
            expires_at=expires_at,
        )


def spoken_last(document: Mapping[str, Any]) -> datetime:
    """When the last message came that there was in a conversation, which may have expired."""
    return plain_utc(document[_AT])


def message_of(seq: int, document: Mapping[str, Any], now: datetime) -> Message | None:
    """The message of a document; None where there is none, or it has expired. Raises `RecordsUnreadable`."""
    if not document:
        return None
    with reading_record(document):
        said = json.loads(document["message"])
        found = Message(
            seq=seq, at=plain_utc(document[_AT]), expires_at=plain_utc(document[_EXPIRE_AT]), said=dict(said)
        )
    return found if found.expires_at > now else None


def spoken(
    before: Conversation | None, said: Mapping[str, Any], now: datetime, kept: timedelta, count_max: int
) -> tuple[Conversation, Message]:
    """A conversation with a message more, which may be its first; and the message.

    Neither its moment nor its end is before that of the one before: what precedes one that has expired has, too.
    Raises `TooManyMessages`.
    """
    if before and before.count >= count_max:
        raise TooManyMessages(most=count_max)
    at = max(now, before.at) if before else now
    expires_at = max(at + kept, before.expires_at) if before else at + kept
    seq = before.count + 1 if before else 1
    after = Conversation(started_at=before.started_at if before else at, at=at, count=seq, expires_at=expires_at)
    return after, Message(seq=seq, at=at, expires_at=expires_at, said=said)

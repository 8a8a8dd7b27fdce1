"""The chain of one subject's entries: each is made on top of the one before, and says by its hash what that one said.

It must not know where entries are kept, or what an action means.

An entry also says until when the one before is kept. So a chain whose beginning time has taken away still proves that
nothing else is missing: what precedes the oldest entry left has to have expired.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from streak_core.records.acts import (
    NAME_CHARACTERS_MAX,
    USER_AGENT_CHARACTERS_MAX,
    Act,
    ActStatus,
    Party,
    PartyKind,
    Source,
    bounded,
    json_text,
)

RETENTION: Final = timedelta(days=400)
_FIELDS: Final = frozenset(
    {
        "seq",
        "id",
        "subject",
        "actor",
        "action",
        "entity_type",
        "entity_id",
        "status",
        "code",
        "at",
        "request_id",
        "ip_address",
        "user_agent",
        "details",
        "duration_ms",
        "expires_at",
        "previous_hash",
        "previous_expires_at",
    }
)


class BrokenEntryError(ValueError):
    """A text that no entry has."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Head:
    """The last entry of a chain: all that is needed to append one. Moments are in UTC."""

    seq: int
    hash: str
    at: datetime
    expires_at: datetime


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One entry. `previous_hash` and `previous_expires_at` are of the entry before; the first one has neither."""

    seq: int
    # By which whoever tries to write it again finds out that it is there.
    id: str
    subject: Party
    act: Act
    source: Source
    at: datetime
    expires_at: datetime
    previous_hash: str
    previous_expires_at: datetime | None

    @property
    def text(self) -> str:
        """All that it says, in the one way to write it."""
        return json_text(self.content)

    @property
    def hash(self) -> str:
        """The SHA-256 of its text."""
        return hash_of(self.text)

    @property
    def head(self) -> Head:
        """The head of the chain that it is the last of."""
        return Head(seq=self.seq, hash=self.hash, at=self.at, expires_at=self.expires_at)

    @property
    def content(self) -> dict[str, Any]:
        """What it says, but for its hash."""
        act, source = self.act, self.source
        return {
            "seq": self.seq,
            "id": self.id,
            "subject": {"kind": self.subject.kind.value, "id": self.subject.id},
            "actor": {"kind": act.actor.kind.value, "id": act.actor.id},
            "action": act.action,
            "entity_type": act.entity_type,
            "entity_id": act.entity_id,
            "status": act.status.value,
            "code": act.code,
            "at": _text(self.at),
            "request_id": source.request_id,
            "ip_address": source.ip_address,
            "user_agent": source.user_agent,
            "details": dict(act.details),
            "duration_ms": source.duration_ms,
            "expires_at": _text(self.expires_at),
            "previous_hash": self.previous_hash,
            "previous_expires_at": self.previous_expires_at and _text(self.previous_expires_at),
        }


def appended(head: Head | None, subject: Party, act: Act, source: Source, now: datetime, *, entry_id: str) -> Entry:
    """The next entry of a subject's chain. Neither its moment nor its end is before that of the one before."""
    at = max(now.astimezone(UTC), head.at) if head else now.astimezone(UTC)
    agent = source.user_agent
    return Entry(
        seq=head.seq + 1 if head else 1,
        id=entry_id,
        subject=subject,
        act=Act(
            actor=act.actor,
            action=act.action[:NAME_CHARACTERS_MAX],
            entity_type=act.entity_type[:NAME_CHARACTERS_MAX],
            entity_id=act.entity_id[:NAME_CHARACTERS_MAX],
            status=act.status,
            code=act.code,
            details=bounded(act.details),
        ),
        source=Source(
            request_id=source.request_id,
            ip_address=source.ip_address,
            user_agent=None if agent is None else _characters(agent)[:USER_AGENT_CHARACTERS_MAX],
            duration_ms=source.duration_ms,
        ),
        at=at,
        expires_at=max(at + RETENTION, head.expires_at) if head else at + RETENTION,
        previous_hash=head.hash if head else "",
        previous_expires_at=head.expires_at if head else None,
    )


def entry_of(text: str) -> Entry:
    """The entry of a text. Raises `BrokenEntryError` for any text but the one that the entry would be written as."""
    try:
        said = json.loads(text)
        if set(said) != _FIELDS:
            raise BrokenEntryError
        before = said["previous_expires_at"]
        found = Entry(
            seq=said["seq"],
            id=said["id"],
            subject=_party(said["subject"]),
            act=Act(
                actor=_party(said["actor"]),
                action=said["action"],
                entity_type=said["entity_type"],
                entity_id=said["entity_id"],
                status=ActStatus(said["status"]),
                code=said["code"],
                details=dict(said["details"]),
            ),
            source=Source(
                request_id=said["request_id"],
                ip_address=said["ip_address"],
                user_agent=said["user_agent"],
                duration_ms=said["duration_ms"],
            ),
            at=datetime.fromisoformat(said["at"]),
            expires_at=datetime.fromisoformat(said["expires_at"]),
            previous_hash=said["previous_hash"],
            previous_expires_at=None if before is None else datetime.fromisoformat(before),
        )
    except (ValueError, TypeError, KeyError, RecursionError) as error:
        raise BrokenEntryError from error
    if found.text != text:
        raise BrokenEntryError
    return found


def head_text(head: Head) -> str:
    """A head as it is stored."""
    return json_text({"seq": head.seq, "hash": head.hash, "at": _text(head.at), "expires_at": _text(head.expires_at)})


def head_of(text: str) -> Head:
    """The head of a text. Raises `BrokenEntryError`."""
    try:
        said = json.loads(text)
        found = Head(
            seq=said["seq"],
            hash=said["hash"],
            at=datetime.fromisoformat(said["at"]),
            expires_at=datetime.fromisoformat(said["expires_at"]),
        )
    except (ValueError, TypeError, KeyError, RecursionError) as error:
        raise BrokenEntryError from error
    if head_text(found) != text:
        raise BrokenEntryError
    return found


def hash_of(text: str) -> str:
    """The SHA-256 of a text, as hexadecimal digits."""
    return hashlib.sha256(text.encode()).hexdigest()


def _party(said: Any) -> Party:  # noqa: ANN401 - whatever a stored text holds
    return Party(kind=PartyKind(said["kind"]), id=said["id"])


def _text(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat()


def _characters(text: str) -> str:
    """The text without what is no character, as halves of one: nothing else could be hashed or stored."""
    return text.encode(errors="replace").decode()

"""A record of a kind of an app's own: what was sent, and until when it is kept; as stored.

It must not know HTTP, what a record says, or how documents are read.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Self

from streak_core.domain.actor import ActorKind
from streak_core.domain.errors import Conflict, NotFound
from streak_core.records.acts import json_text
from streak_core.records.homes import SCHEMA_VERSION, reading_record
from streak_core.store.documents import Document, plain_utc

KIND: Final = "kind"
AT: Final = "at"
EXPIRE_AT: Final = "expire_at"
BY: Final = "by"


class UnknownKind(NotFound):
    """No kind of that name is kept here."""

    code = "unknown_kind"
    message = "No records of that kind are kept here. The deployment's file of kinds says which are."


class RecordNotFound(NotFound):
    """There is no such record."""

    code = "record_not_found"
    message = "This user has no record of that kind and id. GET /records/{{kind}} lists them."


class TooManyRecords(Conflict):
    """A user has as many records of a kind as there can be."""

    code = "too_many_records"
    message = "There are {most} records of this kind, as many as a user can have. Deleting one makes room."


@dataclass(frozen=True, kw_only=True)
class AppRecord:
    """One record. Moments are in UTC."""

    record_id: str
    kind: str
    at: datetime
    said: Mapping[str, Any]
    # Who wrote it, where it was not the user: as what, and never who.
    by: ActorKind | None = None
    # None where it has no end.
    expires_at: datetime | None

    def document(self) -> Document:
        """As it is stored."""
        end = {} if self.expires_at is None else {EXPIRE_AT: self.expires_at}
        by = {} if self.by is None else {BY: self.by.value}
        return {
            "schema_version": SCHEMA_VERSION,
            KIND: self.kind,
            AT: self.at,
            "record": json_text(dict(self.said)),
            **by,
            **end,
        }

    @classmethod
    def read(cls, record_id: str, document: Mapping[str, Any]) -> Self:
        """As it is stored. Raises `RecordNotFound`, `RecordsUnreadable`."""
        if not document:
            raise RecordNotFound
        with reading_record(document):
            end, by = document.get(EXPIRE_AT), document.get(BY)
            return cls(
                record_id=record_id,
                kind=str(document[KIND]),
                at=plain_utc(document[AT]),
                said=dict(json.loads(document["record"])),
                by=None if by is None else ActorKind(by),
                expires_at=plain_utc(end) if end else None,
            )

    def is_kept(self, kind: str, now: datetime) -> bool:
        """Whether it is one of that kind, and has not expired."""
        return self.kind == kind and (self.expires_at is None or self.expires_at > now)

"""The records of backups: of which moment each is, what it holds, and whether it was read back.

It must not know how a backup is taken. A record says nothing of where the backup lies.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any, Final

from pydantic import BeforeValidator, TypeAdapter

from streak_core.domain.days import rfc3339
from streak_core.store.documents import plain_utc
from streak_core.store.unreadable import reading
from streak_core.store.writing import commit

if TYPE_CHECKING:
    from collections.abc import Mapping

    from google.cloud import firestore

# A collection of its own, closed to clients.
BACKUPS: Final = "backups"
BY_MOMENT: Final = "moment"

_Moment = Annotated[datetime, BeforeValidator(lambda found: plain_utc(found) if isinstance(found, datetime) else found)]


@dataclass(frozen=True, kw_only=True)
class BackupRecord:
    """One backup that is whole: the moment that it is of, and when it was done."""

    moment: _Moment
    ended_at: _Moment
    documents: int
    # Whether every byte was read again, and was as it was written.
    is_verified: bool


_RECORD: Final = TypeAdapter(BackupRecord)


def read_record(content: Mapping[str, Any]) -> BackupRecord:
    """The record of a document. Raises `UnreadableStreakError`."""
    with reading():
        return _RECORD.validate_python(content)


def note_backup(client: firestore.Client, record: BackupRecord) -> None:
    """Keeps a record; the same again is one. Raises `CommitFailed`, `DatabaseUnavailable`."""
    ref = client.collection(BACKUPS).document(rfc3339(record.moment))
    commit(client, lambda transaction: transaction.set(ref, asdict(record)))

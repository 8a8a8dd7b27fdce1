"""The records of backups: of which moment each is, what it holds, and whether it was read back.

It must not know how a backup is taken. A record says nothing of where the backup lies.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Final

from pydantic import TypeAdapter

from streak_core.domain.days import rfc3339
from streak_core.store.documents import Moment
from streak_core.store.reading import contents, read_one, read_page
from streak_core.store.unreadable import reading
from streak_core.store.writing import commit

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from google.cloud import firestore

    from streak_core.store.reading import Snapshot

# A collection of its own, closed to clients. A copy's record has its moment as its id, an export's the date.
BACKUPS: Final = "backups"
# Only a backup that is whole has it, so that it orders those and no others.
BY_MOMENT: Final = "moment"
# Two weeks of exports and of copies; none that is older says that all is well.
_LATEST_MAX: Final = 28


@dataclass(frozen=True, kw_only=True)
class BackupRecord:
    """One backup that is whole, whoever took it: the moment that it is of, and when it was done."""

    moment: Moment
    ended_at: Moment
    documents: int
    # Whether every byte was read again, and was as it was written.
    is_verified: bool


class ExportState(StrEnum):
    """How far a day's export is."""

    # Claimed by a call that is about to ask for it.
    STARTING = "starting"
    RUNNING = "running"
    COMPLETED = "completed"
    FAILED = "failed"


@dataclass(frozen=True, kw_only=True)
class Export:
    """The export of a day: as of when, which call asked for it and when, Google's operation, and what it wrote."""

    state: ExportState
    snapshot_time: Moment
    owner: str
    claimed_at: Moment
    operation: str = ""
    documents: int = 0
    size_bytes: int = 0
    ended_at: Moment | None = None


_RECORD: Final = TypeAdapter(BackupRecord)
_EXPORT: Final = TypeAdapter(Export)


def read_record(content: Mapping[str, Any]) -> BackupRecord:
    """The record of a document. Raises `UnreadableStreakError`."""
    with reading():
        return _RECORD.validate_python(content)


def note_backup(client: firestore.Client, record: BackupRecord) -> None:
    """Keeps a record; the same again is one. Raises `CommitFailed`, `DatabaseUnavailable`."""
    ref = client.collection(BACKUPS).document(rfc3339(record.moment))
    commit(client, lambda transaction: transaction.set(ref, asdict(record)))


class BackupStore:
    """The records as the function `backup` needs them."""

    def __init__(self, client: firestore.Client) -> None:
        """Uses `client`."""
        self._client = client

    def latest(self) -> list[BackupRecord]:
        """The backups that are whole, the latest first. Raises `DatabaseUnavailable`, `UnreadableStreakError`."""
        query = self._client.collection(BACKUPS).order_by(BY_MOMENT, direction="DESCENDING")
        return [read_record(contents(one)) for one in read_page(query, _LATEST_MAX)]

    def find(self, day: date) -> tuple[Snapshot, Export | None]:
        """The export of a day as read. Raises `DatabaseUnavailable`, `UnreadableStreakError`."""
        found = read_one(self._client.collection(BACKUPS).document(day.isoformat()))
        if not found.exists:
            return found, None
        with reading():
            return found, _EXPORT.validate_python(contents(found))

    def note_verified(self, day: date) -> None:
        """Keeps that the export of a day was read back, and is right. Raises `CommitFailed`, `DatabaseUnavailable`."""
        ref = self._client.collection(BACKUPS).document(day.isoformat())
        commit(self._client, lambda transaction: transaction.update(ref, {"is_verified": True}))

    def put(self, found: Snapshot, export: Export) -> None:
        """Writes an export over what was found, if that is still so. Raises `CommitFailed`, `DatabaseUnavailable`."""
        content = {**asdict(export), "state": export.state.value}
        if export.state is ExportState.COMPLETED:
            content |= {BY_MOMENT: export.snapshot_time, "is_verified": False}
        if not found.exists:
            commit(self._client, lambda transaction: transaction.create(found.reference, content))
            return
        option = self._client.write_option(last_update_time=found.update_time)
        commit(self._client, lambda transaction: transaction.update(found.reference, content, option=option))

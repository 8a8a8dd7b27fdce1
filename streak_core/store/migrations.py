"""The records of migrations: by whom each was begun, the checksum of what was run, and how far it is with users.

It must not know any migration, nor who brings users along.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING, ClassVar, Final

from pydantic import ConfigDict, TypeAdapter

from streak_core.domain.errors import DatabaseUnavailable
from streak_core.store.documents import Moment
from streak_core.store.failures import CommitFailed, WriteConflict
from streak_core.store.reading import contents, read_one, read_page
from streak_core.store.unreadable import UnreadableStreakError, reading
from streak_core.store.writing import commit

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from google.cloud import firestore

    from streak_core.store.reading import Snapshot

# A collection of its own, closed to clients; its records stay.
MIGRATIONS: Final = "migrations"
# Users who are left as they are and named.
NAMED_MAX: Final = 20
# More migrations than code ever reads the forms of.
RECORDS_MAX: Final = 100
_TRIES_MAX: Final = 5
_CLOSED: Final = ConfigDict(extra="forbid")
_GONE_ON: Final = "the record is another one"


class MigrationState(StrEnum):
    """Where a migration stands on a database."""

    GOING_UP = "going_up"
    UP = "up"
    GOING_DOWN = "going_down"
    DOWN = "down"


@dataclass(frozen=True, kw_only=True)
class LeftAlone:
    """A user who is not migrated, and why; the reason tells nothing of what is stored."""

    __pydantic_config__: ClassVar[ConfigDict] = _CLOSED

    doc_id: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class Counts:
    """How many users were written, were there already, would have lost something, and could not be migrated."""

    __pydantic_config__: ClassVar[ConfigDict] = _CLOSED

    changed: int = 0
    already: int = 0
    would_lose: int = 0
    failed: int = 0
    # The first of those who would have lost something or could not be migrated.
    left_alone: tuple[LeftAlone, ...] = ()

    def __add__(self, other: Counts) -> Counts:
        """Both together."""
        return Counts(
            changed=self.changed + other.changed,
            already=self.already + other.already,
            would_lose=self.would_lose + other.would_lose,
            failed=self.failed + other.failed,
            left_alone=(*self.left_alone, *other.left_alone)[:NAMED_MAX],
        )

    @property
    def users(self) -> int:
        """How many were dealt with."""
        return self.changed + self.already + self.left

    @property
    def left(self) -> int:
        """How many are not in the form that was meant."""
        return self.would_lose + self.failed


@dataclass(frozen=True, kw_only=True)
class Progress:
    """How far a migration is: the last document that was dealt with, and the counts up to there."""

    __pydantic_config__: ClassVar[ConfigDict] = _CLOSED

    # Which time through all users it is: another time is never gone on with by who was at this one.
    run: str = ""
    cursor: str | None = None
    is_done: bool = False
    counts: Counts = Counts()


@dataclass(frozen=True, kw_only=True)
class Record:
    """What is kept of a migration."""

    __pydantic_config__: ClassVar[ConfigDict] = _CLOSED

    name: str
    # Of what was run here.
    checksum: str
    state: MigrationState
    # Whether users lose on the way back what the form before has no place for.
    accept_loss: bool
    by: str
    begun_at: Moment
    ended_at: Moment | None = None
    progress: Progress


@dataclass(frozen=True, kw_only=True)
class Kept:
    """A record as stored; `version` is what a write of it builds on. Of one that does not read there is none."""

    number: int
    record: Record | None
    version: datetime | None
    # Whether documents may be of its form, as far as a record can say that this revision does not know.
    is_begun: bool


PROGRESS: Final = "progress"
_PROGRESS: Final = TypeAdapter(Progress)
_RECORD: Final = TypeAdapter(Record)


def read_progress(snapshot: Snapshot) -> Progress:
    """The progress of a record. Raises `UnreadableStreakError`."""
    with reading():
        return _RECORD.validate_python(contents(snapshot)).progress


def progress_field(progress: Progress) -> dict[str, object]:
    """What is written of a record as users are migrated."""
    return {PROGRESS: _PROGRESS.dump_python(progress, mode="json")}


def newest_form(found: Iterable[Snapshot]) -> int | None:
    """The newest form that documents may have by the records, in whatever form those are; None where there is none."""
    kept = (_kept(one) for one in found)
    return max((one.number for one in kept if one and one.is_begun), default=None)


class MigrationStore:
    """The records of one database."""

    def __init__(self, client: firestore.Client) -> None:
        """Uses `client`."""
        self._client = client

    def all(self) -> tuple[Kept, ...]:
        """Every record there is, by number. Raises `DatabaseUnavailable`."""
        return tuple(kept for one in self._all() if (kept := _kept(one)))

    def newest_form(self) -> int | None:
        """The newest form that documents may have; None where nothing was migrated. Raises `DatabaseUnavailable`."""
        return newest_form(self._all())

    def find(self, number: int) -> Kept | None:
        """The record of a migration. Raises `DatabaseUnavailable`."""
        found = read_one(self.record_doc(number))
        return _kept(found) if found.exists else None

    def put(self, number: int, record: Record, over: Kept | None) -> None:
        """Writes a record where it is still as found. Raises `WriteConflict`, `DatabaseUnavailable`."""
        for _ in range(_TRIES_MAX):
            try:
                self._write(number, record, over)
            except CommitFailed:
                found = self.find(number)
                if found and found.record == record:
                    # The reply to it was lost.
                    return
                if (found and found.version) != (over and over.version):
                    raise WriteConflict(_GONE_ON) from None
                continue
            return
        raise DatabaseUnavailable

    def record_doc(self, number: int) -> firestore.DocumentReference:
        """Where the record of a migration is kept."""
        ref: firestore.DocumentReference = self._client.collection(MIGRATIONS).document(f"{number:04d}")
        return ref

    def _all(self) -> list[Snapshot]:
        return read_page(self._client.collection(MIGRATIONS).order_by("__name__"), RECORDS_MAX)

    def _write(self, number: int, record: Record, over: Kept | None) -> None:
        ref = self.record_doc(number)
        content = _RECORD.dump_python(replace(record, progress=Progress())) | progress_field(record.progress)
        if over is None:
            commit(self._client, lambda transaction: transaction.create(ref, content))
            return
        option = self._client.write_option(last_update_time=over.version)
        commit(self._client, lambda transaction: transaction.update(ref, content, option=option))


def _kept(snapshot: Snapshot) -> Kept | None:
    """None where the document is another app's."""
    content = contents(snapshot)
    if not (snapshot.id.isascii() and snapshot.id.isdecimal() and "checksum" in content):
        return None
    try:
        with reading():
            record = _RECORD.validate_python(content)
    except UnreadableStreakError:
        record = None
    is_begun = content.get("state") != MigrationState.DOWN
    return Kept(number=int(snapshot.id), record=record, version=snapshot.update_time, is_begun=is_begun)

"""What is written down of maintenance runs: one document a run, with its lease and report, and its progress by shard.

It must not know what a run does.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Final

from google.cloud import firestore
from google.cloud.firestore_v1.base_query import FieldFilter
from pydantic import TypeAdapter

from streak_core.domain.errors import DatabaseUnavailable
from streak_core.store.documents import plain_utc
from streak_core.store.failures import CommitFailed, write_refusals
from streak_core.store.reading import count_documents, read_all, read_one
from streak_core.store.sharding import SHARDS
from streak_core.store.writing import commit

if TYPE_CHECKING:
    from collections.abc import Callable

    from google.cloud.firestore_v1.base_document import DocumentSnapshot

    Snapshot = DocumentSnapshot[Any]

RUNS: Final = "maintenance_runs"
PROGRESS: Final = "shards"
UNREADABLE_REPORTED_MAX: Final = 100
LEASE: Final = timedelta(seconds=120)
_TRIES_MAX: Final = 5

Cursor = tuple[datetime, str]


@dataclass(frozen=True, kw_only=True, slots=True)
class Counts:
    """All zero at the start; `+` adds two up."""

    users_processed: int = 0
    freezes_applied: int = 0
    streaks_broken: int = 0
    errors: int = 0
    transaction_retries: int = 0
    documents_read: int = 0
    documents_written: int = 0
    rpcs: int = 0
    # The oldest deadline that had passed (UTC).
    oldest_deadline: datetime | None = None
    # Users who could not be read or written, at most a hundred of them.
    unreadable: tuple[Mapping[str, str], ...] = ()

    def __add__(self, other: Counts) -> Counts:
        """Both together."""
        numbers = {
            one.name: getattr(self, one.name) + getattr(other, one.name)
            for one in fields(self)
            if isinstance(getattr(self, one.name), int)
        }
        deadlines = [moment for moment in (self.oldest_deadline, other.oldest_deadline) if moment]
        return replace(
            self,
            **numbers,
            oldest_deadline=min(deadlines, default=None),
            unreadable=(*self.unreadable, *other.unreadable)[:UNREADABLE_REPORTED_MAX],
        )


def total(parts: Sequence[Counts]) -> Counts:
    """All of them together."""
    return sum(parts, Counts())


class RunState(StrEnum):
    """Where a run stands."""

    RUNNING = "running"
    PARTIAL = "partial"
    ENDED = "ended"


@dataclass(frozen=True, kw_only=True, slots=True)
class Progress:
    """How far a shard is: the last user that was dealt with, and the counts up to there."""

    cursor: Cursor | None = None
    is_done: bool = False
    counts: Counts = field(default_factory=Counts)


_PROGRESS: Final = TypeAdapter(Progress)


@dataclass(frozen=True, kw_only=True)
class Claim:
    """What a call finds: the run is its own to do, or somebody else's, or over with a report."""

    is_ours: bool
    # Whether nothing was written of this run before, so that there is no progress to go on from.
    is_new: bool = False
    report: Mapping[str, Any] | None = None


class RunStore:
    """The runs."""

    def __init__(self, client: firestore.Client) -> None:
        """Uses `client`."""
        self._client = client

    def claim(self, run_id: str, owner: str, wall: datetime) -> Claim:
        """Takes the lease, unless the run is over or somebody's; `wall` is real time. Raises `DatabaseUnavailable`."""
        for _ in range(_TRIES_MAX):
            found = read_one(self._run_doc(run_id))
            known = (found.to_dict() or {}) if found.exists else {}
            if known.get("state") == RunState.ENDED:
                return Claim(is_ours=False, report=known.get("report"))
            if known.get("owner") == owner:
                # The reply to the write of an earlier try was lost.
                return Claim(is_ours=True)
            if known.get("state") == RunState.RUNNING and plain_utc(known["lease_until"]) > wall:
                return Claim(is_ours=False)
            try:
                self._take(found, run_id, owner, wall)
            except CommitFailed:
                continue
            return Claim(is_ours=True, is_new=not found.exists)
        raise DatabaseUnavailable

    def _take(self, found: Snapshot, run_id: str, owner: str, wall: datetime) -> None:
        run_doc = self._run_doc(run_id)
        content = {"state": RunState.RUNNING.value, "owner": owner, "lease_until": wall + LEASE, "updated_at": wall}

        def write(transaction: firestore.Transaction) -> None:
            if found.exists:
                option = self._client.write_option(last_update_time=found.update_time)
                transaction.update(run_doc, content, option=option)
            else:
                transaction.create(run_doc, {**content, "run_id": run_id, "started_at": wall})

        with write_refusals():
            commit(self._client, write)

    def renew(self, run_id: str, wall: datetime) -> None:
        """Keeps the lease for another while. Raises `DatabaseUnavailable`."""
        self._update(run_id, {"lease_until": wall + LEASE, "updated_at": wall})

    def finish(self, run_id: str, wall: datetime, report: Mapping[str, Any], *, is_partial: bool) -> None:
        """Keeps the report and gives the lease back. Raises `DatabaseUnavailable`."""
        state = RunState.PARTIAL if is_partial else RunState.ENDED
        self._update(run_id, {"state": state.value, "lease_until": wall, "updated_at": wall, "report": dict(report)})

    def progress(self, run_id: str) -> dict[int, Progress]:
        """How far each shard is that anything was written of. Raises `DatabaseUnavailable`."""
        refs = [self._shard(run_id, shard) for shard in range(SHARDS)]
        found = [one for one in read_all(self._client, refs) if one.exists]
        return {int(one.id): _read_progress(one.to_dict() or {}) for one in found}

    def shard_progress(self, run_id: str, shard: int) -> Progress:
        """How far one shard is. Raises `DatabaseUnavailable`."""
        found = read_one(self._shard(run_id, shard))
        return _read_progress(found.to_dict() or {}) if found.exists else Progress()

    def write_progress(self, transaction: firestore.Transaction, run_id: str, shard: int, progress: Progress) -> None:
        """Adds the progress to a transaction, so that it is kept together with what it counts."""
        document = _PROGRESS.dump_python(progress, mode="json")
        transaction.set(self._shard(run_id, shard), document)

    def keep_progress(self, run_id: str, shard: int, progress: Progress) -> None:
        """Writes the progress alone. Raises `DatabaseUnavailable`."""
        self._until_written(lambda transaction: self.write_progress(transaction, run_id, shard, progress))

    def shards_done(self, run_id: str) -> int:
        """How many shards are done, by one aggregation. Raises `DatabaseUnavailable`."""
        done = self._run_doc(run_id).collection(PROGRESS).where(filter=FieldFilter("is_done", "==", True))  # noqa: FBT003
        return count_documents(done)

    def _run_doc(self, run_id: str) -> firestore.DocumentReference:
        return self._client.collection(RUNS).document(run_id)

    def _shard(self, run_id: str, shard: int) -> firestore.DocumentReference:
        ref: firestore.DocumentReference = self._run_doc(run_id).collection(PROGRESS).document(f"{shard:02d}")
        return ref

    def _update(self, run_id: str, content: Mapping[str, Any]) -> None:
        self._until_written(lambda transaction: transaction.set(self._run_doc(run_id), dict(content), merge=True))

    def _until_written(self, write: Callable[[firestore.Transaction], None]) -> None:
        """Writes the same until it is written: doing it twice is doing it once. Raises `DatabaseUnavailable`."""
        for _ in range(_TRIES_MAX):
            try:
                with write_refusals():
                    commit(self._client, write)
            except CommitFailed:
                continue
            return
        raise DatabaseUnavailable


def _read_progress(document: Mapping[str, Any]) -> Progress:
    progress = _PROGRESS.validate_python(document)
    oldest = progress.counts.oldest_deadline
    return replace(progress, counts=replace(progress.counts, oldest_deadline=oldest and oldest.astimezone(UTC)))

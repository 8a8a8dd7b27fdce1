"""The runs of the job: one document a run, with its lease and report, and below it the progress of each shard.

It must not know what a run does, nor the form of its documents.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

from google.cloud import firestore
from google.cloud.firestore_v1.base_query import FieldFilter
from google.cloud.firestore_v1.field_path import FieldPath

from streak_core.domain.errors import DatabaseUnavailable, Unavailable
from streak_core.store.failures import CommitFailed
from streak_core.store.paces import PaceStore
from streak_core.store.reading import count_documents, read_all, read_one, read_page
from streak_core.store.run_documents import (
    Progress,
    RunState,
    StoredRun,
    kept_report,
    life,
    progress_document,
    read_progress,
    read_run,
)
from streak_core.store.run_report import RunReport
from streak_core.store.sharding import SHARDS
from streak_core.store.writing import commit

if TYPE_CHECKING:
    from datetime import datetime

    from streak_core.store.reading import Snapshot

RUNS: Final = "maintenance_runs"
PROGRESS: Final = "shards"
LEASE: Final = timedelta(seconds=120)
_TRIES_MAX: Final = 5


class AlreadyRunning(Unavailable):
    """Another call is at the run, or was until it died: the same call again, after the lease, goes on with it."""

    code = "already_running"
    message = "Another call is at this run, or was until it died. Call again later."

    def __init__(self, lease_left: timedelta) -> None:
        """Its lease ends so much later."""
        super().__init__()
        self.retry_after_seconds = max(1, math.ceil(lease_left.total_seconds()))


@dataclass(frozen=True, kw_only=True)
class Claim:
    """What a call finds: the run is its own to do, or over with a report."""

    # Whether nothing was written of this run before, so that there is no progress to go on from.
    is_new: bool = False
    # That of a run that has ended; None where the run is ours to do.
    report: RunReport | None = None


class RunStore:
    """The runs."""

    def __init__(self, client: firestore.Client) -> None:
        """Uses `client`."""
        self._client = client
        # What is known of runs before, whichever they were.
        self.paces = PaceStore(client)

    def claim(self, run_id: str, owner: str, wall: datetime) -> Claim:
        """Takes the lease, unless the run is over; `wall` is real time.

        Raises `AlreadyRunning` while somebody else's lease holds, `UnreadableRun` and `DatabaseUnavailable`.
        """
        for _ in range(_TRIES_MAX):
            found = read_one(self._run_doc(run_id))
            known = read_run(found, wall)
            if known and known.state is RunState.ENDED:
                return Claim(report=known.report)
            if known and known.owner == owner:
                # The reply to the write of an earlier try was lost.
                return Claim()
            if known and known.state is RunState.RUNNING and known.lease_until > wall:
                raise AlreadyRunning(known.lease_until - wall)
            try:
                self._take(found, run_id, owner, wall, is_new=known is None)
            except CommitFailed:
                continue
            return Claim(is_new=known is None)
        raise DatabaseUnavailable

    def _take(self, found: Snapshot, run_id: str, owner: str, wall: datetime, *, is_new: bool) -> None:
        content = {"state": RunState.RUNNING.value, "owner": owner, "lease_until": wall + LEASE, **life(wall)}
        if is_new:
            content |= {"run_id": run_id, "started_at": wall, "report": None}
        if found.exists:
            self._update(found, content)
            return
        commit(self._client, lambda transaction: transaction.create(found.reference, content))

    def _update(self, found: Snapshot, content: Mapping[str, Any]) -> None:
        """Writes fields of a document that is still as it was found. Raises `CommitFailed`."""
        option = self._client.write_option(last_update_time=found.update_time)
        commit(self._client, lambda transaction: transaction.update(found.reference, dict(content), option=option))

    def find(self, run_id: str, wall: datetime) -> StoredRun | None:
        """The run; None where nobody has begun it. Raises `UnreadableRun`, `DatabaseUnavailable`."""
        return read_run(read_one(self._run_doc(run_id)), wall)

    def named(self, first: str, end: str, count: int, wall: datetime) -> list[tuple[str, StoredRun]]:
        """Runs by their ids, from the first on and before the end. Raises `UnreadableRun`, `DatabaseUnavailable`."""
        name = FieldPath.document_id()
        found = self._client.collection(RUNS).where(filter=FieldFilter(name, ">=", self._run_doc(first)))
        found = found.where(filter=FieldFilter(name, "<", self._run_doc(end))).order_by(name)
        return [(one.id, run) for one in read_page(found, count) if (run := read_run(one, wall))]

    def renew(self, run_id: str, owner: str, wall: datetime) -> None:
        """Keeps the lease for another while. Raises as `leave` does."""
        self._write_own(run_id, owner, wall, {"lease_until": wall + LEASE})

    def release(self, run_id: str, owner: str, wall: datetime) -> None:
        """Gives the lease back while the run goes on elsewhere. Raises as `leave` does."""
        self._write_own(run_id, owner, wall, {"lease_until": wall})

    def leave(self, run_id: str, owner: str, wall: datetime, report: RunReport | None) -> None:
        """Gives the lease back with something left to do.

        Raises `AlreadyRunning` where the run is not the owner's any more, `UnreadableRun`, `DatabaseUnavailable`.
        """
        content = {"state": RunState.PARTIAL.value, "lease_until": wall, "report": kept_report(report)}
        self._write_own(run_id, owner, wall, content)

    def finish(self, run_id: str, owner: str, wall: datetime, report: RunReport) -> None:
        """Ends the run with its report. Raises as `leave` does."""
        self._write_own(run_id, owner, wall, _ended(wall, report))

    def finish_shared(self, run_id: str, worker: str, wall: datetime, report: RunReport) -> bool:
        """Ends a run that several work on; whether it was this one who did, and nobody did before.

        A run that nobody has begun is nobody's to end. Raises `UnreadableRun`, `DatabaseUnavailable`.
        """
        known = self._write(run_id, None, wall, {"owner": worker, **_ended(wall, report)})
        return known is not None and known.owner == worker

    def _write_own(self, run_id: str, owner: str, wall: datetime, content: Mapping[str, Any]) -> None:
        known = self._write(run_id, owner, wall, content)
        if known is None or known.owner != owner:
            raise AlreadyRunning(known.lease_until - wall if known else timedelta())

    def _write(self, run_id: str, owner: str | None, wall: datetime, content: Mapping[str, Any]) -> StoredRun | None:
        """Writes over a run that has not ended, where it is the owner's if one is given; answers the run as it is then.

        Of a write whose reply was lost the run itself tells whose it is. Raises `UnreadableRun`, `DatabaseUnavailable`.
        """
        for _ in range(_TRIES_MAX):
            found = read_one(self._run_doc(run_id))
            known = read_run(found, wall)
            if known is None or known.state is RunState.ENDED or known.owner != (owner or known.owner):
                return known
            try:
                self._update(found, {**content, **life(wall)})
            except CommitFailed:
                continue
            return replace(known, owner=content.get("owner", known.owner))
        raise DatabaseUnavailable

    def progress(self, run_id: str, wall: datetime) -> dict[int, Progress]:
        """How far each shard is that anything was written of. Raises `UnreadableRun`, `DatabaseUnavailable`."""
        refs = [self._shard(run_id, shard) for shard in range(SHARDS)]
        found = read_all(self._client, refs)
        return {int(one.id): progress for one in found if (progress := read_progress(one, wall))}

    def shard_progress(self, run_id: str, shard: int, wall: datetime) -> Progress:
        """How far one shard is. Raises `UnreadableRun`, `DatabaseUnavailable`."""
        return read_progress(read_one(self._shard(run_id, shard)), wall) or Progress()

    def write_progress(
        self, transaction: firestore.Transaction, run_id: str, shard: int, progress: Progress, wall: datetime
    ) -> None:
        """Adds the progress to a transaction, so that it is kept together with what it counts."""
        transaction.set(self._shard(run_id, shard), progress_document(progress, wall))

    def keep_progress(self, run_id: str, shard: int, progress: Progress, wall: datetime) -> None:
        """Writes the progress alone, as often as it takes: twice is once. Raises `DatabaseUnavailable`."""
        for _ in range(_TRIES_MAX):
            try:
                commit(self._client, lambda one: self.write_progress(one, run_id, shard, progress, wall))
            except CommitFailed:
                continue
            return
        raise DatabaseUnavailable

    def shards_done(self, run_id: str) -> int:
        """How many shards are done, by one aggregation. Raises `DatabaseUnavailable`."""
        done = self._run_doc(run_id).collection(PROGRESS).where(filter=FieldFilter("is_done", "==", True))  # noqa: FBT003
        return count_documents(done)

    def _run_doc(self, run_id: str) -> firestore.DocumentReference:
        return self._client.collection(RUNS).document(run_id)

    def _shard(self, run_id: str, shard: int) -> firestore.DocumentReference:
        ref: firestore.DocumentReference = self._run_doc(run_id).collection(PROGRESS).document(f"{shard:02d}")
        return ref


def _ended(wall: datetime, report: RunReport) -> dict[str, Any]:
    return {"state": RunState.ENDED.value, "lease_until": wall, "report": kept_report(report)}

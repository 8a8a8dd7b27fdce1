"""What `streakctl backup`, `verify-backup`, `restore`, `close` and `open` do, and what they say of it.

It must not know options, nor how anything is copied. Each answers its exit status.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import Final

from google.cloud import firestore
from rich.console import Console
from rich.text import Text

from emulator.stopping import stop_signals_interrupt
from streak_core.domain.days import rfc3339
from streak_core.maintenance.pacing import NoBudget, WriteBudget
from streak_core.proving.stopped import StoppedError
from streak_core.store.backups import BackupRecord, note_backup
from streak_core.store.documents import user_doc_id
from streak_core.store.failures import CommitFailed
from streak_core.store.write_lease import LeaseTakenError, WriteLease, WriteLeases
from streak_core.write_gate import HEEDED_AFTER_SECONDS
from tools.streakctl.backup.bucket import BucketPlace, bucket_of
from tools.streakctl.backup.manifest import Kept, Manifest, check_backup, find_backup, forget_old
from tools.streakctl.backup.parts import DamagedError
from tools.streakctl.backup.raw_database import RawDatabase
from tools.streakctl.backup.restoring import DiffersError, RestoreRun
from tools.streakctl.backup.taking import BackupRun, last_minute
from tools.streakctl.database import Target, WrongUseError
from tools.streakctl.progress import NowAndThen, ShownProgress
from tools.streakctl.proving import Finding, Prover
from tools.streakctl.tables import plain
from tools.streakctl.verify import DIFFERENT, FINE, INTERRUPTED, Verification

PREFIXED: Final = (
    "STREAK_COLLECTION_PREFIX is set, and a backup takes whole databases: another app's documents would be in it, too. "
    "Use `gcloud firestore export --collection-ids=…` and `gcloud firestore import`"
)


@dataclass
class ShownDocuments:
    """Counts documents, from several threads, and says so on standard error now and then."""

    console: Console
    what: str
    total: int = 0
    documents: int = 0
    _lines: NowAndThen = field(default_factory=NowAndThen, init=False)
    _lock: threading.Lock = field(default_factory=threading.Lock, init=False)

    def tell(self, documents: int) -> None:
        """So many more."""
        with self._lock:
            self.documents += documents
            if not self._lines.is_due():
                return
        of = f" of {self.total:,}" if self.total else ""
        rate = round(self.documents / (self._lines.clock() - self._lines.begun))
        self.console.print(f"{self.what} {self.documents:,}{of} documents, {rate:,} documents/s")


@dataclass(frozen=True, kw_only=True)
class Files:
    """The files of backups, and what is said of them."""

    out: Console
    err: Console

    def verify(self, place: str, to_time: datetime | None) -> int:
        """Reads every byte of a backup; one in a bucket is fetched, and does not stay here."""
        try:
            return FINE if self.found_right(place, to_time) else DIFFERENT
        finally:
            if bucket := bucket_of(place):
                bucket.clear()

    def found_right(self, place: str, to_time: datetime | None) -> Kept | None:
        """The backup, every byte of it as it was written; None where something is not, which is said."""
        try:
            bucket = bucket_of(place)
            kept = find_backup(bucket.fetch(to_time), None) if bucket else find_backup(Path(place), to_time)
        except DamagedError as damaged:
            self.say(f"{place}: {damaged}")
            return None
        wrong = check_backup(kept, ShownDocuments(self.err, "read", kept.manifest.documents).tell)
        for one in wrong:
            self.say(f"{kept.folder}: {one}")
        if wrong:
            return None
        self.say(f"{kept.folder}: every byte is as it was written; {_described(kept.manifest)}")
        return kept

    def say(self, line: str) -> None:
        """One line, whatever is in it."""
        self.out.print(Text(plain(line)), soft_wrap=True)


@dataclass(frozen=True, kw_only=True)
class Keeping:
    """Where the commands work, and what they say it on."""

    target: Target
    client: firestore.Client
    leases: WriteLeases
    # Made when it is first used: what users are judged by is stored, too.
    make_prover: Callable[[], Prover]
    files: Files
    threads: int

    @cached_property
    def prover(self) -> Prover:
        """Proves users of the target."""
        return self.make_prover()

    def backup(self, place: str, moment: datetime | None, keep_days: int | None) -> int:
        """Takes one, reads every byte of it again, and then deletes those that are older than `keep_days`."""
        now, bucket = datetime.now(UTC), bucket_of(place)
        taking = bucket.taking if bucket else Path(place)
        database = self._database()
        with stop_signals_interrupt():
            unbrought = bucket.unbrought(database.name) if bucket else None
            kept = unbrought or self._taken(database, taking, moment, now)
        is_right = self.files.found_right(str(kept.folder), None) is not None
        if is_right and bucket:
            self._bring(bucket, kept.folder)
        self._note(kept.manifest, is_verified=is_right)
        if not is_right:
            return DIFFERENT
        forgotten: Sequence[object] = ()
        if keep_days:
            forgotten = bucket.forget_old(keep_days, now) if bucket else forget_old(taking, keep_days, now)
        for old in forgotten:
            self.files.say(f"deleted {old}: it is not of the last {keep_days} days")
        return FINE

    def _taken(self, database: RawDatabase, place: Path, moment: datetime | None, now: datetime) -> Kept:
        run = BackupRun(
            database=database,
            place=place,
            moment=moment or (now if self.target.emulator else last_minute(now)),
            threads=self.threads,
            tell=ShownDocuments(self.files.err, "backed up").tell,
        )
        folder, manifest = run.take()
        return Kept(folder=folder, manifest=manifest)

    def _bring(self, bucket: BucketPlace, folder: Path) -> None:
        self.files.err.print(f"bringing it to {bucket}")
        with stop_signals_interrupt():
            bucket.bring(folder)
        self.files.say(f"brought to {bucket}/{folder.name}")

    def _note(self, manifest: Manifest, *, is_verified: bool) -> None:
        """In the database itself, where `/health/database` finds it."""
        record = BackupRecord(
            moment=manifest.at,
            ended_at=datetime.fromisoformat(manifest.ended_at),
            documents=manifest.documents,
            is_verified=is_verified,
        )
        try:
            note_backup(self.client, record)
        except CommitFailed as failed:
            self.files.say(f"it is whole, and could not be noted in {self.target}: {failed}")

    def restore(self, place: str, to_time: datetime | None, user_id: str | None) -> int:
        """Checks a backup, brings it back, compares, proves, and opens the service."""
        kept = self.files.found_right(place, to_time)
        if kept is None:
            self.files.say("nothing was written: restore another backup (--to-time)")
            return DIFFERENT
        shown = ShownDocuments(self.files.err, "written", 0 if user_id else kept.manifest.documents)
        run = RestoreRun(
            database=self._database(),
            leases=self.leases,
            kept=kept,
            wait_until_heeded=self._wait_until_heeded,
            threads=self.threads,
            budget=NoBudget() if self.target.emulator else WriteBudget(),
            tell=shown.tell,
        )
        with stop_signals_interrupt():
            status = self._restored(run, user_id)
        if (bucket := bucket_of(place)) and status == FINE:
            bucket.clear()
        return status

    def _restored(self, run: RestoreRun, user_id: str | None) -> int:
        try:
            if user_id is None:
                is_open = run.all_users(self._are_proved)
            else:
                is_open = run.one_user(
                    user_id,
                    is_damaged=lambda: self._finding(user_id) in {Finding.DIFFERS, Finding.UNPROVABLE},
                    is_proved=lambda: self._finding(user_id) is Finding.EQUAL,
                )
        except DiffersError as differs:
            self.files.say(f"what was written is not what is there: {differs}")
            is_open = False
        except StoppedError as error:
            message = "somebody else has taken this restore over, and goes on with it"
            raise WrongUseError(message) from error
        if not is_open:
            self.files.say(
                "not proved, so it stays closed; docs/operations.md says what to do, and `streakctl open` opens it"
            )
            return DIFFERENT
        self.files.say(f"restored, compared, proved and open: {_described(run.kept.manifest)}")
        for what, how in run.kept.manifest.not_held.items():
            self.files.say(f"a backup holds no {what}: {how}")
        return FINE

    def close(self, reason: str) -> int:
        """Closes the service for writing."""
        now = datetime.now(UTC)
        try:
            lease = self.leases.take(WriteLease(reason=reason, taken_at=now, is_readable=True), now)
        except LeaseTakenError as error:
            _refuse_taken(error.lease)
        else:
            self._wait_until_heeded()
            self.files.say(f"closed for writing since {rfc3339(lease.taken_at)}: {lease.reason}")
        return FINE

    def reopen(self) -> int:
        """Opens it, whatever it was closed for, where nobody is at work."""
        try:
            self.leases.give_back(None, datetime.now(UTC))
        except LeaseTakenError as error:
            _refuse_taken(error.lease)
        self.files.say("open")
        return FINE

    def _are_proved(self) -> bool:
        store = self.prover.store
        progress = ShownProgress(self.files.err, store.count)
        status = Verification(self.prover, self.files.out, progress, as_json=False).run(store.user_documents())
        if status == INTERRUPTED:
            raise KeyboardInterrupt
        return status == FINE

    def _finding(self, user_id: str) -> Finding:
        return self.prover.prove(self.prover.store.user_document(user_doc_id(user_id))).finding

    def _wait_until_heeded(self) -> None:
        """Until every process that serves has heard of the lease."""
        if not self.target.emulator:
            self.files.say(f"waiting {HEEDED_AFTER_SECONDS:.0f} s until everybody heeds that the service is closed")
            time.sleep(HEEDED_AFTER_SECONDS)

    def _database(self) -> RawDatabase:
        """As it is named, without a prefix. Raises `WrongUseError` where that would copy another app's documents."""
        if self.target.collection_prefix:
            raise WrongUseError(PREFIXED)
        return RawDatabase(self.target.project, self.target.database)


def _described(manifest: Manifest) -> str:
    counts = ", ".join(f"{count:,} {name}" for name, count in manifest.collections.items())
    return f"{manifest.documents:,} documents as of {manifest.moment} ({counts or 'nothing'})"


def _refuse_taken(lease: WriteLease | None) -> None:
    what = f"{lease.reason}, until {rfc3339(lease.owned_until)} at least" if lease else "somebody was faster"
    message = f"somebody is at work under the lease: {what}"
    raise WrongUseError(message)

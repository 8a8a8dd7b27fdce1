"""Settles the due users of one shard: pages from the due index, batches in one commit each, progress with every batch.

It must not decide a verdict (replay does) or know leases. Doing it twice is harmless.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final

from streak_core.domain.errors import DatabaseUnavailable, StreakError
from streak_core.domain.events import EventKind
from streak_core.domain.judging_anew import settlement
from streak_core.retry import Attempts
from streak_core.store.due import DueUser, Settled
from streak_core.store.failures import CommitFailed, StoreOverloaded
from streak_core.store.run_documents import Counts, Progress
from streak_core.store.run_report import Stop
from streak_core.telemetry import LogEvent, count, log
from streak_core.telemetry.stack import described, kind_of

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from google.cloud import firestore

    from streak_core.domain.model import Streak
    from streak_core.domain.rules import Rules
    from streak_core.domain.settlement import Settlement
    from streak_core.maintenance.endurance import Endurance
    from streak_core.maintenance.pacing import WriteBudget
    from streak_core.store.due import DuePage, DueStore
    from streak_core.store.reading import Cursor
    from streak_core.store.runs import RunStore


_REASON_LENGTH_MAX: Final = 200


class StoppedError(Exception):
    """The run ends before the shard is done."""


@dataclass(frozen=True, kw_only=True)
class Work:
    """What all shards of a run share. `now` is the moment as of which users are due."""

    run_id: str
    now: datetime
    policies: Callable[[], Rules]
    due: DueStore
    runs: RunStore
    endurance: Endurance
    budget: WriteBudget
    page_users: int
    batch_users: int
    # Real time, in which leases and the life of what is kept of a run are counted.
    wall: Callable[[], datetime]
    attempts: Callable[[], Attempts] = field(default=Attempts)


class ShardWork:
    """One shard of a run; `progress` is what is done so far, kept with every commit."""

    def __init__(self, work: Work, shard: int, progress: Progress) -> None:
        """Goes on from `progress`."""
        self._work = work
        self.number = shard
        self.progress = progress

    def run(self) -> Stop | None:
        """Settles everybody who is due; None when the shard is done, else why it is not."""
        try:
            while not self.progress.is_done:
                if stop := self._work.endurance.stopped_by:
                    return stop
                self._settle_page(self._page())
        except StoppedError:
            return self._work.endurance.stopped_by or Stop.OVERLOAD
        return None

    def keep(self) -> None:
        """Writes the progress alone, when no commit of users will. Raises `DatabaseUnavailable`."""
        self._work.runs.keep_progress(self._work.run_id, self.number, self.progress, self._work.wall())

    def count_failure(self) -> None:
        """Counts what should not have happened to the shard as a whole."""
        self._count(Counts(errors=1))

    def _page(self) -> DuePage:
        work = self._work
        while True:
            begun = work.endurance.elapsed_seconds
            try:
                page = work.due.page(self.number, work.now, self.progress.cursor, work.page_users)
            except DatabaseUnavailable:
                self._wait_out("page", begun)
            else:
                work.endurance.succeeded()
                self._count(Counts(documents_read=len(page.users)))
                return page

    def _settle_page(self, page: DuePage) -> None:
        size = self._work.batch_users
        for begin in range(0, len(page.users), size):
            self._settle_batch(page.users[begin : begin + size])
        # Also where nobody of the page is left to settle.
        cursor = page.cursor or self.progress.cursor
        self.progress = replace(self.progress, cursor=cursor, is_done=page.cursor is None)

    def _settle_batch(self, users: Sequence[DueUser]) -> None:
        self._count(Counts(oldest_deadline=min((one.deadline for one in users if one.deadline), default=None)))
        batch = [settled for user in users if (settled := self._settled(user))]
        last = users[-1]
        cursor = last.place or self.progress.cursor
        if not batch:
            self.progress = replace(self.progress, cursor=cursor)
            return
        try:
            self._commit(batch, cursor)
        except (StoppedError, DatabaseUnavailable):
            raise
        except Exception as error:  # noqa: BLE001 - whatever refused the batch, only whose data it is is to be left out
            self._note_retry("a batch was not written; its users go one by one", error, len(batch))
            for settled in batch:
                self._settle_alone(settled.user)
            self.progress = replace(self.progress, cursor=cursor)

    def _commit(self, batch: Sequence[Settled], cursor: Cursor | None) -> None:
        """Writes a batch together with the progress that counts it.

        Raises `CommitFailed`, `StoppedError`, `DatabaseUnavailable`, and whatever the batch's content brings about.
        """
        work = self._work
        while True:
            after = replace(self.progress, cursor=cursor, counts=self.progress.counts + _counted(batch))
            operations = _written(batch) + work.due.beside(batch)
            work.budget.take(operations)
            if work.endurance.is_taken_over or work.endurance.is_closed():
                # What is written from here on would be in the way of whoever goes on with the run, or of a restore.
                raise StoppedError
            begun = work.endurance.elapsed_seconds
            try:
                work.due.commit(batch, _kept(work, self.number, after))
            except StoreOverloaded:
                self._wait_out("commit", begun)
            else:
                work.endurance.succeeded()
                work.budget.wrote(operations)
                self.progress = after
                return

    def _settle_alone(self, user: DueUser) -> None:
        """Settles one user, or counts and names it. Raises `StoppedError`, `DatabaseUnavailable`."""
        try:
            self._settle_after_conflicts(user)
        except (StoppedError, DatabaseUnavailable):
            raise
        except Exception as error:  # noqa: BLE001 - whatever one user's data does to the code is that user's error
            self._fail(user, _reason(error), error)

    def _settle_after_conflicts(self, user: DueUser) -> None:
        attempts = self._work.attempts()
        while True:
            current = self._reloaded(user)
            if current is None or not self._work.due.is_wanted(current, self._work.now):
                return
            settled = self._settled(current)
            if settled is None:
                return
            try:
                self._commit([settled], self.progress.cursor)
            except CommitFailed as failure:
                self._note_retry("a due user's write was not taken", failure, 1)
                attempts.again(failure)
            else:
                return

    def _reloaded(self, user: DueUser) -> DueUser | None:
        while True:
            begun = self._work.endurance.elapsed_seconds
            try:
                current = self._work.due.reload(user.user_id)
            except DatabaseUnavailable:
                self._wait_out("read", begun)
            else:
                self._count(Counts(documents_read=1))
                return current

    def _settled(self, user: DueUser) -> Settled | None:
        """What is to be written of a user; None, counted and logged, where that can't be worked out."""
        if user.streak is None:
            self._fail(user, user.unreadable or "unreadable")
            return None
        try:
            settled = self._settlement(user, user.streak)
        except (StoppedError, DatabaseUnavailable):
            raise
        except Exception as error:  # noqa: BLE001 - whatever one user's data does to the code is that user's error
            self._fail(user, _reason(error), error)
            return None
        if settled.is_unproved:
            self._fail(user, "unprovable")
        return Settled(user=user, settlement=settled)

    def _settlement(self, user: DueUser, streak: Streak) -> Settlement:
        """What is to be written; the ledger is read only where decided days are to be judged anew."""
        work = self._work
        while True:
            begun, rules = work.endurance.elapsed_seconds, work.policies()
            try:
                return settlement(streak, user.settled_through, rules, work.now, lambda: work.due.ledger(user.user_id))
            except DatabaseUnavailable:
                self._wait_out("ledger", begun)

    def _fail(self, user: DueUser, reason: str, error: Exception | None = None) -> None:
        # It is kept with the progress of the shard, so that one user's must not fill the document.
        reason = reason[:_REASON_LENGTH_MAX]
        self._count(Counts(errors=1, unreadable=({"user_id": user.user_id, "reason": reason},)))
        log(
            LogEvent.USER_FAILED,
            "a due user could not be settled",
            error=error,
            user_id=user.user_id,
            reason=reason,
            run_id=self._work.run_id,
            shard=self.number,
        )

    def _note_retry(self, sentence: str, error: Exception, users: int) -> None:
        self._count(Counts(transaction_retries=1))
        count(retries=1)
        reason = str(error) if isinstance(error, CommitFailed) else kind_of(error)
        log(LogEvent.TRANSACTION_RETRY, sentence, reason=reason, shard=self.number, users=users)

    def _wait_out(self, what: str, begun: float) -> None:
        """Waits while Firestore is overloaded. Raises `StoppedError` when it has been for too long.

        `begun` is when that which failed was begun, as the endurance counts.
        """
        self._count(Counts(transaction_retries=1))
        log(LogEvent.FIRESTORE_OVERLOADED, "Firestore does not keep up", during=what, shard=self.number)
        if not self._work.endurance.failed(begun):
            raise StoppedError

    def _count(self, more: Counts) -> None:
        self.progress = replace(self.progress, counts=self.progress.counts + more)


def _reason(error: Exception) -> str:
    """Why a user could not be settled, without anything of what is stored; never empty."""
    return error.code if isinstance(error, StreakError) else described(error)


def _kept(work: Work, shard: int, progress: Progress) -> Callable[[firestore.Transaction], None]:
    wall = work.wall()
    return lambda transaction: work.runs.write_progress(transaction, work.run_id, shard, progress, wall)


def _written(batch: Sequence[Settled]) -> int:
    """Documents of a commit: users, their events, and the progress."""
    return len(batch) + sum(len(one.settlement.events) for one in batch) + 1


def _counted(batch: Sequence[Settled]) -> Counts:
    return Counts(
        users_processed=len(batch),
        freezes_applied=sum(one.settlement.count(EventKind.FREEZE_APPLIED) for one in batch),
        streaks_broken=sum(one.settlement.count(EventKind.STREAK_BROKEN) for one in batch),
        documents_written=_written(batch),
    )

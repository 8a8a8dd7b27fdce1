"""Settles the due users of one shard: pages from the due index, batches in one commit each, progress with every batch.

It must not decide a verdict (replay does) or know leases. Doing it twice is harmless.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from streak_core.domain.errors import DatabaseUnavailable, UserBusy
from streak_core.domain.events import EventKind, settle
from streak_core.retry import Attempts
from streak_core.store.due import DueUser, Settled
from streak_core.store.failures import CommitFailed, StoreOverloaded, WriteRefused
from streak_core.store.runs import Counts, Progress
from streak_core.telemetry import LogEvent, count, log

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from google.cloud import firestore

    from streak_core.domain.policy import Policy
    from streak_core.maintenance.endurance import Endurance
    from streak_core.maintenance.pacing import WriteBudget
    from streak_core.store.due import Cursor, DuePage, DueStore
    from streak_core.store.runs import RunStore


class StoppedError(Exception):
    """The run ends before the shard is done."""


@dataclass(frozen=True, kw_only=True)
class Work:
    """What all shards of a run share. `now` is the moment as of which users are due."""

    run_id: str
    now: datetime
    policy: Policy
    due: DueStore
    runs: RunStore
    endurance: Endurance
    budget: WriteBudget
    page_users: int
    batch_users: int
    attempts: Callable[[], Attempts] = field(default=Attempts)


class ShardWork:
    """One shard of a run; `progress` is what is done so far, kept with every commit."""

    def __init__(self, work: Work, shard: int, progress: Progress) -> None:
        """Goes on from `progress`."""
        self._work = work
        self.number = shard
        self.progress = progress

    def run(self) -> bool:
        """Settles everybody who is due; answers whether the shard is done, or the run ended first."""
        try:
            while not self.progress.is_done:
                if self._work.endurance.is_over:
                    return False
                self._settle_page(self._page())
        except StoppedError:
            return False
        return True

    def keep(self) -> None:
        """Writes the progress alone, when no commit of users will. Raises `DatabaseUnavailable`."""
        self._work.runs.keep_progress(self._work.run_id, self.number, self.progress)

    def count_failure(self) -> None:
        """Counts what should not have happened to the shard as a whole."""
        self._count(Counts(errors=1))

    def _page(self) -> DuePage:
        while True:
            try:
                page = self._work.due.page(self.number, self._work.now, self.progress.cursor, self._work.page_users)
            except DatabaseUnavailable:
                self._wait_out("page")
            else:
                self._work.endurance.succeeded()
                self._count(Counts(rpcs=1, documents_read=len(page.users)))
                return page

    def _settle_page(self, page: DuePage) -> None:
        size = self._work.batch_users
        for begin in range(0, len(page.users), size):
            self._settle_batch(page.users[begin : begin + size])
        if page.cursor is None:
            self.progress = replace(self.progress, is_done=True)

    def _settle_batch(self, users: Sequence[DueUser]) -> None:
        self._count(Counts(oldest_deadline=min((one.expires_at for one in users if one.expires_at), default=None)))
        batch = [settled for user in users if (settled := self._settled(user))]
        last = users[-1]
        cursor = (last.expires_at, last.user_id) if last.expires_at else self.progress.cursor
        if not batch:
            self.progress = replace(self.progress, cursor=cursor)
            return
        try:
            self._commit(batch, cursor)
        except CommitFailed as conflict:
            self._count(Counts(transaction_retries=1, rpcs=1))
            self._note_retry("a batch met a conflict; its users go one by one", conflict, len(batch))
            for settled in batch:
                self._settle_alone(settled.user)
            self.progress = replace(self.progress, cursor=cursor)

    def _commit(self, batch: Sequence[Settled], cursor: Cursor | None) -> None:
        """Writes a batch together with the progress that counts it. Raises `CommitFailed`, `StoppedError`."""
        work = self._work
        while True:
            after = replace(self.progress, cursor=cursor, counts=self.progress.counts + _counted(batch))
            work.budget.take(_written(batch))
            try:
                work.due.commit(batch, _kept(work, self.number, after))
            except StoreOverloaded:
                self._wait_out("commit")
            else:
                work.endurance.succeeded()
                self.progress = after
                return

    def _settle_alone(self, user: DueUser) -> None:
        attempts = self._work.attempts()
        while True:
            current = self._reloaded(user)
            if current is None or not current.is_due(self._work.now):
                return
            settled = self._settled(current)
            if settled is None:
                return
            try:
                self._commit([settled], self.progress.cursor)
            except CommitFailed as conflict:
                self._count(Counts(transaction_retries=1, rpcs=1))
                self._note_retry("a due user's write met a conflict", conflict, 1)
                if not self._again(attempts, user, conflict):
                    return
            else:
                return

    def _reloaded(self, user: DueUser) -> DueUser | None:
        while True:
            try:
                current = self._work.due.reload(user.user_id)
            except DatabaseUnavailable:
                self._wait_out("read")
            else:
                self._count(Counts(rpcs=1, documents_read=1))
                return current

    def _settled(self, user: DueUser) -> Settled | None:
        """What is to be written of a user; None, counted and logged, where the document is no streak."""
        if user.streak is None:
            self._fail(user, user.unreadable or "")
            return None
        return Settled(
            user=user, settlement=settle(user.streak, user.settled_through, self._work.policy, self._work.now)
        )

    def _again(self, attempts: Attempts, user: DueUser, failure: CommitFailed) -> bool:
        try:
            attempts.again(failure)
        except UserBusy as error:
            self._fail(user, error.code)
            return False
        except WriteRefused as error:
            self._fail(user, str(error))
            return False
        return True

    def _fail(self, user: DueUser, reason: str) -> None:
        self._count(Counts(errors=1, unreadable=({"user_id": user.user_id, "reason": reason},)))
        log(
            LogEvent.USER_FAILED,
            "a due user could not be settled",
            user_id=user.user_id,
            reason=reason,
            run_id=self._work.run_id,
            shard=self.number,
        )

    def _note_retry(self, sentence: str, conflict: CommitFailed, users: int) -> None:
        count(retries=1)
        log(LogEvent.TRANSACTION_RETRY, sentence, reason=str(conflict), shard=self.number, users=users)

    def _wait_out(self, what: str) -> None:
        """Waits while Firestore is overloaded. Raises `StoppedError` when it has been for too long."""
        self._count(Counts(transaction_retries=1, rpcs=1))
        log(LogEvent.FIRESTORE_OVERLOADED, "Firestore does not keep up", during=what, shard=self.number)
        if not self._work.endurance.failed():
            raise StoppedError

    def _count(self, more: Counts) -> None:
        self.progress = replace(self.progress, counts=self.progress.counts + more)


def _kept(work: Work, shard: int, progress: Progress) -> Callable[[firestore.Transaction], None]:
    return lambda transaction: work.runs.write_progress(transaction, work.run_id, shard, progress)


def _written(batch: Sequence[Settled]) -> int:
    """Documents of a commit: users, their events, and the progress."""
    return len(batch) + sum(len(one.settlement.events) for one in batch) + 1


def _counted(batch: Sequence[Settled]) -> Counts:
    return Counts(
        users_processed=len(batch),
        freezes_applied=sum(one.settlement.count(EventKind.FREEZE_APPLIED) for one in batch),
        streaks_broken=sum(one.settlement.count(EventKind.STREAK_BROKEN) for one in batch),
        documents_written=_written(batch),
        rpcs=1,
    )

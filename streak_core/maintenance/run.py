"""One run of the job: its lease, its shards in parallel threads or as tasks, and its report.

It must not know HTTP, nor how a shard is settled.
"""

from __future__ import annotations

import threading
import time
import uuid
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from contextvars import copy_context
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final

from streak_core.config.maintenance import MaintenanceRules
from streak_core.domain.errors import DatabaseUnavailable, Unavailable
from streak_core.maintenance.endurance import Endurance
from streak_core.maintenance.pacing import NoBudget, WriteBudget
from streak_core.maintenance.report import log_end, log_shard, log_start, logged_if_it_fails, report
from streak_core.maintenance.shard import ShardWork, Work
from streak_core.retry import Attempts
from streak_core.store.failures import CommitFailed
from streak_core.store.runs import LEASE, Counts, Progress, total
from streak_core.store.sharding import SHARDS
from streak_core.telemetry import LogEvent, log

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from streak_core.domain.policy import Policy
    from streak_core.store.due import DueStore
    from streak_core.store.runs import RunStore

# How often the lease of a run that goes on is renewed.
_RENEW_SECONDS: Final = LEASE.total_seconds() / 4


def _wall() -> datetime:
    return datetime.now(UTC)


def _nowhere(_: Mapping[str, Any]) -> None:
    pass


@dataclass(frozen=True)
class Maintenance:
    """The job over the due users of all shards. `stopping` is set when the process is told to end."""

    due: DueStore
    runs: RunStore
    policy: Policy
    rules: MaintenanceRules = field(default_factory=MaintenanceRules)
    stopping: threading.Event = field(default_factory=threading.Event)
    attempts: Callable[[], Attempts] = field(default=Attempts)
    wall: Callable[[], datetime] = _wall
    clock: Callable[[], float] = time.monotonic
    # Told the report of a run that has ended; must not raise.
    write_gauges: Callable[[Mapping[str, Any]], None] = _nowhere

    def run(self, run_id: str, now: datetime) -> dict[str, Any]:
        """Settles everybody who is due at `now`, or goes on where an earlier call of this run stopped.

        Answers the report; that of a run that has ended is answered again. `status` is `success`, `partial`,
        `degraded` or `already_running`. Raises `DatabaseUnavailable` when nothing could be done.
        """
        with logged_if_it_fails(run_id):
            return self._run(run_id, now)

    def _run(self, run_id: str, now: datetime) -> dict[str, Any]:
        claim = self.runs.claim(run_id, uuid.uuid4().hex, self.wall())
        if claim.report is not None:
            return dict(claim.report)
        if not claim.is_ours:
            return {"run_id": run_id, "status": "already_running"}
        log_start(run_id, is_new=claim.is_new, is_fanned_out=False)
        work = self._work(run_id, now, share=1.0)
        known = {} if claim.is_new else self.runs.progress(run_id)
        shards = [ShardWork(work, shard, known.get(shard, Progress())) for shard in range(SHARDS)]
        is_done = self._settle_all(work, shards)
        counts = total([shard.progress.counts for shard in shards])
        answer = self._report(work, counts, is_done=is_done)
        if work.endurance.gave_up and not counts.users_processed:
            self._keep(run_id, answer, is_partial=True)
            raise DatabaseUnavailable
        self._finish(run_id, answer, is_partial=not is_done)
        return answer

    def fan_out(self, run_id: str, enqueue: Callable[[str], int]) -> dict[str, Any]:
        """Has each shard settled by a task of its own; `enqueue` answers how many tasks were new.

        `status` is `fanned_out` or `already_running`, or that of the report of a run that has ended.
        """
        with logged_if_it_fails(run_id):
            return self._fan_out(run_id, enqueue)

    def _fan_out(self, run_id: str, enqueue: Callable[[str], int]) -> dict[str, Any]:
        claim = self.runs.claim(run_id, uuid.uuid4().hex, self.wall())
        if claim.report is not None:
            return dict(claim.report)
        if not claim.is_ours:
            return {"run_id": run_id, "status": "already_running"}
        log_start(run_id, is_new=claim.is_new, is_fanned_out=True)
        try:
            return {"run_id": run_id, "status": "fanned_out", "tasks": enqueue(run_id)}
        except Unavailable:
            # The next call is to go on with the tasks that are missing.
            self.runs.finish(run_id, self.wall(), {"run_id": run_id, "status": "partial"}, is_partial=True)
            raise

    def run_shard(self, run_id: str, shard: int, now: datetime) -> dict[str, Any]:
        """Settles one shard of a run that was fanned out; the last shard to be done writes the run's report."""
        progress = self.runs.shard_progress(run_id, shard)
        work = self._work(run_id, now, share=1 / SHARDS)
        shard_work = ShardWork(work, shard, progress)
        is_done = progress.is_done or self._settle_one(shard_work)
        answer = {"shard": shard, **self._report(work, shard_work.progress.counts, is_done=is_done)}
        if is_done and not progress.is_done:
            self.runs.keep_progress(run_id, shard, shard_work.progress)
        log_shard(answer)
        if is_done and self.runs.shards_done(run_id) == SHARDS:
            counts = total([one.counts for one in self.runs.progress(run_id).values()])
            self._finish(run_id, self._report(work, counts, is_done=True), is_partial=False)
        return answer

    def _work(self, run_id: str, now: datetime, share: float) -> Work:
        rules = self.rules
        return Work(
            run_id=run_id,
            now=now,
            policy=self.policy,
            due=self.due,
            runs=self.runs,
            endurance=Endurance(rules.deadline_seconds, stopping=self.stopping, clock=self.clock),
            budget=(WriteBudget if rules.is_paced else NoBudget)(share=share),
            page_users=rules.page_users,
            batch_users=rules.batch_users,
            attempts=self.attempts,
        )

    def _settle_all(self, work: Work, shards: list[ShardWork]) -> bool:
        """Runs the shards in threads and keeps the lease meanwhile; answers whether all are done."""
        with ThreadPoolExecutor(self.rules.threads, thread_name_prefix="shard") as pool:
            pending: set[Future[bool]] = {pool.submit(copy_context().run, self._settle_one, shard) for shard in shards}
            done: list[bool] = []
            renewed_at = self.clock()
            while pending:
                ended, pending = wait(pending, timeout=_RENEW_SECONDS, return_when=FIRST_COMPLETED)
                done += [future.result() for future in ended]
                if self.clock() - renewed_at >= _RENEW_SECONDS:
                    renewed_at = self.clock()
                    self._renew(work.run_id)
        return all(done)

    def _settle_one(self, shard: ShardWork) -> bool:
        """One shard, whose failure must not end the others; what a stopped one has done so far is kept."""
        try:
            is_done = shard.run()
            if not is_done and shard.progress != Progress():
                shard.keep()
        except (CommitFailed, DatabaseUnavailable):
            return False
        except Exception as error:  # noqa: BLE001 - one shard must not end the others; it is logged and counted
            log(LogEvent.SHARD_FAILED, "a shard failed", error=error, shard=shard.number)
            shard.count_failure()
            return False
        return is_done

    def _renew(self, run_id: str) -> None:
        try:
            self.runs.renew(run_id, self.wall())
        except DatabaseUnavailable:
            log(LogEvent.LEASE_NOT_RENEWED, "the lease could not be renewed", run_id=run_id)

    def _report(self, work: Work, counts: Counts, *, is_done: bool) -> dict[str, Any]:
        status = "partial" if not is_done else "degraded" if counts.errors else "success"
        return report(work.run_id, status, counts, work.now, work.endurance.elapsed_seconds)

    def _finish(self, run_id: str, answer: Mapping[str, Any], *, is_partial: bool) -> None:
        self._keep(run_id, answer, is_partial=is_partial)
        log_end(answer)
        self.write_gauges(answer)

    def _keep(self, run_id: str, answer: Mapping[str, Any], *, is_partial: bool) -> None:
        try:
            self.runs.finish(run_id, self.wall(), answer, is_partial=is_partial)
        except DatabaseUnavailable:
            log(LogEvent.REPORT_NOT_KEPT, "the report could not be kept", run_id=run_id)

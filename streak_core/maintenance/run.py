"""One run of the job: its lease, its shards in parallel threads or as tasks, and its report.

It must not know HTTP, nor how a shard is settled.
"""

from __future__ import annotations

import threading
import time
import uuid
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from contextlib import suppress
from contextvars import copy_context
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final

from streak_core.config.maintenance import MaintenanceRules
from streak_core.domain.errors import DatabaseUnavailable, StreakError, Unavailable
from streak_core.maintenance.endurance import Endurance, Stop
from streak_core.maintenance.pacing import NoBudget, WriteBudget
from streak_core.maintenance.report import log_end, log_repeated, log_shard, log_start, logged_if_it_fails, report
from streak_core.maintenance.shard import ShardWork, Work
from streak_core.retry import Attempts
from streak_core.store.run_documents import Counts, Progress, total
from streak_core.store.runs import LEASE
from streak_core.store.sharding import SHARDS
from streak_core.telemetry import LogEvent, log
from streak_core.telemetry.stack import described

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from streak_core.domain.policy import Policy
    from streak_core.store.due import DueStore
    from streak_core.store.runs import Claim, RunStore

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

        Answers the report; that of a run that has ended is answered again. `status` is `success`, `partial` or
        `degraded`. Raises `AlreadyRunning` while another call's lease holds, `UnreadableRun`, and
        `DatabaseUnavailable` when nothing could be done.
        """
        with logged_if_it_fails(run_id):
            return self._run(run_id, now)

    def _run(self, run_id: str, now: datetime) -> dict[str, Any]:
        claim = self._claim(run_id, is_fanned_out=False)
        if claim.report is not None:
            return dict(claim.report)
        work = self._work(run_id, now, share=1.0)
        known = {} if claim.is_new else self.runs.progress(run_id, self.wall())
        shards = [ShardWork(work, shard, known.get(shard, Progress())) for shard in range(SHARDS)]
        stops = self._settle_all(work, shards)
        counts = total([shard.progress.counts for shard in shards])
        answer = self._report(work, counts, stops)
        if work.endurance.gave_up and not counts.users_processed:
            self._keep(run_id, answer, is_partial=True)
            raise DatabaseUnavailable
        self._finish(run_id, answer, is_partial=bool(stops))
        return answer

    def _claim(self, run_id: str, *, is_fanned_out: bool) -> Claim:
        claim = self.runs.claim(run_id, uuid.uuid4().hex, self.wall())
        if claim.report is None:
            log_start(run_id, is_new=claim.is_new, is_fanned_out=is_fanned_out)
        else:
            log_repeated(claim.report)
        return claim

    def fan_out(self, run_id: str, enqueue: Callable[[str], int]) -> dict[str, Any]:
        """Has each shard settled by a task of its own; `enqueue` answers how many tasks were new.

        `status` is `fanned_out`, or that of the report of a run that has ended. Raises as `run` does.
        """
        with logged_if_it_fails(run_id):
            return self._fan_out(run_id, enqueue)

    def _fan_out(self, run_id: str, enqueue: Callable[[str], int]) -> dict[str, Any]:
        claim = self._claim(run_id, is_fanned_out=True)
        if claim.report is not None:
            return dict(claim.report)
        try:
            tasks = enqueue(run_id)
        except Unavailable:
            # The next call is to go on with the tasks that are missing.
            self.runs.finish(run_id, self.wall(), {"run_id": run_id, "status": "partial"}, is_partial=True)
            raise
        # The queue works on it from here; a doubled call finds every task there, and need not be told to wait.
        with suppress(DatabaseUnavailable):
            self.runs.release(run_id, self.wall())
        return {"run_id": run_id, "status": "fanned_out", "tasks": tasks}

    def run_shard(self, run_id: str, shard: int, now: datetime) -> dict[str, Any]:
        """Settles one shard of a run that was fanned out; the last shard to be done writes the run's report."""
        with logged_if_it_fails(run_id):
            return self._run_shard(run_id, shard, now)

    def _run_shard(self, run_id: str, shard: int, now: datetime) -> dict[str, Any]:
        progress = self.runs.shard_progress(run_id, shard, self.wall())
        work = self._work(run_id, now, share=1 / SHARDS)
        shard_work = ShardWork(work, shard, progress)
        stop = None if progress.is_done else self._settle_one(shard_work)
        answer = {"shard": shard, **self._report(work, shard_work.progress.counts, {shard: stop} if stop else {})}
        if not stop and not progress.is_done:
            shard_work.keep()
        log_shard(answer)
        if not stop and self.runs.shards_done(run_id) == SHARDS:
            counts = total([one.counts for one in self.runs.progress(run_id, self.wall()).values()])
            self._finish(run_id, self._report(work, counts, {}), is_partial=False)
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
            # Waiting ends at once when the process is told to end.
            budget=(WriteBudget if rules.is_paced else NoBudget)(share=share, sleep=self.stopping.wait),
            page_users=rules.page_users,
            batch_users=rules.batch_users,
            wall=self.wall,
            attempts=self.attempts,
        )

    def _settle_all(self, work: Work, shards: list[ShardWork]) -> dict[int, Stop]:
        """Runs the shards in threads and keeps the lease meanwhile; answers why those that are not done are not."""
        with ThreadPoolExecutor(self.rules.threads, thread_name_prefix="shard") as pool:
            asked: dict[int, Future[Stop | None]] = {
                shard.number: pool.submit(copy_context().run, self._settle_one, shard) for shard in shards
            }
            pending = set(asked.values())
            renewed_at = self.clock()
            while pending:
                _, pending = wait(pending, timeout=_RENEW_SECONDS, return_when=FIRST_COMPLETED)
                if self.clock() - renewed_at >= _RENEW_SECONDS:
                    renewed_at = self.clock()
                    self._renew(work.run_id)
        return {number: stop for number, future in asked.items() if (stop := future.result())}

    def _settle_one(self, shard: ShardWork) -> Stop | None:
        """One shard, whose failure must not end the others; what a stopped one has done so far is kept."""
        try:
            stop = shard.run()
            if stop and shard.progress != Progress():
                # Where the database is away, the next call does once more what this one can't note down.
                with suppress(DatabaseUnavailable):
                    shard.keep()
        except Exception as error:  # noqa: BLE001 - one shard must not end the others; it is logged and counted
            reason = error.code if isinstance(error, StreakError) else described(error)
            log(LogEvent.SHARD_FAILED, "a shard failed", error=error, shard=shard.number, reason=reason)
            shard.count_failure()
            return Stop.FAILURE
        return stop

    def _renew(self, run_id: str) -> None:
        try:
            self.runs.renew(run_id, self.wall())
        except DatabaseUnavailable:
            log(LogEvent.LEASE_NOT_RENEWED, "the lease could not be renewed", run_id=run_id)

    def _report(self, work: Work, counts: Counts, stops: Mapping[int, Stop]) -> dict[str, Any]:
        status = "partial" if stops else "degraded" if counts.errors else "success"
        return report(work.run_id, status, counts, work.now, work.endurance.elapsed_seconds, stops=stops)

    def _finish(self, run_id: str, answer: Mapping[str, Any], *, is_partial: bool) -> None:
        self._keep(run_id, answer, is_partial=is_partial)
        log_end(answer)
        self.write_gauges(answer)

    def _keep(self, run_id: str, answer: Mapping[str, Any], *, is_partial: bool) -> None:
        try:
            self.runs.finish(run_id, self.wall(), answer, is_partial=is_partial)
        except DatabaseUnavailable:
            log(LogEvent.REPORT_NOT_KEPT, "the report could not be kept", run_id=run_id)

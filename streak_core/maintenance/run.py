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
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final

from streak_core.config.maintenance import MaintenanceRules
from streak_core.domain.errors import DatabaseUnavailable, StreakError, Unavailable
from streak_core.maintenance.endurance import Endurance
from streak_core.maintenance.kept_budget import KeptBudget
from streak_core.maintenance.pacing import NoBudget, WriteBudget
from streak_core.maintenance.report import MAINTENANCE, RunLog, report_of
from streak_core.maintenance.shard import ShardWork, Work
from streak_core.retry import Attempts
from streak_core.store.run_documents import Progress, RunState, UnreadableRun, total
from streak_core.store.run_report import FannedOut, RunReport, RunStatus, Stop, report_content
from streak_core.store.runs import LEASE, AlreadyRunning
from streak_core.store.sharding import SHARDS
from streak_core.telemetry import LogEvent, log
from streak_core.telemetry.stack import described
from streak_core.write_gate import never_closed

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from streak_core.domain.rules import Rules
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
    """The job over the due users of all shards. `stopping` is set when the process is told to end.

    `is_closed` says whether documents are restored, beside which nothing is written.
    """

    due: DueStore
    runs: RunStore
    policies: Callable[[], Rules]
    rules: MaintenanceRules = field(default_factory=MaintenanceRules)
    stopping: threading.Event = field(default_factory=threading.Event)
    is_closed: Callable[[], bool] = never_closed
    attempts: Callable[[], Attempts] = field(default=Attempts)
    wall: Callable[[], datetime] = _wall
    clock: Callable[[], float] = time.monotonic
    # What it says of itself.
    log: RunLog = MAINTENANCE
    # Told the report of a run that has ended; must not raise.
    write_gauges: Callable[[Mapping[str, Any]], None] = _nowhere

    def run(self, run_id: str, now: datetime) -> RunReport:
        """Settles everybody who is due at `now`, or goes on where an earlier call of this run stopped.

        Answers the report; that of a run that has ended is answered again. Raises `AlreadyRunning` while another call's
        lease holds, or where another call has taken the run over, `UnreadableRun`, and `DatabaseUnavailable` when
        nothing could be done.
        """
        with self.log.if_it_fails(run_id):
            owner = uuid.uuid4().hex
            claim = self._claim(run_id, owner, is_fanned_out=False)
            return claim.report or self._told(self._run(run_id, owner, now, is_new=claim.is_new))

    def over(self, due: DueStore, log: RunLog, spent_seconds: float = 0.0) -> Maintenance:
        """The job over others than those whose deadline has passed, in what is left of the time of a call.

        Its runs are like any others, and none that the job's metrics count.
        """
        left = max(0.0, self.rules.deadline_seconds - spent_seconds)
        rules = replace(self.rules, deadline_seconds=left)
        return replace(self, due=due, rules=rules, log=log, write_gauges=_nowhere)

    def _run(self, run_id: str, owner: str, now: datetime, *, is_new: bool) -> RunReport:
        work = self._work(run_id, now, self.log.kind, share=1.0)
        known = {} if is_new else self.runs.progress(run_id, self.wall())
        shards = [ShardWork(work, shard, known.get(shard, Progress())) for shard in range(SHARDS)]
        stops = self._settle_all(work, owner, shards)
        counts = total([shard.progress.counts for shard in shards])
        report = report_of(run_id, counts, now, work.endurance.elapsed_seconds, stops=stops)
        self._keep(owner, report)
        work.budget.end()
        if work.endurance.gave_up and not counts.users_processed:
            raise DatabaseUnavailable
        return report

    def _claim(self, run_id: str, owner: str, *, is_fanned_out: bool) -> Claim:
        claim = self.runs.claim(run_id, owner, self.wall())
        if claim.report is None:
            self.log.start(run_id, is_new=claim.is_new, is_fanned_out=is_fanned_out)
        else:
            self.log.repeated(claim.report)
        return claim

    def fan_out(self, run_id: str, enqueue: Callable[[str], int]) -> RunReport | FannedOut:
        """Has each shard settled by a task of its own; `enqueue` answers how many tasks were new.

        Answers the report of a run that has ended. Raises as `run` does.
        """
        with self.log.if_it_fails(run_id):
            owner = uuid.uuid4().hex
            claim = self._claim(run_id, owner, is_fanned_out=True)
            return claim.report or self._fan_out(run_id, owner, enqueue)

    def _fan_out(self, run_id: str, owner: str, enqueue: Callable[[str], int]) -> FannedOut:
        try:
            tasks = enqueue(run_id)
        except Unavailable:
            # The next call is to go on with the tasks that are missing; without this it waits for the lease to end.
            with suppress(Unavailable):
                self.runs.leave(run_id, owner, self.wall(), None)
            raise
        # The queue works on it from here; a doubled call finds every task there, and need not be told to wait.
        with suppress(Unavailable):
            self.runs.release(run_id, owner, self.wall())
        return FannedOut(run_id=run_id, tasks=tasks)

    def run_shard(self, run_id: str, shard: int, now: datetime) -> RunReport:
        """Settles one shard of a run that was fanned out; the last shard to be done writes the run's report.

        Raises `UnreadableRun`, and `DatabaseUnavailable` when nothing could be done.
        """
        with self.log.if_it_fails(run_id, shard):
            return self._run_shard(run_id, shard, now)

    def _run_shard(self, run_id: str, shard: int, now: datetime) -> RunReport:
        before = self.runs.shard_progress(run_id, shard, self.wall())
        work = self._work(run_id, now, f"{self.log.kind}.{shard:02d}", share=1 / SHARDS)
        shard_work = ShardWork(work, shard, before)
        stop = None if before.is_done else self._settle_one(shard_work)
        counts = shard_work.progress.counts
        if work.endurance.gave_up and counts.users_processed == before.counts.users_processed:
            raise DatabaseUnavailable
        stops = {shard: stop} if stop else {}
        report = report_of(run_id, counts, now, work.endurance.elapsed_seconds, stops=stops, shard=shard)
        if not stop and not before.is_done:
            shard_work.keep()
        work.budget.end()
        self.log.shard(report)
        if not stop and self.runs.shards_done(run_id) == SHARDS:
            self._finish_shared(run_id, now)
        return report

    def _finish_shared(self, run_id: str, now: datetime) -> None:
        """Ends a run all of whose shards are done, unless another task has; one that nobody began has no report."""
        wall = self.wall()
        found = self.runs.find(run_id, wall)
        if found is None or found.state is RunState.ENDED:
            return
        counts = total([one.counts for one in self.runs.progress(run_id, wall).values()])
        begun = found.started_at or wall
        report = report_of(run_id, counts, now, max(0.0, (wall - begun).total_seconds()))
        if self.runs.finish_shared(run_id, uuid.uuid4().hex, wall, report):
            self._tell(report)

    def _work(self, run_id: str, now: datetime, worker: str, share: float) -> Work:
        rules = self.rules
        return Work(
            run_id=run_id,
            now=now,
            policies=self.policies,
            due=self.due,
            runs=self.runs,
            endurance=Endurance(
                rules.deadline_seconds, stopping=self.stopping, is_closed=self.is_closed, clock=self.clock
            ),
            budget=self._budget(worker, share),
            page_users=rules.page_users,
            batch_users=rules.batch_users,
            wall=self.wall,
            attempts=self.attempts,
        )

    def _budget(self, worker: str, share: float) -> WriteBudget:
        """What a worker may write: the one call of a run, or the task of a shard."""
        # Waiting ends at once when the process is told to end.
        sleep = self.stopping.wait
        if not self.rules.is_paced:
            return NoBudget(share=share, sleep=sleep)
        paces, clock, wall = self.runs.paces, self.clock, self.wall
        return KeptBudget(share=share, clock=clock, sleep=sleep, paces=paces, worker=worker, wall=wall)

    def _settle_all(self, work: Work, owner: str, shards: list[ShardWork]) -> dict[int, Stop]:
        """Runs the shards in threads and keeps the lease meanwhile; answers why those that are not done are not."""
        with ThreadPoolExecutor(self.rules.threads, thread_name_prefix="shard") as pool:
            asked: dict[int, Future[Stop | None]] = {
                shard.number: pool.submit(copy_context().run, self._settle_one, shard) for shard in shards
            }
            pending = set(asked.values())
            renewed_at = self.clock()
            while pending:
                _, pending = wait(pending, timeout=_RENEW_SECONDS, return_when=FIRST_COMPLETED)
                if self.clock() - renewed_at >= _RENEW_SECONDS and not work.endurance.is_taken_over:
                    renewed_at = self.clock()
                    self._renew(work, owner)
        return {number: stop for number, future in asked.items() if (stop := future.result())}

    def _settle_one(self, shard: ShardWork) -> Stop | None:
        """One shard, whose failure must not end the others; what a stopped one has done so far is kept."""
        try:
            stop = shard.run()
            if stop and stop is not Stop.TAKEN_OVER and shard.progress != Progress():
                # Where the database is away, the next call does once more what this one can't note down.
                with suppress(DatabaseUnavailable):
                    shard.keep()
        except Exception as error:  # noqa: BLE001 - one shard must not end the others; it is logged and counted
            reason = error.code if isinstance(error, StreakError) else described(error)
            log(LogEvent.SHARD_FAILED, "a shard failed", error=error, shard=shard.number, reason=reason)
            shard.count_failure()
            return Stop.FAILURE
        return stop

    def _renew(self, work: Work, owner: str) -> None:
        """Keeps the lease; without it nothing more is begun, since it is another call's to go on."""
        try:
            self.runs.renew(work.run_id, owner, self.wall())
        except DatabaseUnavailable:
            log(LogEvent.LEASE_NOT_RENEWED, "the lease could not be renewed", run_id=work.run_id)
        except (AlreadyRunning, UnreadableRun):
            work.endurance.is_taken_over = True
            log(LogEvent.LEASE_NOT_RENEWED, "another call has taken the run over", run_id=work.run_id)

    def _keep(self, owner: str, report: RunReport) -> None:
        """Keeps the report of a run. Raises `AlreadyRunning` where it is another call's by now, and `UnreadableRun`."""
        write = self.runs.leave if report.status is RunStatus.PARTIAL else self.runs.finish
        try:
            write(report.run_id, owner, self.wall(), report)
        except DatabaseUnavailable:
            log(LogEvent.REPORT_NOT_KEPT, "the report could not be kept", run_id=report.run_id)

    def _told(self, report: RunReport) -> RunReport:
        self._tell(report)
        return report

    def _tell(self, report: RunReport) -> None:
        self.log.end(report)
        self.write_gauges(report_content(report))

"""The maintenance job as a bad night brings it: doubled, at once, killed in the middle and called again.

It must not know what is right: whatever it does, no answer may depend on it.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Final, TypeVar, assert_never

from google.cloud import firestore

from streak_core.amnesties import JudgingState
from streak_core.config.maintenance import MaintenanceRules
from streak_core.domain.errors import Unavailable
from streak_core.domain.rules import Rules
from streak_core.maintenance.run import Maintenance
from streak_core.store.due import DueStore
from streak_core.store.run_report import RunReport, RunStatus
from streak_core.store.runs import AlreadyRunning, RunStore
from testing.steps import Step
from tools.chaos.amnesties import service_over
from tools.chaos.devices import TRIES_MAX, quick_attempts
from tools.chaos.faults import Plan, no_faults
from tools.chaos.faulty_client import FaultInterceptor, ProcessKilledError, process
from tools.chaos.lives import Way

# Small pages and batches, so that an environment already needs several; one thread, so that its RPCs have an order.
_RULES: Final = MaintenanceRules(threads=1, page_users=2, batch_users=2, is_paced=False)
_LEASE_IS_OVER: Final = timedelta(minutes=10)

_STORMY_CALLS: Final = 8

R = TypeVar("R")
Call = Callable[[firestore.Client], R]


class NobodyWaits(threading.Event):
    """The event that a job is to stop, which nobody sets and nobody waits for."""

    def wait(self, timeout: float | None = None) -> bool:
        """Not at all."""
        return super().wait(0 if timeout is None else min(timeout, 0))


@dataclass
class MaintenanceJob:
    """The job of one environment's shard; `wall` is the real time that leases are counted in."""

    project: str
    policies: Callable[[], Rules]
    plan: Plan
    shard: int
    interceptors: list[FaultInterceptor] = field(default_factory=list)
    runs: int = 0
    killed: int = 0
    wall: datetime = datetime(2026, 1, 1, tzinfo=UTC)
    # The latest moment that anybody was settled as of.
    settled_as_of: datetime = datetime(1970, 1, 1, tzinfo=UTC)

    def play(self, step: Step) -> bool:
        """One step of a life; whether the job says that it did all. Raises whatever the job raises and should not."""
        self._statuses: list[str] = []
        number, now = step["number"], datetime.fromisoformat(step["at"])
        run_id = f"run-{number}"
        self.settled_as_of = max(self.settled_as_of, now)

        def same(client: firestore.Client) -> RunReport:
            return self._job(client).run_shard(run_id, self.shard, now)

        def own(device: str) -> None:
            self._until_done(
                number, device, lambda client: self._job(client).run_shard(f"{device} {number}", self.shard, now)
            )

        match Way(step["way"]):
            case Way.SHARD:
                own("job")
            case Way.TWICE:
                self._until_done(number, "job", same)
                self._until_done(number, "job again", same)
            case Way.BOTH:
                with ThreadPoolExecutor(2) as pool:
                    list(pool.map(own, ("one job", "other job")))
            case Way.KILLED:
                self._killed(step, same)
            case Way.WHOLE:
                self._killed(step, lambda client: self._job(client).run(run_id, now))
            case Way.JUDGE:
                self._judge(step, now)
            case never:
                assert_never(never)
        return set(self._statuses[-1:]) == {"success"}

    def _judge(self, step: Step, now: datetime) -> None:
        """The rest of the job's calls, until everybody is judged anew whom an amnesty concerns; the first one dies."""
        # Of a run that goes on, the lease and the life of what is kept are counted from when it began.
        self.wall = max(self.wall, now)

        def judge(client: firestore.Client) -> bool:
            amnesties = service_over(client, lambda: self.wall)
            amnesties.judge_some(self._job(client), now)
            return all(amnesties.judging(one).state is JudgingState.DONE for one in amnesties.all())

        for again in range(TRIES_MAX):
            rpcs_until_killed = None if again else step.get("rpcs_until_killed")
            try:
                # One call asks for so much that in the worst of storms none is answered: it ends.
                is_stormy = again < _STORMY_CALLS
                if self._call(step["number"], f"judging job {again}", judge, rpcs_until_killed, is_stormy=is_stormy):
                    return
            except ProcessKilledError:
                self.killed += 1
            except Unavailable:
                pass
            self.wall += _LEASE_IS_OVER
        message = "those whom an amnesty concerns are never judged"
        raise RuntimeError(message)

    def _killed(self, step: Step, call: Call[RunReport]) -> None:
        """The process dies after some RPCs; after a while another one is called for the same run."""
        try:
            self._call(step["number"], "dying job", call, rpcs_until_killed=step["rpcs_until_killed"])
        except ProcessKilledError:
            self.killed += 1
            self.wall += _LEASE_IS_OVER
        except Unavailable:
            pass
        self._until_done(step["number"], "next job", call)

    def _until_done(self, number: int, device: str, call: Call[RunReport]) -> None:
        """As the scheduler does: again, until the run has ended or is somebody else's."""
        for again in range(TRIES_MAX):
            try:
                report = self._call(number, f"{device} {again}", call)
            except AlreadyRunning:
                self._statuses.append("already_running")
                return
            except Unavailable:
                continue
            self._statuses.append(report.status)
            if report.status is not RunStatus.PARTIAL:
                return
        message = "the job never ends"
        raise RuntimeError(message)

    def _call(
        self,
        number: int,
        device: str,
        call: Call[R],
        rpcs_until_killed: int | None = None,
        *,
        is_stormy: bool = True,
    ) -> R:
        interceptor = FaultInterceptor(self.plan if is_stormy else no_faults)
        self.interceptors.append(interceptor)
        self.runs += 1
        self.wall += timedelta(seconds=1)
        with process(self.project, interceptor, number, device, rpcs_until_killed) as client:
            return call(client)

    def _job(self, client: firestore.Client) -> Maintenance:
        return Maintenance(
            DueStore(client),
            RunStore(client),
            self.policies,
            rules=_RULES,
            stopping=NobodyWaits(),
            attempts=quick_attempts,
            wall=lambda: self.wall,
        )

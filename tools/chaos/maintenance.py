"""The maintenance job as a bad night brings it: doubled, at once, killed in the middle and called again.

It must not know what is right: whatever it does, no answer may depend on it.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Final, assert_never

from streak_core.config.maintenance import MaintenanceRules
from streak_core.domain.errors import Unavailable
from streak_core.domain.rules import Rules
from streak_core.maintenance.run import Maintenance
from streak_core.store.due import DueStore
from streak_core.store.run_report import RunReport, RunStatus
from streak_core.store.runs import AlreadyRunning, RunStore
from testing.steps import Step
from tools.chaos.devices import TRIES_MAX, quick_attempts
from tools.chaos.faults import Plan
from tools.chaos.faulty_client import FaultInterceptor, FaultyClient, ProcessKilledError
from tools.chaos.lives import Way

# Small pages and batches, so that an environment already needs several; one thread, so that its RPCs have an order.
_RULES: Final = MaintenanceRules(threads=1, page_users=2, batch_users=2, is_paced=False)
_LEASE_IS_OVER: Final = timedelta(minutes=10)

Call = Callable[[Maintenance], RunReport]


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

    def play(self, step: Step) -> bool:
        """One step of a life; whether the job says that it did all. Raises whatever the job raises and should not."""
        self._statuses: list[str] = []
        number, now = step["number"], datetime.fromisoformat(step["at"])
        run_id = f"run-{number}"

        def same(job: Maintenance) -> RunReport:
            return job.run_shard(run_id, self.shard, now)

        def own(device: str) -> None:
            self._until_done(number, device, lambda job: job.run_shard(f"{device} {number}", self.shard, now))

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
                self._killed(step, lambda job: job.run(run_id, now))
            case never:
                assert_never(never)
        return set(self._statuses[-1:]) == {"success"}

    def _killed(self, step: Step, call: Call) -> None:
        """The process dies after some RPCs; after a while another one is called for the same run."""
        try:
            self._call(step["number"], "dying job", call, rpcs_until_killed=step["rpcs_until_killed"])
        except ProcessKilledError:
            self.killed += 1
            self.wall += _LEASE_IS_OVER
        except Unavailable:
            pass
        self._until_done(step["number"], "next job", call)

    def _until_done(self, number: int, device: str, call: Call) -> None:
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

    def _call(self, number: int, device: str, call: Call, rpcs_until_killed: int | None = None) -> RunReport:
        interceptor = FaultInterceptor(self.plan)
        self.interceptors.append(interceptor)
        client = FaultyClient(self.project, interceptor)
        interceptor.begin(number, device)
        interceptor.rpcs_until_killed = rpcs_until_killed
        self.runs += 1
        self.wall += timedelta(seconds=1)
        job = Maintenance(
            DueStore(client),
            RunStore(client),
            self.policies,
            rules=_RULES,
            stopping=NobodyWaits(),
            attempts=quick_attempts,
            wall=lambda: self.wall,
        )
        try:
            return call(job)
        finally:
            if rpcs_until_killed is None:
                interceptor.deliver_late()
            client.hang_up()

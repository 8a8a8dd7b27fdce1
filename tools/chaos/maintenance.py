"""The maintenance job as a bad night brings it: doubled, at once, killed in the middle and called again.

It must not know what is right: whatever it does, no answer may depend on it.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from streak_core.config.maintenance import MaintenanceRules
from streak_core.domain.errors import Unavailable
from streak_core.domain.policy import Policy
from streak_core.maintenance.run import Maintenance
from streak_core.store.due import DueStore
from streak_core.store.run_report import RunReport, RunStatus
from streak_core.store.runs import AlreadyRunning, RunStore
from tools.chaos.devices import TRIES_MAX, quick_attempts
from tools.chaos.faults import Plan
from tools.chaos.faulty_client import FaultInterceptor, FaultyClient, ProcessKilledError

Step = dict[str, Any]

# Small pages and batches, so that an environment already needs several; one thread, so that its RPCs have an order.
_RULES: Final = MaintenanceRules(threads=1, page_users=2, batch_users=2, is_paced=False)
_LEASE_IS_OVER: Final = timedelta(minutes=10)


class NobodyWaits(threading.Event):
    """The event that a job is to stop, which nobody sets and nobody waits for."""

    def wait(self, timeout: float | None = None) -> bool:
        """Not at all."""
        return super().wait(0 if timeout is None else min(timeout, 0))


@dataclass
class MaintenanceJob:
    """The job of one environment's shard; `wall` is the real time that leases are counted in."""

    project: str
    policy: Policy
    plan: Plan
    shard: int
    interceptors: list[FaultInterceptor] = field(default_factory=list)
    runs: int = 0
    killed: int = 0
    wall: datetime = datetime(2026, 1, 1, tzinfo=UTC)

    def play(self, step: Step) -> bool:
        """One step of a life; whether the job says that it did all. Raises whatever the job raises and should not."""
        self._statuses: list[str] = []
        self._play(step)
        return set(self._statuses[-1:]) == {"success"}

    def _play(self, step: Step) -> None:
        number, now = step["number"], datetime.fromisoformat(step["at"])
        run_id = f"run-{number}"
        match step["way"]:
            case "twice":
                for device in ("job", "job again"):
                    self._until_done(number, device, lambda job: job.run_shard(run_id, self.shard, now))
            case "both":
                with ThreadPoolExecutor(2) as pool:
                    done = [pool.submit(self._shard, number, device, now) for device in ("one job", "other job")]
                for one in done:
                    one.result()
            case "killed":
                self._killed(step, lambda job: job.run_shard(run_id, self.shard, now))
            case "whole":
                self._killed(step, lambda job: job.run(run_id, now))
            case _:
                self._shard(number, "job", now)

    def _shard(self, number: int, device: str, now: datetime) -> None:
        self._until_done(number, device, lambda job: job.run_shard(f"{device} {number}", self.shard, now))

    def _killed(self, step: Step, call: Callable[[Maintenance], RunReport]) -> None:
        """The process dies after some RPCs; after a while another one is called for the same run."""
        try:
            self._call(step["number"], "dying job", call, rpcs_until_killed=step["rpcs_until_killed"])
        except (ProcessKilledError, ValueError) as error:
            # Of a process that dies while a transaction begins the client says that there is nothing to roll back.
            if not any(isinstance(one, ProcessKilledError) for one in (error, error.__context__)):
                raise
            self.killed += 1
            self.wall += _LEASE_IS_OVER
        except Unavailable:
            pass
        self._until_done(step["number"], "next job", call)

    def _until_done(self, number: int, device: str, call: Callable[[Maintenance], RunReport]) -> None:
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
        self, number: int, device: str, call: Callable[[Maintenance], RunReport], rpcs_until_killed: int | None = None
    ) -> RunReport:
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
            self.policy,
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

"""The served functions under a mixed load, against the same calls of the core without HTTP; and the worker's memory.

It must not know what is asked: the clients, in processes of their own, do.
"""

from __future__ import annotations

import os
import time
from pathlib import Path
from statistics import quantiles
from typing import Any, Final
from urllib.parse import urlsplit

from emulator.child import tied_pool
from emulator.port import free_port
from testing.local_server import LocalServer, serve_command
from tools.bench.clients import Seen, Settings, ask_all, together
from tools.bench.measuring import Figure, Finding, Side, at_most, ratio
from tools.bench.memory_run import status_mib
from tools.bench.runner import Bench, new_project

CLIENTS: Final = 16
PROCESSES: Final = 2
# Until all clients' processes have imported what they need.
_LEAD_SECONDS: Final = 4.0
_SHOWN_MAX: Final = 5
_ABOUT: Final = (
    "{clients} clients in {processes} processes ask one served process without a pause for {rounds} times "
    "{seconds} s: 70 % record an activity, 20 % read the streak, 10 % the calendar of 30 days. "
    "Everything shares this machine's cores: clients, server and database. The core alone is the same mix in "
    "as many threads of one process that calls the service without HTTP, tokens or JSON."
)


def measure(bench: Bench) -> Figure:
    """Rounds of ten seconds over HTTP and five without, in turn."""
    clients, rounds = bench.size(CLIENTS, 2), bench.size(3, 1)
    http_seconds, core_seconds = bench.size(10, 1), bench.size(5, 1)
    project, seen = new_project(), list[Seen]()
    with LocalServer(serve_command(), {**os.environ, "PORT": str(free_port())}) as server:
        port = urlsplit(server.wait_until_ready()).port

        def over_http(number: int) -> float:
            seen.append(_load(clients, PROCESSES, http_seconds, port=port, seed=number + 1))
            return seen[-1].answers / http_seconds

        def core_alone(number: int) -> float:
            return _load(clients, 1, core_seconds, project=project, seed=number + 1).answers / core_seconds

        bench.tell("warming up")
        _load(clients, PROCESSES, bench.size(5, 1), port=port, seed=0)
        before = _worker_mib(server.process.pid)
        sides = {"over HTTP": over_http, "the core alone": core_alone}
        served, core = bench.sides(sides, "requests/s", rounds=rounds)
        after = _worker_mib(server.process.pid)
    everything = together(seen)
    return Figure(
        title="Over HTTP",
        about=_ABOUT.format(clients=clients, processes=PROCESSES, rounds=rounds, seconds=http_seconds),
        findings=[
            ratio("of the core's throughput without HTTP", served, core),
            Finding(name="errors", value=len(everything.errors), unit="errors", goal=at_most(0)),
            *_latencies(everything),
            *_memory(before, after),
        ],
        details={"errors": everything.errors[:_SHOWN_MAX]},
    )


def _latencies(everything: Seen) -> list[Finding]:
    """p50, p95 and p99 of all requests, and beside them those of each route."""
    by_route = {route: quantiles(took, n=100) for route, took in everything.milliseconds.items() if len(took) > 1}
    whole = quantiles([one for took in everything.milliseconds.values() for one in took], n=100)
    return [
        Finding(
            name=f"p{percent} of all requests",
            value=whole[percent - 1],
            unit="ms",
            sides=[Side(label=route, unit="ms", values=[cuts[percent - 1]]) for route, cuts in by_route.items()],
        )
        for percent in (50, 95, 99)
    ]


def _memory(before: float | None, after: float | None) -> list[Finding]:
    if not (before and after):
        return []
    sides = [
        Side(label=label, unit="MiB", values=[mib])
        for label, mib in (("worker before the load", before), ("worker after it", after))
    ]
    return [Finding(name="times the worker's memory before", value=after / before, unit="x", sides=sides)]


def _load(clients: int, processes: int, seconds: float, **more: Any) -> Seen:  # noqa: ANN401 - of the settings
    """Has the clients ask, shared out over some processes; all that they saw together."""
    begin_at, each = time.time() + _LEAD_SECONDS, clients // processes
    settings = [
        Settings(clients=each, first_client=number * each, begin_at=begin_at, seconds=seconds, **more)
        for number in range(processes)
    ]
    with tied_pool(processes) as pool:
        return together(list(pool.map(ask_all, settings)))


def _worker_mib(pid: int) -> float | None:
    """Resident memory of the process that answers: the last of the descent. None where nobody says."""
    if not Path("/proc/self/task").exists():
        return None
    while children := Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii").split():
        pid = int(children[0])
    return status_mib(pid, "VmRSS")

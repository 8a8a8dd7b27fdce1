"""The served functions under a mixed load, against the same calls of the core without HTTP; and the worker's memory.

It must not know what is asked: the clients, in processes of their own, do.
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
import time
from contextlib import ExitStack, contextmanager
from dataclasses import asdict
from pathlib import Path
from statistics import median, quantiles
from typing import TYPE_CHECKING, Any, Final

from emulator.child import Child
from emulator.errors import SetupError
from emulator.port import free_port
from tools.bench.clients import Settings
from tools.bench.measuring import Figure, Finding, Side, at_most, in_turn, ratio
from tools.bench.runner import Bench, Worker, new_project

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

NAME = "http"
CLIENTS: Final = 16
PROCESSES: Final = 2
_READY_SECONDS_MAX: Final = 90.0
_POLL_SECONDS: Final = 0.05
# Until all clients' processes have imported what they need.
_LEAD_SECONDS: Final = 4.0
_KIBIBYTES_PER_MEBIBYTE: Final = 1024

Found = dict[str, Any]


def measure(bench: Bench) -> Figure:
    """Rounds of ten seconds over HTTP and five without, in turn."""
    clients, rounds = bench.size(CLIENTS, 2), bench.size(3, 1)
    http_seconds, core_seconds = bench.size(10, 1), bench.size(5, 1)
    project, seen = new_project(), list[Found]()
    with _served() as server:
        port = server.port

        def over_http(number: int) -> float:
            bench.tell(f"{clients} clients over HTTP for {http_seconds} s, round {number + 1} of {rounds}")
            found = _load(clients, PROCESSES, http_seconds, {"port": port, "seed": number + 1})
            seen.append(found)
            return _answers(found) / http_seconds

        def core_alone(number: int) -> float:
            bench.tell(f"{clients} threads at the core for {core_seconds} s, round {number + 1} of {rounds}")
            return _answers(_load(clients, 1, core_seconds, {"project": project, "seed": number + 1})) / core_seconds

        bench.tell("warming up")
        _load(clients, PROCESSES, bench.size(5, 1), {"port": port, "seed": 0})
        before = server.worker_mib()
        served, core = in_turn(rounds, over_http, core_alone)
        memory = (before, server.worker_mib())
    return Figure(
        name=NAME,
        title="Over HTTP",
        about=(
            f"{clients} clients in {PROCESSES} processes ask one served process without a pause for {rounds} times "
            f"{http_seconds} s: 70 % record an activity, 20 % read the streak, 10 % the calendar of 30 days. "
            "Everything shares this machine's cores: clients, server and database. The core alone is the same mix in "
            "as many threads of one process that calls the service without HTTP, tokens or JSON."
        ),
        findings=_findings(served, core, seen, memory),
        details={"reasons": [reason for one in seen for reason in one["reasons"]], "latency_ms": _latencies(seen)},
    )


def _findings(
    served: Sequence[float], core: Sequence[float], seen: Sequence[Found], memory: tuple[float | None, float | None]
) -> list[Finding]:
    findings = [
        ratio(
            "of the core's throughput without HTTP",
            Side(label="over HTTP", unit="requests/s", values=served),
            Side(label="the core alone", unit="requests/s", values=core),
        ),
        Finding(name="errors", value=sum(one["errors"] for one in seen), unit="errors", goal=at_most(0)),
    ]
    for name in ("p50", "p95", "p99"):
        value = _latencies(seen)["all"][name]
        findings.append(Finding(name=f"{name} of all requests", value=value, unit="ms"))
    before, after = memory
    if before and after:
        sides = [
            Side(label="worker before the load", unit="MiB", values=[before]),
            Side(label="worker after it", unit="MiB", values=[after]),
        ]
        findings.append(Finding(name="times the worker's memory before", value=after / before, unit="x", sides=sides))
    return findings


def _latencies(seen: Sequence[Found]) -> dict[str, dict[str, float]]:
    """Milliseconds by route, and of all routes together."""
    by_route = {
        route: [one for found in seen for one in found["milliseconds"][route]] for route in seen[0]["milliseconds"]
    }
    by_route["all"] = [one for values in by_route.values() for one in values]
    return {route: _percentiles(values) for route, values in by_route.items() if len(values) > 1}


def _percentiles(values: Sequence[float]) -> dict[str, float]:
    cuts = quantiles(values, n=100)
    return {"p50": median(values), "p95": cuts[94], "p99": cuts[98], "max": max(values), "requests": len(values)}


def _load(clients: int, processes: int, seconds: float, more: dict[str, Any]) -> Found:
    """Has the clients ask, shared out over some processes; all that they saw together."""
    begin_at, each = time.time() + _LEAD_SECONDS, clients // processes
    with ExitStack() as running:
        workers = []
        for number in range(processes):
            settings = Settings(clients=each, first_client=number * each, begin_at=begin_at, seconds=seconds, **more)
            workers.append(running.enter_context(Worker("tools.bench.clients", [json.dumps(asdict(settings))])))
        found = [worker.found() for worker in workers]
    routes = found[0]["milliseconds"]
    return {
        "milliseconds": {route: [one for each in found for one in each["milliseconds"][route]] for route in routes},
        "errors": sum(one["errors"] for one in found),
        "reasons": [reason for one in found for reason in one["reasons"]],
    }


def _answers(found: Found) -> int:
    return sum(len(values) for values in found["milliseconds"].values())


class _Server:
    """All functions as `make serve` serves them, on the shared emulator."""

    def __init__(self, child: Child, port: int) -> None:
        self._child = child
        self.port = port

    def worker_mib(self) -> float | None:
        """Resident memory of the process that answers: the last of the line of descent. None where nobody says."""
        if not Path("/proc/self/task").exists():
            return None
        pid = self._child.pid
        while children := Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii").split():
            pid = int(children[0])
        lines = dict(line.split(":", 1) for line in Path(f"/proc/{pid}/status").read_text("utf-8").splitlines())
        return round(int(lines["VmRSS"].split()[0]) / _KIBIBYTES_PER_MEBIBYTE, 1)


@contextmanager
def _served() -> Iterator[_Server]:
    port = free_port()
    with tempfile.TemporaryFile(prefix="bench-") as log:
        command = [sys.executable, "-m", "emulator", "serve"]
        with Child("served functions", command, output=log, environment={**os.environ, "PORT": str(port)}) as child:
            deadline = time.monotonic() + _READY_SECONDS_MAX
            while b"ready http" not in os.pread(log.fileno(), 4_000, 0):
                if child.exit_status is not None or time.monotonic() > deadline:
                    message = "the functions could not be served\n" + os.pread(log.fileno(), 4_000, 0).decode()
                    raise SetupError(message)
                time.sleep(_POLL_SECONDS)
            yield _Server(child, port)

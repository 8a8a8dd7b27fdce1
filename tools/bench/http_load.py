"""The served functions under a mixed load, against the same calls of the core without HTTP; and the worker's memory.

It must not know what is asked: the clients, in processes of their own, do.
"""

from __future__ import annotations

import json
import os
import time
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import asdict
from pathlib import Path
from statistics import quantiles
from typing import Any, Final
from urllib.parse import urlsplit

from emulator.port import free_port
from testing.local_server import LocalServer, serve_command
from tools.bench.clients import Settings
from tools.bench.measuring import Figure, Finding, Json, Side, at_most, in_turn, ratio
from tools.bench.runner import Bench, Worker, new_project

NAME = "http"
CLIENTS: Final = 16
PROCESSES: Final = 2
# Until all clients' processes have imported what they need.
_LEAD_SECONDS: Final = 4.0
_KIBIBYTES_PER_MEBIBYTE: Final = 1024


def measure(bench: Bench) -> Figure:
    """Rounds of ten seconds over HTTP and five without, in turn."""
    clients, rounds = bench.size(CLIENTS, 2), bench.size(3, 1)
    http_seconds, core_seconds = bench.size(10, 1), bench.size(5, 1)
    project, seen = new_project(), list[Json]()
    with LocalServer(serve_command(), {**os.environ, "PORT": str(free_port())}) as server:
        port = urlsplit(server.wait_until_ready()).port

        def over_http(number: int) -> float:
            bench.tell(f"{clients} clients over HTTP for {http_seconds} s, round {number + 1} of {rounds}")
            seen.append(_load(clients, PROCESSES, http_seconds, {"port": port, "seed": number + 1}))
            return _answers(seen[-1]) / http_seconds

        def core_alone(number: int) -> float:
            bench.tell(f"{clients} threads at the core for {core_seconds} s, round {number + 1} of {rounds}")
            return _answers(_load(clients, 1, core_seconds, {"project": project, "seed": number + 1})) / core_seconds

        bench.tell("warming up")
        _load(clients, PROCESSES, bench.size(5, 1), {"port": port, "seed": 0})
        before = _worker_mib(server.process.pid)
        served, core = in_turn(rounds, over_http, core_alone)
        after = _worker_mib(server.process.pid)
    return Figure(
        name=NAME,
        title="Over HTTP",
        about=(
            f"{clients} clients in {PROCESSES} processes ask one served process without a pause for {rounds} times "
            f"{http_seconds} s: 70 % record an activity, 20 % read the streak, 10 % the calendar of 30 days. "
            "Everything shares this machine's cores: clients, server and database. The core alone is the same mix in "
            "as many threads of one process that calls the service without HTTP, tokens or JSON."
        ),
        findings=[
            ratio(
                "of the core's throughput without HTTP",
                Side(label="over HTTP", unit="requests/s", values=served),
                Side(label="the core alone", unit="requests/s", values=core),
            ),
            Finding(name="errors", value=sum(one["errors"] for one in seen), unit="errors", goal=at_most(0)),
            *_latencies(seen),
            *_memory(before, after),
        ],
        details={"reasons": [reason for one in seen for reason in one["reasons"]]},
    )


def _latencies(seen: Sequence[Json]) -> list[Finding]:
    """p50, p95 and p99 of all requests, and beside them those of each route."""
    by_route = {
        route: quantiles([one for found in seen for one in found["milliseconds"][route]] or [0], n=100)
        for route in seen[0]["milliseconds"]
        if sum(len(found["milliseconds"][route]) for found in seen) > 1
    }
    everything = [one for found in seen for values in found["milliseconds"].values() for one in values]
    return [
        Finding(
            name=f"p{percent} of all requests",
            value=quantiles(everything, n=100)[percent - 1],
            unit="ms",
            sides=[Side(label=route, unit="ms", values=[cuts[percent - 1]]) for route, cuts in by_route.items()],
        )
        for percent in (50, 95, 99)
    ]


def _memory(before: float | None, after: float | None) -> list[Finding]:
    if not (before and after):
        return []
    sides = [
        Side(label="worker before the load", unit="MiB", values=[before]),
        Side(label="worker after it", unit="MiB", values=[after]),
    ]
    return [Finding(name="times the worker's memory before", value=after / before, unit="x", sides=sides)]


def _load(clients: int, processes: int, seconds: float, more: dict[str, Any]) -> Json:
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


def _answers(found: Json) -> int:
    return sum(len(values) for values in found["milliseconds"].values())


def _worker_mib(pid: int) -> float | None:
    """Resident memory of the process that answers: the last of the descent. None where nobody says."""
    if not Path("/proc/self/task").exists():
        return None
    while children := Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii").split():
        pid = int(children[0])
    lines = dict(line.split(":", 1) for line in Path(f"/proc/{pid}/status").read_text("utf-8").splitlines())
    return round(int(lines["VmRSS"].split()[0]) / _KIBIBYTES_PER_MEBIBYTE, 1)

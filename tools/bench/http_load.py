"""The served functions under a mixed load, against the same calls of the core without HTTP; and the worker's memory.

The clients are in processes of their own. It must not know what the answers mean.
"""

from __future__ import annotations

import http.client
import json
import os
import random
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache
from http import HTTPStatus
from pathlib import Path
from statistics import quantiles
from typing import Any, Final
from urllib.parse import urlsplit

from emulator.child import tied_pool
from emulator.port import free_port
from emulator.token import unsigned_token
from streak_core.commands import StreakCommands
from streak_core.config import shipped_rules
from streak_core.domain.commands import RecordActivity
from streak_core.queries import StreakQueries
from streak_core.store.client import firestore_client
from streak_core.store.users import UserStore
from testing.local_server import LocalServer, serve_command
from tools.bench.measuring import Figure, Finding, Side, at_most, ratio
from tools.bench.memory_run import status_mib
from tools.bench.runner import Bench, new_project

# Of a hundred requests.
_SHARES: Final = {"record": 70, "streak": 20, "calendar": 10}
_USERS_A_CLIENT: Final = 25
_ANSWER_SECONDS_MAX: Final = 30.0
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


# The port of a server, or the project on which the core is called in this process.
Where = int | str
Ask = Callable[[str, str, str], Any]


@dataclass
class Seen:
    """Milliseconds by route, and what went wrong."""

    milliseconds: dict[str, list[float]] = field(default_factory=lambda: {route: [] for route in _SHARES})
    errors: list[str] = field(default_factory=list)

    @property
    def answers(self) -> int:
        """How many there were."""
        return sum(map(len, self.milliseconds.values()))


def measure(bench: Bench) -> Figure:
    """Rounds of ten seconds over HTTP and five without, in turn."""
    clients, rounds = bench.size(CLIENTS, 2), bench.size(3, 1)
    http_seconds, core_seconds = bench.size(10, 1), bench.size(5, 1)
    project, seen = new_project(), list[Seen]()
    with LocalServer(serve_command(), {**os.environ, "PORT": str(free_port())}) as server:
        port = urlsplit(server.wait_until_ready()).port or 0

        def over_http(number: int) -> float:
            seen.append(_load(port, clients, PROCESSES, http_seconds, number + 1))
            return seen[-1].answers / http_seconds

        def core_alone(number: int) -> float:
            return _load(project, clients, 1, core_seconds, number + 1).answers / core_seconds

        bench.tell("warming up")
        _load(port, clients, PROCESSES, bench.size(5, 1), 0)
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


def _load(where: Where, clients: int, processes: int, seconds: float, seed: int) -> Seen:
    """Has the clients ask, shared out over some processes; all that they saw together."""
    begin_at = time.time() + _LEAD_SECONDS
    with tied_pool(processes) as pool:
        shares = [range(number, clients, processes) for number in range(processes)]
        work = [pool.submit(ask_all, where, share, begin_at, seconds, seed) for share in shares]
        return together([one.result() for one in work])


def _worker_mib(pid: int) -> float | None:
    """Resident memory of the process that answers: the last of the descent. None where nobody says."""
    if not Path("/proc/self/task").exists():
        return None
    while children := Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii").split():
        pid = int(children[0])
    return status_mib(pid, "VmRSS")


def ask_all(where: Where, clients: range, begin_at: float, seconds: float, seed: int) -> Seen:
    """Has all clients ask from a moment on (Unix seconds) until time is up; what they saw together."""
    with ThreadPoolExecutor(len(clients)) as pool:
        return together(list(pool.map(lambda client: _ask_on(where, client, begin_at, seconds, seed), clients)))


def together(seen: Sequence[Seen]) -> Seen:
    """All of it as one."""
    return Seen(
        {route: [one for each in seen for one in each.milliseconds[route]] for route in _SHARES},
        [reason for each in seen for reason in each.errors],
    )


def _ask_on(where: Where, client: int, begin_at: float, seconds: float, seed: int) -> Seen:
    seen = Seen()
    ask = _over_http(where) if isinstance(where, int) else _directly(where)
    chance = random.Random(seed * 1_000 + client)  # noqa: S311 - the same mix each time, not a secret
    number = 0
    time.sleep(max(0.0, begin_at - time.time()))
    ends_at = time.monotonic() + seconds
    while time.monotonic() < ends_at:
        number += 1
        (route,) = chance.choices(list(_SHARES), list(_SHARES.values()))
        user = f"caller-{client}-{chance.randrange(_USERS_A_CLIENT)}"
        begun = time.perf_counter()
        try:
            ask(route, user, f"{seed}-{client}-{number}")
        except Exception as error:  # noqa: BLE001 - whatever it is, it is counted
            seen.errors.append(repr(error))
        else:
            seen.milliseconds[route].append((time.perf_counter() - begun) * 1_000)
    return seen


def _over_http(port: int) -> Ask:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=_ANSWER_SECONDS_MAX)
    token_of = cache(unsigned_token)
    paths = {"streak": ("GET", "/streak"), "calendar": ("GET", "/calendar?days=30")}

    def ask(route: str, user: str, activity_id: str) -> None:
        method, path = paths.get(route, ("POST", "/streak/activities"))
        headers = {"Authorization": f"Bearer {token_of(user)}", "Content-Type": "application/json"}
        body = json.dumps({"activity_type": "check_in", "metadata": {}, "activity_id": activity_id})
        connection.request(method, path, body=body if method == "POST" else None, headers=headers)
        answer = connection.getresponse()
        content = answer.read()
        if answer.status >= HTTPStatus.MULTIPLE_CHOICES:
            message = f"{answer.status} {content[:200]!r}"
            raise RuntimeError(message)

    return ask


def _directly(project: str) -> Ask:
    policy = shipped_rules
    store = UserStore(firestore_client(project, "(default)"), policy)
    service, queries = StreakCommands(store, policy), StreakQueries(store, policy)

    def ask(route: str, user: str, activity_id: str) -> object:
        now = datetime.now(UTC)
        if route == "record":
            recorded = RecordActivity(activity_id=activity_id, activity_type="check_in", metadata={})
            return service.execute(user, now, recorded)
        return queries.streak(user, now) if route == "streak" else queries.calendar(user, now, 30)

    return ask

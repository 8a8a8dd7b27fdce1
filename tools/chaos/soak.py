"""`python -m tools.chaos.soak`: lives over HTTP from several processes while the job runs and workers are killed.

It must not know what is right. It ends with 0 when nothing differs, no error but the injected came, and memory is flat.
"""

from __future__ import annotations

import argparse
import os
import random
import signal
import statistics
import subprocess
import sys
import time
import zoneinfo
from collections import Counter
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Final

import httpx

from emulator.child import Child, tied_pool
from emulator.errors import SetupError
from emulator.firestore import HOST_VARIABLE, FirestoreEmulator
from emulator.places import MAIN, ROOT
from emulator.port import HOST, answers, free_port
from emulator.server import AUTH_EMULATOR_HOST
from emulator.token import PROJECT, unsigned_token
from streak_core.config import shipped_rules
from testing.steps import CommandStep, QueryStep, Step
from tools.arguments import whole_number
from tools.chaos.devices import HttpDevice
from tools.chaos.environment import Environment
from tools.chaos.faults import no_faults
from tools.chaos.lives import lives, user_ids

WORKERS: Final = 3
# With clients, and those that live in each.
PROCESSES: Final = 2
THREADS: Final = 4
_YEAR: Final = "2026"
_LATER: Final = timedelta(days=2)
_KILL_EVERY_SECONDS: Final = 8.0
_JOB_EVERY_SECONDS: Final = 4.0
_SAMPLE_SECONDS: Final = 0.5
_READY_SECONDS_MAX: Final = 90.0
_PROOF_SECONDS_MAX: Final = 300.0
# What a killed worker does to those whose request it had.
_INJECTED: Final = ("answered", "refused", "connection:")
# Memory is flat where the worker that was never killed grew by no more than this from the second quarter to the last.
GROWTH_PERCENT_MAX: Final = 10.0
_QUARTERS: Final = 4
_OWN: Final = {*CommandStep, *QueryStep}
_FIRST_RUN: Final = datetime(2026, 1, 5, tzinfo=UTC)


@dataclass
class Seen:
    """What clients have seen: users who were proved, differences, how requests ended and how long they took."""

    users: int = 0
    different: list[str] = field(default_factory=list)
    endings: Counter[str] = field(default_factory=Counter)
    took_ms: list[float] = field(default_factory=list)


@dataclass
class Watched:
    """What was seen of the server: resident memory (MiB) of each worker, kills, and the job's answers."""

    began: float = field(default_factory=time.time)
    memory: dict[int, list[float]] = field(default_factory=dict)
    killed: int = 0
    jobs: Counter[str] = field(default_factory=Counter)


def main(arguments: Sequence[str] | None = None) -> int:
    """Soaks and reports; the answer is the exit status."""
    parser = argparse.ArgumentParser(
        prog="python -m tools.chaos.soak", description="Traffic, the job, and killed workers."
    )
    parser.add_argument("--seconds", type=whole_number, default=60, help="how long (60)")
    parser.add_argument("--seed", type=int, default=1, help="the lives (1)")
    options = parser.parse_args(arguments)
    try:
        with FirestoreEmulator() as emulator:
            os.environ[HOST_VARIABLE] = emulator.host
            emulator.warm_up(PROJECT)
            return _soak(options.seconds, options.seed)
    except SetupError as error:
        print(f"error: {error}", file=sys.stderr)
        return 2


def _soak(seconds: float, seed: int) -> int:
    url = f"http://{HOST}:{free_port()}"
    with _server(url) as server, tied_pool(PROCESSES) as pool:
        _wait_until_ready(url)
        watched, offset = Watched(), int(time.time()) % 1_000_000 * 1_000
        ends_at = watched.began + seconds
        clients = [pool.submit(live, url, seed, first, offset, ends_at) for first in range(PROCESSES)]
        _watch(server, url, watched, ends_at, random.Random(seed))  # noqa: S311 - repeatable, no secret
        seen = together(one.result(_PROOF_SECONDS_MAX) for one in clients)
    return _report(seen, watched)


def _server(url: str) -> Child:
    environment = {**os.environ, "GOOGLE_CLOUD_PROJECT": PROJECT, "FIREBASE_AUTH_EMULATOR_HOST": AUTH_EMULATOR_HOST}
    bound = ["--bind", url.removeprefix("http://"), "--workers", str(WORKERS), "--worker-class", "gthread"]
    quiet = ["--threads", "8", "--no-control-socket", "--log-level", "critical", "--chdir", str(ROOT)]
    command = [sys.executable, "-m", "gunicorn", *bound, *quiet, f"emulator.wsgi:local_app({str(MAIN)!r})"]
    return Child("functions' server", command, output=subprocess.DEVNULL, environment=environment)


def _wait_until_ready(url: str) -> None:
    ends_at = time.monotonic() + _READY_SECONDS_MAX
    while not answers(url):
        if time.monotonic() > ends_at:
            message = f"the functions did not answer at {url}"
            raise SetupError(message)
        time.sleep(_SAMPLE_SECONDS)


def _watch(server: Child, url: str, watched: Watched, ends_at: float, dice: random.Random) -> None:
    """Until time is up: looks at memory, calls the job, and kills any worker but the oldest."""
    kill_at, job_at = watched.began + _KILL_EVERY_SECONDS, watched.began + _JOB_EVERY_SECONDS
    while time.time() < ends_at:
        # The oldest first.
        workers = sorted(map(int, _told(f"{server.pid}/task/{server.pid}/children")))
        for worker in workers:
            if pages := _told(f"{worker}/statm"):
                mib = int(pages[1]) * os.sysconf("SC_PAGE_SIZE") / 2**20
                watched.memory.setdefault(worker, []).append(mib)
        if time.time() >= kill_at and len(workers) > 1:
            kill_at += _KILL_EVERY_SECONDS
            os.kill(dice.choice(workers[1:]), signal.SIGKILL)
            watched.killed += 1
        if time.time() >= job_at:
            job_at += _JOB_EVERY_SECONDS
            watched.jobs[_job(url, _FIRST_RUN + timedelta(hours=dice.randrange(24 * 40)))] += 1
        time.sleep(_SAMPLE_SECONDS)


def _told(place: str) -> list[str]:
    """What Linux says of a process; nothing where it is gone."""
    with suppress(OSError):
        return Path("/proc", place).read_text(encoding="ascii").split()
    return []


def _job(url: str, now: datetime) -> str:
    """Calls the job as an administrator; what it answered."""
    token = unsigned_token("operator", admin=True)
    headers = {"Authorization": f"Bearer {token}", "X-Simulated-Time": now.isoformat()}
    try:
        answer = httpx.post(f"{url}/maintenance", headers=headers, timeout=60.0)
    except httpx.TransportError as error:
        return f"connection: {type(error).__name__}"
    return str(answer.json().get("status", answer.json().get("code")))


def is_watched(memory: dict[int, list[float]]) -> bool:
    """Whether some worker was looked at often enough to speak of quarters of its life."""
    return any(len(one) >= _QUARTERS for one in memory.values())


def live(url: str, seed: int, first: int, offset: int, ends_at: float) -> Seen:
    """Lives in all threads of a process, until then (Unix seconds); what they saw together.

    The offset is added to each environment's number, so that each soak has users of its own.
    """
    zoneinfo.reset_tzpath(to=())
    threads = range(first, PROCESSES * THREADS, PROCESSES)
    with ThreadPoolExecutor(THREADS) as pool:
        return together(pool.map(lambda thread: _live_on(HttpDevice(url), seed, thread, offset, ends_at), threads))


def together(seen: Iterable[Seen]) -> Seen:
    """All of it as one."""
    whole = Seen()
    for one in seen:
        whole.users += one.users
        whole.different += one.different
        whole.endings += one.endings
        whole.took_ms += one.took_ms
    return whole


def _live_on(device: HttpDevice, seed: int, thread: int, offset: int, ends_at: float) -> Seen:
    """Lives in one environment after the other."""
    seen = Seen(endings=device.endings, took_ms=device.took_ms)
    numbers = count(thread, PROCESSES * THREADS)
    while time.time() < ends_at and not seen.different:
        number = next(numbers)
        steps, ids = lives(seed, number), user_ids(offset + number)
        if not steps[0]["at"].startswith(_YEAR):
            continue
        environment = Environment(ids, shipped_rules, no_faults, PROJECT, given=device)
        try:
            seen.different += _differences(environment, steps, ends_at)
            seen.users += len(ids)
        except Exception as error:  # noqa: BLE001 - whatever it is, it is reported
            seen.different.append(f"environment {number}: {type(error).__name__}: {error}")
        finally:
            environment.close()
    return seen


def _differences(environment: Environment, steps: list[Step], ends_at: float) -> list[str]:
    """Lives the users' steps one by one, while the job is called by somebody else; what the proof finds."""
    last = datetime.fromisoformat(steps[0]["at"])
    # The list of amnesties is everybody's, and the job somebody else's.
    parts = (part for step in steps for part in step.get("lanes", [step]) if part["do"] in _OWN)
    for step in parts:
        if time.time() >= ends_at:
            break
        last = max(last, datetime.fromisoformat(step["at"]))
        environment.play(step)
    later = [(last + _LATER * days).isoformat() for days in (1, 2)]
    return list(environment.differences(later))


def growth_percent(memory: dict[int, list[float]]) -> float:
    """How much the worker that was watched for longest grew from the second quarter of its life to the last."""
    longest = max(memory.values(), key=len, default=[])
    if not is_watched(memory):
        return 0.0
    quarter = len(longest) // _QUARTERS
    first, last = map(statistics.median, (longest[quarter : 2 * quarter], longest[-quarter:]))
    return 100 * (last - first) / first


def unexpected(endings: Counter[str]) -> Counter[str]:
    """The endings that neither the service's rules nor a killed worker explain."""
    return Counter({name: number for name, number in endings.items() if not name.startswith(_INJECTED)})


def untried(seen: Seen, watched: Watched) -> list[str]:
    """What was never tried, in a soak that was too short for it: it shows nothing."""
    tried = {
        "no request was answered": seen.took_ms,
        "no user was proved": seen.users,
        "no worker was killed": watched.killed,
        "the job was never called": watched.jobs,
        "no worker was watched for long enough": is_watched(watched.memory),
    }
    return [what for what, is_tried in tried.items() if not is_tried]


def _report(seen: Seen, watched: Watched) -> int:
    growth, wrong = growth_percent(watched.memory), unexpected(seen.endings)
    cuts = statistics.quantiles(seen.took_ms, n=100) if len(seen.took_ms) > 1 else [0.0] * 99
    print(f"{len(seen.took_ms)} answers; ms: p50 {cuts[49]:.0f}, p95 {cuts[94]:.0f}, p99 {cuts[98]:.0f}")
    print(f"{seen.users} users proved, {watched.killed} workers killed")
    print(f"requests ended: {dict(seen.endings.most_common())}; unexpected: {dict(wrong)}")
    print(f"the job answered: {dict(watched.jobs)}")
    print(f"memory of the worker that was never killed: {growth:+.1f} % (at most {GROWTH_PERCENT_MAX:.0f} %)")
    for text in seen.different:
        print(f"DIFFERENT: {text}")
    print(f"{len(seen.different)} differences")
    missing = untried(seen, watched)
    if missing:
        print(f"too short to show anything: {', '.join(missing)}; take more --seconds")
    return 1 if seen.different or wrong or missing or growth > GROWTH_PERCENT_MAX else 0


if __name__ == "__main__":
    sys.exit(main())

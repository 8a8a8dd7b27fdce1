"""The command behind `make soak`: traffic from several processes while the job runs and workers are killed.

It must not know what is asked. It ends with 0 when nothing differs, no error but the injected came, and memory is flat.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import signal
import statistics
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

import httpx

from emulator.errors import SetupError
from emulator.firestore import HOST_VARIABLE, FirestoreEmulator
from emulator.places import MAIN, ROOT
from emulator.port import HOST, free_port
from emulator.server import AUTH_EMULATOR_HOST
from emulator.token import PROJECT, unsigned_token

Json = dict[str, Any]

PICTURE: Final = ROOT / "build" / "soak" / "memory-and-latency.svg"
WORKERS: Final = 3
THREADS_A_PROCESS: Final = 4
_KILL_EVERY_SECONDS: Final = 8.0
_JOB_EVERY_SECONDS: Final = 4.0
_SAMPLE_SECONDS: Final = 0.5
_READY_SECONDS_MAX: Final = 90.0
_PROOF_SECONDS_MAX: Final = 300.0
# What a killed worker does to those whose request it had.
_INJECTED: Final = ("answered", "refused", "connection:")
# Memory is flat where the worker that was never killed grew by no more than this from the second quarter to the last.
GROWTH_PERCENT_MAX: Final = 10.0
_FIRST_NIGHT: Final = datetime(2026, 1, 5, tzinfo=UTC)


@dataclass
class Watched:
    """What was seen of the server: resident memory (MiB) of each worker by moment, kills, and the job's answers."""

    began: float = field(default_factory=time.time)
    memory: dict[int, list[tuple[float, float]]] = field(default_factory=dict)
    killed: list[float] = field(default_factory=list)
    jobs: Counter[str] = field(default_factory=Counter)


def main(arguments: Sequence[str] | None = None) -> int:
    """Soaks and tells; the answer is the exit status."""
    parser = argparse.ArgumentParser(
        prog="python -m tools.chaos.soak", description="Traffic, the job, and killed workers."
    )
    parser.add_argument("--seconds", type=float, default=60.0, help="how long (60)")
    parser.add_argument("--seed", type=int, default=1, help="the lives (1)")
    parser.add_argument("--processes", type=int, default=2, help="processes with clients (2)")
    options = parser.parse_args(arguments)
    try:
        with FirestoreEmulator() as emulator:
            os.environ[HOST_VARIABLE] = emulator.host
            return _soak(options)
    except SetupError as error:
        print(f"error: {error}", file=sys.stderr)
        return 2


def _soak(options: argparse.Namespace) -> int:
    port = free_port()
    url = f"http://{HOST}:{port}"
    server = _server(port)
    try:
        _wait_until_ready(url)
        watched = Watched()
        clients = _clients(options, url, watched.began + options.seconds)
        _watch(server, url, watched, options)
        results = [json.loads(one.communicate(timeout=_PROOF_SECONDS_MAX)[0]) for one in clients]
    finally:
        server.terminate()
        server.wait()
    return _tell(results, watched)


def _server(port: int) -> subprocess.Popen[bytes]:
    environment = {**os.environ, "GOOGLE_CLOUD_PROJECT": PROJECT, "FIREBASE_AUTH_EMULATOR_HOST": AUTH_EMULATOR_HOST}
    bound = ["--bind", f"{HOST}:{port}", "--workers", str(WORKERS), "--worker-class", "gthread", "--threads", "8"]
    quiet = ["--no-control-socket", "--log-level", "critical", "--chdir", str(ROOT)]
    command = [sys.executable, "-m", "gunicorn", *bound, *quiet, f"emulator.wsgi:local_app({str(MAIN)!r})"]
    return subprocess.Popen(command, env=environment, stderr=subprocess.DEVNULL)  # noqa: S603 - our own server


def _wait_until_ready(url: str) -> None:
    ends_at = time.monotonic() + _READY_SECONDS_MAX
    while time.monotonic() < ends_at:
        try:
            httpx.get(f"{url}/streak", timeout=_SAMPLE_SECONDS)
        except httpx.TransportError:
            time.sleep(_SAMPLE_SECONDS)
        else:
            return
    message = f"the functions did not answer at {url}"
    raise SetupError(message)


def _clients(options: argparse.Namespace, url: str, ends_at: float) -> list[subprocess.Popen[str]]:
    offset = int(time.time()) % 1_000_000 * 1_000
    common = {"base_url": url, "project": PROJECT, "seed": options.seed, "threads": THREADS_A_PROCESS}
    every = options.processes * THREADS_A_PROCESS
    begun = []
    for number in range(options.processes):
        own = {"first": number * THREADS_A_PROCESS, "every": every, "offset": offset, "ends_at": ends_at}
        command = [sys.executable, "-m", "tools.chaos.soak_clients", json.dumps({**common, **own})]
        begun.append(subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT))  # noqa: S603 - our own clients
    return begun


def _watch(server: subprocess.Popen[bytes], url: str, watched: Watched, options: argparse.Namespace) -> None:
    """Until time is up: looks at memory, calls the job, and kills any worker but the oldest."""
    dice = random.Random(options.seed)  # noqa: S311 - repeatable, no secret
    kill_at, job_at = watched.began + _KILL_EVERY_SECONDS, watched.began + _JOB_EVERY_SECONDS
    while time.time() < watched.began + options.seconds:
        workers = _workers(server.pid)
        for worker in workers:
            _note_memory(worker, watched)
        if time.time() >= kill_at and len(workers) > 1:
            kill_at += _KILL_EVERY_SECONDS
            os.kill(dice.choice(workers[1:]), signal.SIGKILL)
            watched.killed.append(time.time())
        if time.time() >= job_at:
            job_at += _JOB_EVERY_SECONDS
            watched.jobs[_job(url, _FIRST_NIGHT + timedelta(hours=dice.randrange(24 * 40)))] += 1
        time.sleep(_SAMPLE_SECONDS)


def _workers(master: int) -> list[int]:
    """The children of the server's master, the oldest first."""
    try:
        text = Path(f"/proc/{master}/task/{master}/children").read_text(encoding="ascii")
    except OSError:
        return []
    return sorted(int(one) for one in text.split())


def _note_memory(worker: int, watched: Watched) -> None:
    try:
        pages = int(Path(f"/proc/{worker}/statm").read_text(encoding="ascii").split()[1])
    except (OSError, IndexError):
        return
    mib = pages * os.sysconf("SC_PAGE_SIZE") / 2**20
    watched.memory.setdefault(worker, []).append((time.time() - watched.began, mib))


def _job(url: str, now: datetime) -> str:
    """Calls the job as an administrator; what it answered."""
    token = unsigned_token("operator", admin=True)
    headers = {"Authorization": f"Bearer {token}", "X-Simulated-Time": now.isoformat()}
    try:
        answer = httpx.post(f"{url}/maintenance", headers=headers, timeout=60.0)
    except httpx.TransportError as error:
        return f"connection: {type(error).__name__}"
    return str(answer.json().get("status", answer.json().get("code")))


def growth_percent(memory: dict[int, list[tuple[float, float]]]) -> float:
    """How much the worker that was watched for longest grew from the second quarter of its life to the last."""
    longest = max(memory.values(), key=len, default=[])
    quarter = len(longest) // 4
    if not quarter:
        return 0.0
    early, late = longest[quarter : 2 * quarter], longest[-quarter:]
    first, last = (statistics.median(mib for _, mib in part) for part in (early, late))
    return 100 * (last - first) / first


def unexpected(endings: Counter[str]) -> Counter[str]:
    """The endings that neither the service's rules nor a killed worker explain."""
    return Counter({name: number for name, number in endings.items() if not name.startswith(_INJECTED)})


def _tell(results: list[Json], watched: Watched) -> int:
    endings: Counter[str] = sum((Counter(one["endings"]) for one in results), Counter())
    took = sorted((when - watched.began, ms) for one in results for when, ms in one["took"])
    different = [text for one in results for text in one["different"]]
    growth, wrong = growth_percent(watched.memory), unexpected(endings)
    cuts = statistics.quantiles((ms for _, ms in took), n=100) if len(took) > 1 else [0.0] * 99
    print(f"{len(took)} answers; ms: p50 {cuts[49]:.0f}, p95 {cuts[94]:.0f}, p99 {cuts[98]:.0f}")
    print(f"{sum(one['users'] for one in results)} users proved, {len(watched.killed)} workers killed")
    for name, number in endings.most_common():
        print(f"  {number} {name}{'  UNEXPECTED' if name in wrong else ''}")
    print(f"the job answered: {dict(watched.jobs)}")
    print(f"memory of the worker that was never killed: {growth:+.1f} % (at most {GROWTH_PERCENT_MAX:.0f} %)")
    _draw(took, watched)
    print(f"picture: {PICTURE.relative_to(ROOT)}")
    for text in different:
        print(f"DIFFERENT: {text}")
    print(f"{len(different)} differences")
    return 1 if different or wrong or growth > GROWTH_PERCENT_MAX else 0


def _draw(took: list[tuple[float, float]], watched: Watched) -> None:
    import matplotlib as mpl

    mpl.use("svg")
    from matplotlib import pyplot as plt

    figure, (above, below) = plt.subplots(2, 1, sharex=True, figsize=(9, 6))
    for worker, seen in watched.memory.items():
        above.plot([when for when, _ in seen], [mib for _, mib in seen], label=f"worker {worker}")
    above.set_ylabel("resident memory (MiB)")
    below.plot([when for when, _ in took], [ms for _, ms in took], ".", markersize=2)
    below.set_ylabel("answer (ms)")
    below.set_xlabel("seconds; a line is a killed worker")
    for axes in (above, below):
        for when in watched.killed:
            axes.axvline(when - watched.began, color="grey", linewidth=0.5)
    PICTURE.parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(PICTURE)


if __name__ == "__main__":
    sys.exit(main())

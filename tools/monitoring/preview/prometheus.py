"""Prometheus on this machine: filled with series of the past, it answers PromQL queries.

It must not know what is asked. The programs are those of Debian's package prometheus.
"""

from __future__ import annotations

import shutil
import subprocess
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, Final, Self

import httpx

from emulator.child import Child
from emulator.errors import SetupError
from emulator.port import HOST, free_port

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime

HOW_TO_GET: Final = (
    "prometheus and promtool are needed: apt-get install prometheus (Debian, Ubuntu), brew install prometheus (macOS)"
)
START_SECONDS_MAX: Final = 60.0
FILL_SECONDS_MAX: Final = 300.0
ANSWER_SECONDS_MAX: Final = 60.0
POLL_SECONDS: Final = 0.1
LOG_TAIL_BYTES_MAX: Final = 2_000
# One block for all of it; by itself promtool would read the text anew for every two hours.
_BLOCK: Final = "720h"


@dataclass(frozen=True, kw_only=True)
class Series:
    """One series of an answer: Unix seconds and values."""

    labels: Mapping[str, str]
    times: Sequence[float]
    values: Sequence[float]


def require_programs() -> tuple[str, str]:
    """Where prometheus and promtool are. Raises `SetupError`, which says how to get them."""
    prometheus, promtool = shutil.which("prometheus"), shutil.which("promtool")
    if not prometheus or not promtool:
        raise SetupError(HOW_TO_GET)
    return prometheus, promtool


class Prometheus:
    """Running while entered."""

    def __init__(self, lines: Iterable[str]) -> None:
        """`lines` are OpenMetrics text; nothing is started yet."""
        self._lines = lines
        self._folder = tempfile.TemporaryDirectory(prefix="prometheus-")
        self._log: IO[bytes] = tempfile.TemporaryFile(prefix="prometheus-")  # noqa: SIM115 - closed on leaving
        self._child: Child | None = None
        self._url = ""

    def __enter__(self) -> Self:
        """Fills and starts it. Raises `SetupError`."""
        try:
            prometheus, promtool = require_programs()
            self._fill(promtool)
            self._start(prometheus)
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        if self._child is not None:
            self._child.stop()
        self._log.close()
        self._folder.cleanup()

    def query(self, text: str, begin: datetime, end: datetime, step_seconds: int) -> list[Series]:
        """What it answers for each step from `begin` to `end`. Raises `SetupError` when it refuses the query."""
        asked = {"query": text, "start": begin.timestamp(), "end": end.timestamp(), "step": step_seconds}
        response = httpx.post(f"{self._url}/api/v1/query_range", data=asked, timeout=ANSWER_SECONDS_MAX)
        answer: dict[str, Any] = response.json()
        if answer["status"] != "success":
            message = f"Prometheus refuses {text}: {answer['error']}"
            raise SetupError(message)
        return [_series(one) for one in answer["data"]["result"]]

    def _fill(self, promtool: str) -> None:
        folder = Path(self._folder.name)
        with (folder / "series.txt").open("w", encoding="utf-8") as text:
            text.writelines(f"{line}\n" for line in self._lines)
        command = [promtool, "tsdb", "create-blocks-from", "openmetrics", "--quiet", f"--max-block-duration={_BLOCK}"]
        done = subprocess.run(  # noqa: S603 - our own command, no shell
            [*command, str(folder / "series.txt"), str(folder / "data")],
            capture_output=True,
            text=True,
            timeout=FILL_SECONDS_MAX,
            check=False,
        )
        if done.returncode:
            message = f"promtool can't read the series: {done.stderr.strip() or done.stdout.strip()}"
            raise SetupError(message)

    def _start(self, prometheus: str) -> None:
        folder, port = Path(self._folder.name), free_port()
        (folder / "prometheus.yml").write_text("{}\n", encoding="utf-8")
        options = {
            "--config.file": folder / "prometheus.yml",
            "--storage.tsdb.path": folder / "data",
            "--storage.tsdb.retention.time": "100y",
            "--web.listen-address": f"{HOST}:{port}",
            "--log.level": "warn",
        }
        self._url = f"http://{HOST}:{port}"
        command = [prometheus, *(f"{name}={value}" for name, value in options.items())]
        self._child = Child("Prometheus", command, output=self._log)
        self._wait_until_it_answers(self._child)

    def _wait_until_it_answers(self, child: Child) -> None:
        deadline = time.monotonic() + START_SECONDS_MAX
        while not _is_ready(self._url):
            if child.exit_status is not None or time.monotonic() > deadline:
                self._log.seek(0)
                message = f"Prometheus did not start\n{self._log.read()[-LOG_TAIL_BYTES_MAX:].decode(errors='replace')}"
                raise SetupError(message)
            time.sleep(POLL_SECONDS)


def _is_ready(url: str) -> bool:
    try:
        return httpx.get(f"{url}/-/ready", timeout=ANSWER_SECONDS_MAX).is_success
    except httpx.HTTPError:
        return False


def _series(result: Mapping[str, Any]) -> Series:
    return Series(
        labels=result["metric"],
        times=[float(at) for at, _ in result["values"]],
        values=[float(value) for _, value in result["values"]],
    )

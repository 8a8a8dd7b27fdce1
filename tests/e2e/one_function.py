"""One function in a process of its own, started as it is deployed: by functions-framework, from main.py.

The start of an interpreter that has loaded nothing is tested with the bundle. Must not know what the function does.
"""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Final, Self

from emulator.places import MAIN
from emulator.port import HOST, free_port
from emulator.token import PROJECT
from tests.support.environment import CHOSEN
from tests.support.warm_start import start

if TYPE_CHECKING:
    from collections.abc import Mapping

START_SECONDS_MAX: Final = 60.0
STOP_SECONDS_MAX: Final = 15.0
POLL_SECONDS: Final = 0.05


class OneFunction:
    """A running process, or one that refused to run; `own` is all that its environment says of the project."""

    def __init__(
        self, target: str, own: Mapping[str, str], *, project: str | None = PROJECT, source: Path = MAIN
    ) -> None:
        """Starts it."""
        kept = {name: value for name, value in os.environ.items() if name not in CHOSEN}
        named = {} if project is None else {"GOOGLE_CLOUD_PROJECT": project}
        self._port = free_port()
        self.url = f"http://{HOST}:{self._port}"
        self._output = tempfile.NamedTemporaryFile()  # noqa: SIM115  (closed on leaving)
        options = ["--target", target, "--source", str(source), "--host", HOST, "--port", str(self._port)]
        self._process = start("functions_framework", options, kept | named | dict(own), Path(self._output.name))

    def starts(self) -> bool:
        """Whether it comes to listen, rather than end."""
        deadline = time.monotonic() + START_SECONDS_MAX
        while self.status() is None:
            with socket.socket() as probe:
                if probe.connect_ex((HOST, self._port)) == 0:
                    return True
            assert time.monotonic() < deadline, self.output()
            time.sleep(POLL_SECONDS)
        return False

    def terminate(self) -> None:
        """Tells it to end, as the platform does."""
        self._process.terminate()

    def kill(self) -> None:
        """Ends it at once, with the workers that it has forked, as the kernel does where memory is short."""
        assert self._process.pid is not None
        os.kill(self._process.pid, signal.SIGSTOP)
        listed = subprocess.run(["ps", "-A", "-o", "pid=,ppid="], capture_output=True, text=True, check=True).stdout
        parents = {int(pid): int(parent) for pid, parent in map(str.split, listed.splitlines())}
        workers = [pid for pid, parent in parents.items() if parent == self._process.pid]
        assert workers
        for pid in workers:
            os.kill(pid, signal.SIGKILL)
        self._process.kill()
        self._process.join()

    def status(self) -> int | None:
        """Its exit status; None while it runs."""
        return self._process.exitcode

    def output(self) -> str:
        """Everything it has written."""
        size = os.fstat(self._output.fileno()).st_size
        return os.pread(self._output.fileno(), size, 0).decode(errors="replace")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._process.terminate()
        self._process.join(STOP_SECONDS_MAX)
        if self.status() is None:
            self._process.kill()
            self._process.join()
        self._output.close()

"""The local server as its users start it: one command, a ready line, a signal to end it.

Must not know what is served.
"""

import contextlib
import os
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Mapping, Sequence
from typing import Final, Self

from emulator.child import tethered
from emulator.places import ROOT

READY_SECONDS_MAX: Final = 90.0
STOP_SECONDS_MAX: Final = 15.0


class LocalServer:
    """A server started by `command`; what it prints can be read when it has stopped."""

    def __init__(self, command: Sequence[str], environment: Mapping[str, str]) -> None:
        """Start it in a process group of its own, as a shell with job control does."""
        self._errors = tempfile.TemporaryFile()  # noqa: SIM115  (closed in kill)
        self.process = subprocess.Popen(
            tethered(command),
            cwd=ROOT,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=self._errors,
            text=True,
            start_new_session=True,
        )

    def wait_until_ready(self) -> str:
        """The URL of the ready line, which must be the first line of all."""
        timer = threading.Timer(READY_SECONDS_MAX, self.process.kill)
        timer.start()
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        timer.cancel()
        assert line.startswith("ready http://127.0.0.1:"), f"{line!r}, on standard error:\n{self.errors()}"
        return line.removeprefix("ready ").strip()

    def errors(self) -> str:
        """What it wrote to standard error until now."""
        size = os.fstat(self._errors.fileno()).st_size
        return os.pread(self._errors.fileno(), size, 0).decode(errors="replace")

    def stop(self, number: signal.Signals = signal.SIGTERM) -> int:
        """Send it a signal, and answer its exit status. Raises when it does not end."""
        self.process.send_signal(number)
        return self.process.wait(STOP_SECONDS_MAX)

    def kill(self) -> None:
        """Leave nothing behind, whatever happened."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.communicate()
        self._errors.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.kill()


def serve_command(*options: str) -> list[str]:
    """The command behind `make serve`."""
    return [sys.executable, "-m", "emulator", "serve", *options]

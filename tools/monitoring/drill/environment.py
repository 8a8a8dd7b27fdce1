"""The functions as they are deployed, each a process of its own, on a real database behind a proxy that can be cut.

It must not know what they are asked.
"""

from __future__ import annotations

import os
import signal
import sys
import tempfile
import uuid
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Final, Self

from emulator.child import Child
from emulator.firestore import HOST_VARIABLE
from emulator.places import MAIN
from emulator.port import HOST, free_port
from emulator.server import AUTH_EMULATOR_HOST
from emulator.token import PROJECT
from tools.monitoring.drill.tcp_proxy import TcpProxy
from tools.monitoring.log_lines import Entry, read_lines

# The settings of a function begin with these; a process of the drill has those of the drill and no others.
_OWN: Final = (
    "BACKUP_",
    "MAINTENANCE_",
    "REMINDER_",
    "STREAK_",
    "FIRESTORE_",
    "FIREBASE_",
    "FUNCTION_",
    "GOOGLE_",
    "K_",
)


class ServedFunction:
    """A deployed function in a process of its own, started by functions-framework; its standard output is kept."""

    def __init__(self, name: str, settings: Mapping[str, str], main: Path = MAIN) -> None:
        self.name = name
        port = free_port()
        self.url = f"http://{HOST}:{port}"
        self._output: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115 - closed when it is stopped
        environment = {name: value for name, value in os.environ.items() if not name.startswith(_OWN)}
        options = ["--target", name, "--source", str(main), "--host", HOST, "--port", str(port)]
        self._child = Child(
            f"function {name}",
            [sys.executable, "-m", "functions_framework", *options],
            output=self._output,
            environment={**environment, **settings},
        )
        self._read = 0

    def kill(self) -> None:
        """Kills it without a warning, as the platform does with one that needs too much memory."""
        os.killpg(self._child.pid, signal.SIGKILL)

    def wait(self) -> None:
        """Until it answers. Raises `SetupError`, with what it said, when it does not."""
        self._child.wait_until_it_answers(self.url, lambda: self._text(0))

    def entries(self) -> list[Entry]:
        """The log entries that it wrote since it was last asked."""
        text = self._text(self._read)
        self._read += len(text.encode())
        return read_lines(text.splitlines(), service=self.name, at=datetime.now(UTC))

    def stop(self) -> None:
        """Ends it."""
        self._child.stop()
        self._output.close()

    def _text(self, begin: int) -> str:
        size = os.fstat(self._output.fileno()).st_size
        return os.pread(self._output.fileno(), size - begin, begin).decode()


@dataclass
class Environment:
    """One database of its own, a proxy before it, and the functions started on it; all end when it is left."""

    emulator_host: str
    database: str = field(default_factory=lambda: f"drill-{uuid.uuid4().hex[:8]}")

    def __enter__(self) -> Self:
        self._running = ExitStack()
        self.proxy = self._running.enter_context(TcpProxy(self.emulator_host))
        return self

    def __exit__(self, *_: object) -> None:
        self._running.close()

    def start(self, name: str, *, main: Path = MAIN, **settings: str) -> ServedFunction:
        """Starts a function, and returns once it answers. Raises `SetupError`."""
        own = {
            "GOOGLE_CLOUD_PROJECT": PROJECT,
            "FIRESTORE_DATABASE": self.database,
            HOST_VARIABLE: self.proxy.address,
            "FIREBASE_AUTH_EMULATOR_HOST": AUTH_EMULATOR_HOST,
        }
        function = ServedFunction(name, own | settings, main)
        self._running.callback(function.stop)
        function.wait()
        function.entries()
        return function


@contextmanager
def trouble(proxy: TcpProxy, *, delay_seconds: float = 0.0) -> Iterator[None]:
    """The database is slow while entered, or gone where no delay is given; then it is as before."""
    if delay_seconds:
        proxy.delay_seconds = delay_seconds
    else:
        proxy.cut()
    try:
        yield
    finally:
        proxy.mend()

"""One child process that never outlives us: started in a session of its own, stopped surely.

Must not know what the child serves.
"""

import atexit
import contextlib
import multiprocessing
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import IO, Final, Self

from emulator.errors import SetupError
from emulator.port import answers
from emulator.tether import tie

STOP_GRACE_SECONDS: Final = 4.0
READY_SECONDS_MAX: Final = 60.0
POLL_SECONDS: Final = 0.05
TETHER: Final = Path(__file__).with_name("tether.py")


def tethered(command: Sequence[str]) -> list[str]:
    """The command as one whose program gets SIGTERM should we end without ending it, by SIGKILL for instance.

    It has the same process id, status, input and output. Start it from a thread that lives as long as it shall.
    """
    return [sys.executable, "-I", str(TETHER), str(os.getpid()), *command]


def tied_pool(processes: int) -> ProcessPoolExecutor:
    """Processes that begin afresh, since a forked gRPC is a broken one, and that never wait for us when we are gone."""
    context = multiprocessing.get_context("spawn")
    return ProcessPoolExecutor(processes, mp_context=context, initializer=tie, initargs=(os.getpid(),))


class Child:
    """A running program.

    Its session is its own: Ctrl-C in the terminal reaches us alone, and we choose the order of stopping.
    Start it from a thread that lives as long as the program shall: the kernel ties it to its parent's thread.
    """

    def __init__(
        self,
        name: str,
        command: Sequence[str],
        *,
        output: IO[bytes] | int,
        environment: Mapping[str, str] | None = None,
    ) -> None:
        """Start `command`; its standard output and standard error both go to `output`."""
        self.name = name
        self._process = subprocess.Popen(  # noqa: S603  (our own command, no shell)
            tethered(command),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            env=environment,
            start_new_session=True,
        )
        atexit.register(self.stop)

    @property
    def pid(self) -> int:
        """Its process id, which is its group's and its session's too."""
        return self._process.pid

    @property
    def exit_status(self) -> int | None:
        """None while it runs."""
        return self._process.poll()

    def wait_until_it_answers(self, url: str, said: Callable[[], str] = str) -> None:
        """Return once there is any answer at `url`. Raises SetupError, with what it has `said`, when there is none."""
        deadline = time.monotonic() + READY_SECONDS_MAX
        while not answers(url):
            if self.exit_status is not None:
                message = f"the {self.name} ended with status {self.exit_status}\n{said()}".rstrip()
                raise SetupError(message)
            if time.monotonic() > deadline:
                message = f"the {self.name} did not answer at {url} in {READY_SECONDS_MAX:.0f} s\n{said()}".rstrip()
                raise SetupError(message)
            time.sleep(POLL_SECONDS)

    def stop(self) -> None:
        """Ask it to end, wait, then kill what is left of its group. Harmless when it has ended already."""
        atexit.unregister(self.stop)
        if self.exit_status is None:
            self._process.terminate()
            with contextlib.suppress(subprocess.TimeoutExpired):
                self._process.wait(STOP_GRACE_SECONDS)
        # A zombie's group may not be signalled on every system, hence PermissionError.
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self.pid, signal.SIGKILL)
        self._process.wait()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

"""Processes that a test starts and has to find again, however far down. Must not know what they do."""

from __future__ import annotations

import contextlib
import os
import time
import uuid
from pathlib import Path
from typing import Final

import pytest

from emulator.firestore import HOST_VARIABLE
from emulator.port import free_port

# Functions that answer what they were asked.
STANDIN: Final = Path(__file__).parents[1] / "e2e" / "standin_main.py"
MARK: Final = "UNBROKEN_TEST_MARK"
GONE_SECONDS_MAX: Final = 15.0

needs_proc = pytest.mark.skipif(not Path("/proc/self/environ").exists(), reason="looks for processes in /proc")


class Marked:
    """An environment whose every process, however far down, can be found again."""

    def __init__(self) -> None:
        self.mark = f"{MARK}={uuid.uuid4().hex}"
        name, _, value = self.mark.partition("=")
        own = {name: value, "PORT": str(free_port()), "FUNCTION_SOURCE": str(STANDIN)}
        # A make that finds itself inside another one speaks of folders on standard output.
        foreign = {HOST_VARIABLE, "MAKEFLAGS", "MAKELEVEL", "MFLAGS"}
        self.environment = {key: value for key, value in os.environ.items() if key not in foreign} | own

    def processes(self) -> dict[int, str]:
        """The command line of each process that lives in this environment, by its id."""
        found = {}
        for folder in Path("/proc").glob("[0-9]*"):
            with contextlib.suppress(OSError):
                if self.mark.encode() in (folder / "environ").read_bytes().split(b"\0"):
                    found[int(folder.name)] = (folder / "cmdline").read_text().replace("\0", " ")
        return found

    def the_process(self, word: str) -> int:
        """The oldest process whose command line has this word."""
        return min(pid for pid, line in self.processes().items() if word in line)

    def wait_until_gone(self) -> dict[int, str]:
        """What is still there when the time is up."""
        deadline = time.monotonic() + GONE_SECONDS_MAX
        while (left := self.processes()) and time.monotonic() < deadline:
            time.sleep(0.05)
        return left

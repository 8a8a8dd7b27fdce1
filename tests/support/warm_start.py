"""What a function's process is forked from: one process for all tests of a worker, which has loaded what is alike.

A start costs a second of a processor, nearly all of it for modules that are the same each time: libraries, and our
core, which takes what it needs of the environment when it is asked. Those that speak HTTP are loaded by each process
anew, in its own environment. Must not know what a function does.
"""

from __future__ import annotations

import multiprocessing
import os
import runpy
import signal
import sys
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import TYPE_CHECKING, Final

from emulator.tether import tie

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

# What is missing here is loaded by each process itself: it costs time, and changes nothing.
ALIKE: Final = (
    "cachecontrol",
    "firebase_admin.auth",
    "functions_framework._cli",
    "google.cloud.firestore",
    "google.cloud.logging_v2",
    "grpc",
    "gunicorn.app.base",
    "gunicorn.workers.gthread",
    "pydantic",
    "streak_core.commands",
    "streak_core.maintenance",
    "streak_core.queries",
)


def start(module: str, arguments: Sequence[str], environment: Mapping[str, str], output: Path) -> BaseProcess:
    """`python -m MODULE ARGUMENTS` with that environment alone; what it writes goes to the end of that file."""
    forking = multiprocessing.get_context("forkserver")
    forking.set_forkserver_preload([__name__, *ALIKE])
    # A process that were no daemon would be waited for at the end, should a test have left it.
    process = forking.Process(target=_become, args=(module, list(arguments), dict(environment), output), daemon=True)
    process.start()
    return process


def _become(module: str, arguments: list[str], environment: dict[str, str], output: Path) -> None:
    tie(os.getppid())
    signal.signal(signal.SIGINT, signal.default_int_handler)
    os.environ.clear()
    os.environ.update(environment)
    writing = os.open(output, os.O_WRONLY | os.O_APPEND)
    for number in (1, 2):
        os.dup2(writing, number)
    os.close(writing)
    sys.argv = [module, *arguments]
    runpy.run_module(module, run_name="__main__", alter_sys=True)

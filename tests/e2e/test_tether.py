"""Whatever ends a test run, nothing that it started outlives it."""

from __future__ import annotations

import ast
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Final

import pytest

from emulator.child import tethered
from emulator.places import ROOT
from tests.support.marked import Marked, needs_proc

STARTED_SECONDS_MAX: Final = 120.0
# One that serves everything on an emulator of its own, as many tests do, and is then busy.
RUN: Final = """
import time

def test_is_busy(served: str) -> None:
    time.sleep(600)
"""


@needs_proc
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGKILL])
def test_a_test_run_that_is_ended_leaves_no_process_behind(
    number: signal.Signals, marked: Marked, tmp_path: Path
) -> None:
    file = tmp_path / "test_busy.py"
    file.write_text(RUN)
    command = [sys.executable, "-m", "pytest", "-p", "tests.conftest", "-p", "no:cacheprovider", "-q", str(file)]
    with subprocess.Popen(tethered(command), cwd=ROOT, env=marked.environment, stdout=subprocess.DEVNULL) as run:
        deadline = time.monotonic() + STARTED_SECONDS_MAX
        while not {"gunicorn", "java"} <= {word for line in marked.processes().values() for word in _words(line)}:
            assert run.poll() is None, "the run ended before it was busy"
            assert time.monotonic() < deadline, marked.processes()
            time.sleep(0.2)
        run.send_signal(number)
        run.wait()
    assert not marked.wait_until_gone()


def _words(line: str) -> set[str]:
    return {Path(word).name for word in line.split()}


def test_every_program_that_goes_on_is_started_through_the_tether() -> None:
    files = [path for folder in ("emulator", "testing", "tests", "tools") for path in (ROOT / folder).rglob("*.py")]
    assert len(files) > 200
    untethered = {
        path.relative_to(ROOT).as_posix()
        for path in files
        for call in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(call, ast.Call) and ast.unparse(call.func).endswith("Popen") and not _is_tethered(path, call)
    }
    assert not untethered


def _is_tethered(path: Path, call: ast.Call) -> bool:
    """Whether the command is made by `tethered`, on the spot or under a name."""
    command = call.args[0]
    if isinstance(command, ast.Name):
        return f"{command.id} = tethered(" in path.read_text(encoding="utf-8")
    return isinstance(command, ast.Call) and ast.unparse(command.func) == "tethered"

"""Cold start of one deployed function, against a process that only imports the same libraries and answers a constant.

It must not know what the function answers.
"""

from __future__ import annotations

import http.client
import os
import re
import signal
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager, suppress
from http import HTTPStatus
from pathlib import Path
from typing import IO, TYPE_CHECKING, Final

from bench.measuring import Figure, Side, at_most, in_turn, ratio
from bench.running import Bench
from emulator.errors import SetupError
from emulator.places import ROOT
from emulator.port import HOST, free_port
from emulator.token import PROJECT, unsigned_token

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

NAME = "cold_start"

_FRAMEWORK: Final = "from functions_framework._cli import _cli; _cli()"
_START_SECONDS_MAX: Final = 60.0
_POLL_SECONDS: Final = 0.002
_IMPORTS_SHOWN: Final = 12
_AUTH_EMULATOR_HOST: Final = f"{HOST}:9099"

_ABOUT: Final = (
    "From the start of the process to its first answer, both through functions-framework as in the cloud: the "
    "function `streak` from the bundle, whose answer checks a token and asks the database, and a function "
    "that imports the same libraries (google-cloud-firestore, firebase-admin with its auth, pydantic, "
    "werkzeug's routing, functions-framework) and answers a constant. The .pyc files are there in both."
)

# What the bundle's requirements name and one request needs.
LIBRARIES_ALONE: Final = """
import firebase_admin
import functions_framework
import pydantic
import werkzeug.routing
from firebase_admin import auth
from google.cloud import firestore


@functions_framework.http
def streak(request):
    return {"constant": True}
"""


def measure(bench: Bench) -> Figure:
    """Both processes in turn, each once before that is not counted: it writes the .pyc files."""
    rounds = bench.size(9, 1)
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        bundle, bare = Path(folder) / "bundle", Path(folder) / "bare"
        bench.tell("making the bundle")
        _make_bundle(bundle)
        bare.mkdir()
        (bare / "main.py").write_text(LIBRARIES_ALONE, encoding="utf-8")

        def first_answer(place: Path, label: str) -> Callable[[int], float]:
            def once(number: int) -> float:
                bench.tell(f"{label}, start {number + 1} of {rounds}")
                return _first_answer(place, _environment(bench))

            return once

        ours, constant = in_turn(
            rounds, first_answer(bundle, "the function"), first_answer(bare, "libraries alone"), unmeasured=1
        )
        bench.tell("what is imported")
        imports = _top_imports(bundle, _environment(bench))
    return Figure(
        name=NAME,
        title="Cold start",
        about=_ABOUT,
        findings=[
            ratio(
                "times as long as the libraries alone",
                Side(label="the function streak", unit="s", values=ours),
                Side(label="libraries and a constant", unit="s", values=constant),
                at_most(1.25),
            )
        ],
        details={"imports_ms": imports},
    )


def _make_bundle(place: Path) -> None:
    outer = {name: value for name, value in os.environ.items() if not name.startswith(("MAKE", "MFLAGS"))}
    command = ["make", "bundle", f"BUNDLE={place}"]
    made = subprocess.run(command, cwd=ROOT, env=outer, capture_output=True, text=True, check=False)  # noqa: S603
    if made.returncode:
        message = f"the bundle could not be made\n{made.stderr}"
        raise SetupError(message)


def _environment(bench: Bench) -> dict[str, str]:
    return {
        "PATH": os.environ.get("PATH", ""),
        "HOME": os.environ.get("HOME", ""),
        "GOOGLE_CLOUD_PROJECT": PROJECT,
        "FIRESTORE_EMULATOR_HOST": bench.firestore_host,
        "FIREBASE_AUTH_EMULATOR_HOST": _AUTH_EMULATOR_HOST,
    }


def _first_answer(place: Path, environment: Mapping[str, str]) -> float:
    """Seconds until one GET is answered well."""
    port = free_port()
    options = ["--target", "streak", "--source", str(place / "main.py"), "--host", HOST, "--port", str(port)]
    command = [sys.executable, "-c", _FRAMEWORK, *options]
    with tempfile.TemporaryFile(prefix="bench-") as log:
        begun = time.perf_counter()
        with _started(command, log, environment) as process:
            while not _is_answered(port):
                if process.poll() is not None or time.perf_counter() - begun > _START_SECONDS_MAX:
                    message = "the function did not start\n" + os.pread(log.fileno(), 4_000, 0).decode(errors="replace")
                    raise SetupError(message)
                time.sleep(_POLL_SECONDS)
            return time.perf_counter() - begun


@contextmanager
def _started(
    command: Sequence[str], log: IO[bytes], environment: Mapping[str, str]
) -> Iterator[subprocess.Popen[bytes]]:
    """Started as it is, since anything that ties it to us would be counted as a part of its start."""
    process = subprocess.Popen(  # noqa: S603 - our own command
        command, stdout=log, stderr=log, env=dict(environment), start_new_session=True
    )
    try:
        yield process
    finally:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def _is_answered(port: int) -> bool:
    connection = http.client.HTTPConnection(HOST, port, timeout=_START_SECONDS_MAX)
    try:
        connection.request("GET", "/", headers={"Authorization": f"Bearer {unsigned_token('starter')}"})
        answer = connection.getresponse()
        content = answer.read()
    except OSError:
        return False
    finally:
        connection.close()
    if answer.status != HTTPStatus.OK:
        message = f"the function answered {answer.status}: {content[:300]!r}"
        raise SetupError(message)
    return True


def _top_imports(bundle: Path, environment: Mapping[str, str]) -> list[tuple[str, float]]:
    """The modules that cost most by themselves with all they import, in milliseconds; the first lines of the tree."""
    command = [sys.executable, "-X", "importtime", "-c", "import main"]
    done = subprocess.run(  # noqa: S603 - our own command
        command, cwd=bundle, env=dict(environment), capture_output=True, text=True, check=True
    )
    found = re.findall(r"^import time:\s+\d+ \|\s+(\d+) \| ( *)(\S+)$", done.stderr, re.MULTILINE)
    # Down to the second level: what main imports, and what that imports.
    top = [(name, int(micros) / 1_000) for micros, indent, name in found if len(indent) <= _SECOND_LEVEL]
    return sorted(top, key=lambda each: -each[1])[:_IMPORTS_SHOWN]


_SECOND_LEVEL: Final = 4

"""Cold start of one deployed function, against a process that only imports the same libraries and answers a constant.

It must not know what the function answers.
"""

from __future__ import annotations

import ast
import http.client
import os
import signal
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager, suppress
from http import HTTPStatus
from pathlib import Path
from typing import IO, TYPE_CHECKING, Final

from emulator.child import tethered
from emulator.errors import SetupError
from emulator.places import ROOT
from emulator.port import HOST, free_port
from emulator.token import PROJECT, unsigned_token
from tools.bench.measuring import Figure, Side, at_most, in_turn, ratio
from tools.bench.runner import Bench

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

NAME = "cold_start"

_FRAMEWORK: Final = "from functions_framework._cli import _cli; _cli()"
_START_SECONDS_MAX: Final = 60.0
_POLL_SECONDS: Final = 0.002
_AUTH_EMULATOR_HOST: Final = f"{HOST}:9099"

_ABOUT: Final = (
    "From the start of the process to its first answer, through functions-framework as in the cloud: the function "
    "`streak` from the bundle, whose answer checks a token and asks the database, against two that answer a constant. "
    "One imports the packages by their names (google-cloud-firestore, firebase-admin with its auth, the handler of "
    "google-cloud-logging, pydantic, werkzeug's routing, functions-framework), of which pydantic then loads next to "
    "nothing. The other has every "
    "import of a library that the bundle's files have. The .pyc files are there in all of them."
)
_GOAL: Final = at_most(1.25)
_PACKAGES: Final = """
import firebase_admin
import functions_framework
import pydantic
import werkzeug.routing
from firebase_admin import auth
from google.cloud import firestore
from google.cloud.logging_v2.handlers.structured_log import StructuredLogHandler
"""
_CONSTANT: Final = """

@functions_framework.http
def streak(request):
    return {"constant": True}
"""


def measure(bench: Bench) -> Figure:
    """The three in turn, each once before that is not counted: it writes the .pyc files."""
    rounds = bench.size(9, 1)
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        bundle, packages, imports = (Path(folder) / name for name in ("bundle", "packages", "imports"))
        bench.tell("making the bundle")
        _make_bundle(bundle)
        _make_constant(packages, _PACKAGES)
        _make_constant(imports, "\n".join(_library_imports(bundle)))

        def first_answer(place: Path) -> Callable[[int], float]:
            def once(number: int) -> float:
                bench.tell(f"{place.name}, start {number + 1} of {rounds}")
                return _first_answer(place, _environment(bench))

            return once

        took = in_turn(rounds, *map(first_answer, (bundle, packages, imports)), unmeasured=1)
    labels = ("the function streak", "packages and a constant", "every import and a constant")
    ours, by_name, whole = (Side(label=label, unit="s", values=side) for label, side in zip(labels, took, strict=True))
    return Figure(
        name=NAME,
        title="Cold start",
        about=_ABOUT,
        findings=[
            ratio("times as long as the packages alone", ours, by_name, _GOAL),
            ratio("times as long as every library import alone", ours, whole, _GOAL),
        ],
    )


def _make_constant(place: Path, imports: str) -> None:
    place.mkdir()
    (place / "main.py").write_text(imports + _CONSTANT, encoding="utf-8")


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
    with tempfile.TemporaryFile(prefix="bench-") as log, _started(command, log, environment) as process:
        begun = time.perf_counter()
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
    """Tied to us first: it says so, and is then replaced by the command, whose start alone is measured."""
    tied = tethered(["sh", "-c", 'echo tied; exec "$0" "$@" >&2', *command])
    process = subprocess.Popen(  # noqa: S603 - our own command
        tied, stdout=subprocess.PIPE, stderr=log, env=dict(environment), start_new_session=True
    )
    try:
        if process.stdout is None or process.stdout.readline() != b"tied\n":
            message = f"{command[0]} could not be started"
            raise SetupError(message)
        yield process
    finally:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.communicate()


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


def _library_imports(bundle: Path) -> list[str]:
    """The import statements by which the bundle's files load libraries, each once."""
    own = {path.stem for path in bundle.iterdir()}
    found = set()
    for path in bundle.rglob("*.py"):
        # What stands in functions or under TYPE_CHECKING is not imported at the start.
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            if isinstance(node, ast.Import):
                names = [alias.name for alias in node.names]
            elif isinstance(node, ast.ImportFrom):
                names = [node.module or ""]
            else:
                continue
            if not {name.partition(".")[0] for name in names} & (own | sys.stdlib_module_names):
                found.add(ast.unparse(node))
    return sorted(found)

"""Cold start of one deployed function, against a process that only imports the same libraries and answers a constant.

It must not know what the function answers.
"""

from __future__ import annotations

import ast
import http.client
import os
import subprocess
import sys
import tempfile
import time
from http import HTTPStatus
from pathlib import Path
from typing import TYPE_CHECKING, Final

from emulator.errors import SetupError
from emulator.places import ROOT
from emulator.port import HOST, free_port
from emulator.token import PROJECT, unsigned_token
from testing.local_server import LocalServer
from tools.bench.measuring import Figure, at_most, ratio
from tools.bench.runner import Bench

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

_FRAMEWORK: Final = "from functions_framework._cli import _cli; _cli()"
# Tied to us first: it says so, and is then replaced by the command, whose start alone is measured.
_TIED: Final = ("sh", "-c", 'echo tied; exec "$0" "$@" >&2')
_START_SECONDS_MAX: Final = 60.0
_POLL_SECONDS: Final = 0.002
_LOG_TAIL_MAX: Final = 4_000

_ABOUT: Final = (
    "From the start of the process to its first answer, through functions-framework as in the cloud: the function "
    "`streak` from the bundle, whose answer checks a token and asks the database, against two that answer a constant. "
    "One imports the packages by their names (google-cloud-firestore, firebase-admin with its auth, the handler of "
    "google-cloud-logging, pydantic, werkzeug's routing, functions-framework), of which pydantic then loads next to "
    "nothing. The other has every import of a library that the bundle's files have. The .pyc files are there in all of "
    "them."
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
    environment = {
        **{name: os.environ.get(name, "") for name in ("PATH", "HOME")},
        "GOOGLE_CLOUD_PROJECT": PROJECT,
        "FIRESTORE_EMULATOR_HOST": bench.firestore_host,
        "FIREBASE_AUTH_EMULATOR_HOST": f"{HOST}:9099",
    }
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        bundle, packages, imports = (Path(folder) / name for name in ("bundle", "packages", "imports"))
        bench.tell("making the bundle")
        _make_bundle(bundle)
        for place, text in ((packages, _PACKAGES), (imports, "\n".join(_library_imports(bundle)))):
            place.mkdir()
            (place / "main.py").write_text(text + _CONSTANT, encoding="utf-8")

        def start(place: Path) -> Callable[[int], float]:
            return lambda _: _first_answer(place, environment)

        sides = {
            "the function streak": start(bundle),
            "packages and a constant": start(packages),
            "every import and a constant": start(imports),
        }
        ours, by_name, whole = bench.sides(sides, "s", rounds=bench.size(9, 1), unmeasured=1)
    return Figure(
        title="Cold start",
        about=_ABOUT,
        findings=[
            ratio("times as long as the packages alone", ours, by_name, goal=_GOAL),
            ratio("times as long as every library import alone", ours, whole, goal=_GOAL),
        ],
    )


def _make_bundle(place: Path) -> None:
    outer = {name: value for name, value in os.environ.items() if not name.startswith(("MAKE", "MFLAGS"))}
    command = ["make", "bundle", f"BUNDLE={place}"]
    made = subprocess.run(command, cwd=ROOT, env=outer, capture_output=True, text=True, check=False)  # noqa: S603
    if made.returncode:
        message = f"the bundle could not be made\n{made.stderr}"
        raise SetupError(message)


def _first_answer(place: Path, environment: Mapping[str, str]) -> float:
    """Seconds until one GET is answered well."""
    port = free_port()
    options = ["--target", "streak", "--source", str(place / "main.py"), "--host", HOST, "--port", str(port)]
    with LocalServer([*_TIED, sys.executable, "-c", _FRAMEWORK, *options], environment) as server:
        if server.process.stdout is None or server.process.stdout.readline() != "tied\n":
            message = "the function could not be started"
            raise SetupError(message)
        begun = time.perf_counter()
        while not _is_answered(port):
            if server.process.poll() is not None or time.perf_counter() - begun > _START_SECONDS_MAX:
                message = f"the function did not start\n{server.errors()[-_LOG_TAIL_MAX:]}"
                raise SetupError(message)
            time.sleep(_POLL_SECONDS)
        return time.perf_counter() - begun


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
    own = {path.stem for path in bundle.iterdir()} | sys.stdlib_module_names
    found = set()
    for path in bundle.rglob("*.py"):
        # What stands in functions or under TYPE_CHECKING is not imported at the start.
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            if isinstance(node, ast.Import | ast.ImportFrom):
                names = [node.module or ""] if isinstance(node, ast.ImportFrom) else [one.name for one in node.names]
                if not {name.partition(".")[0] for name in names} & own:
                    found.add(ast.unparse(node))
    return sorted(found)

"""The judges' tools, of pinned versions, in a folder that is made once for each set of versions.

It must not know what they are used for.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import shutil
import subprocess
import sys
import tomllib
import venv
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from emulator.errors import NoJavaError
from emulator.firestore import JAVA_OPTIONS
from emulator.java import find_java
from emulator.places import ROOT

if TYPE_CHECKING:
    from collections.abc import Callable

HERE: Final = Path(__file__).resolve().parent
PINS: Final = HERE / "judges.toml"
_NPM: Final = ("package.json", "package-lock.json")
TOOLS: Final = ROOT / ".cache" / "judges"
_SECONDS_MAX: Final = 600
# What openapi-generator needs.
_JAVA_MIN: Final = 11


class ToolMissingError(Exception):
    """A tool can't be had here; the message says which, in one line."""


@dataclass(frozen=True, kw_only=True)
class Ran:
    """How a program ended, and what it said."""

    status: int
    said: str


@dataclass(frozen=True, kw_only=True)
class Toolbox:
    """Where the tools are."""

    folder: Path
    java: Path

    def node(self, tool: str, *arguments: str, at: Path) -> Ran:
        """Runs a tool that npm brought."""
        return run(str(self.folder / "node_modules" / ".bin" / tool), *arguments, at=at)

    def python(self, *arguments: str, at: Path) -> Ran:
        """Runs the Python that has the tools from PyPI."""
        return run(str(self.folder / "venv" / "bin" / "python"), *arguments, at=at)

    def generator(self, *arguments: str, at: Path) -> Ran:
        """Runs openapi-generator."""
        jar = next(self.folder.glob("venv/lib/python*/site-packages/openapi_generator_cli/openapi-generator.jar"))
        return run(str(self.java), *JAVA_OPTIONS, "-jar", str(jar), *arguments, at=at)


def pins() -> dict[str, Any]:
    """What judges.toml says."""
    return tomllib.loads(PINS.read_text(encoding="utf-8"))


def toolbox() -> Toolbox:
    """The tools, brought here if they are not. Raises `ToolMissingError`."""
    try:
        java = find_java(_JAVA_MIN)
    except NoJavaError as error:
        message = f"there is no Java of {_JAVA_MIN} or later here"
        raise ToolMissingError(message) from error
    for program in ("node", "npm"):
        if shutil.which(program, path=programs()) is None:
            message = f"{program} is missing here"
            raise ToolMissingError(message)
    wanted = pins()["pypi"]
    texts = [(HERE / name).read_text(encoding="utf-8") for name in _NPM]
    named = hashlib.sha256(json.dumps([*texts, wanted, sys.version]).encode()).hexdigest()[:16]
    folder = Path(os.environ.get("JUDGES_FOLDER") or TOOLS) / named
    made_once(folder, lambda: _bring(Toolbox(folder=folder, java=java), wanted))
    return Toolbox(folder=folder, java=java)


def programs() -> str:
    """Where programs are looked for: in the PATH, then beside this Python, where `make judges` brings Node."""
    return os.pathsep.join([os.environ["PATH"], str(Path(sys.executable).parent)])


def made_once(folder: Path, fill: Callable[[], None]) -> None:
    """Make a folder unless it is whole; of several who want it at once, one makes it and the others wait."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    with (folder.parent / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (folder / "made").exists():
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir()
            fill()
            (folder / "made").touch()


def _bring(box: Toolbox, wanted: dict[str, str]) -> None:
    print("bringing the judges, 300 MB from npm and PyPI: a minute or two", file=sys.stderr)
    # Each waits for its network most of the time.
    with ThreadPoolExecutor(2) as pool:
        for brought in (pool.submit(_bring_npm, box), pool.submit(_bring_pypi, box, wanted)):
            brought.result()


def _bring_npm(box: Toolbox) -> None:
    for name in _NPM:
        shutil.copy(HERE / name, box.folder)
    # No script of a package is run: none of them needs one.
    _brought("npm", run("npm", "ci", "--no-audit", "--no-fund", "--ignore-scripts", at=box.folder))


def _bring_pypi(box: Toolbox, wanted: dict[str, str]) -> None:
    venv.create(box.folder / "venv", with_pip=True)
    versions = [f"{name}=={version}" for name, version in wanted.items()]
    _brought("pip", box.python("-m", "pip", "install", "--quiet", "--no-deps", *versions, at=box.folder))
    _brought("pip", box.python("-m", "pip", "check", at=box.folder))


def _brought(what: str, ran: Ran) -> None:
    if ran.status:
        last = (ran.said.strip().splitlines() or ["it said nothing"])[-1]
        message = f"{what} could not bring the judges: {last}"
        raise ToolMissingError(message)


def run(*command: str, at: Path) -> Ran:
    """Runs a program in a folder, in plain text and without asking anything."""
    path = programs()
    quiet = {"NO_COLOR": "1", "CI": "1", "REDOCLY_TELEMETRY": "off", "REDOCLY_SUPPRESS_UPDATE_NOTICE": "true"}
    done = subprocess.run(  # noqa: S603 - the tools that are pinned here
        (shutil.which(command[0], path=path) or command[0], *command[1:]),
        cwd=at,
        env=os.environ | quiet | {"PATH": path},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        timeout=_SECONDS_MAX,
        check=False,
    )
    return Ran(status=done.returncode, said=done.stdout)

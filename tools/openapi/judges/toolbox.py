"""The judges' tools, of pinned versions, in a folder that is made once for each set of versions.

It must not know what they are used for.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
import tomllib
import venv
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from emulator.places import ROOT

HERE: Final = Path(__file__).resolve().parent
PINS: Final = HERE / "judges.toml"
TOOLS: Final = ROOT / ".cache" / "judges"
_SECONDS_MAX: Final = 600


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

    def node(self, tool: str, *arguments: str, at: Path) -> Ran:
        """Runs a tool that npm brought."""
        return run(str(self.folder / "node_modules" / ".bin" / tool), *arguments, at=at)

    def python(self, *arguments: str, at: Path) -> Ran:
        """Runs the Python that has the tools from PyPI."""
        return run(str(self.folder / "venv" / "bin" / "python"), *arguments, at=at)

    @property
    def generator_jar(self) -> Path:
        """The JAR of openapi-generator."""
        return next(self.folder.glob("venv/lib/python*/site-packages/openapi_generator_cli/openapi-generator.jar"))


def pins() -> dict[str, Any]:
    """What judges.toml says."""
    return tomllib.loads(PINS.read_text(encoding="utf-8"))


def toolbox() -> Toolbox:
    """The tools, brought here if they are not. Raises `ToolMissingError`."""
    for program in ("node", "npm", "java"):
        if shutil.which(program) is None:
            message = f"{program} is missing here"
            raise ToolMissingError(message)
    wanted = pins()
    named = hashlib.sha256(json.dumps([wanted["npm"], wanted["pypi"], sys.version]).encode()).hexdigest()[:16]
    folder = Path(os.environ.get("JUDGES_FOLDER") or TOOLS) / named
    if not (folder / "made").exists():
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        _bring(folder, wanted)
        (folder / "made").touch()
    return Toolbox(folder=folder)


def _bring(folder: Path, wanted: dict[str, Any]) -> None:
    print("bringing the judges, 200 MB from npm and PyPI: a minute or two", file=sys.stderr)
    (folder / "package.json").write_text(json.dumps({"private": True, "dependencies": wanted["npm"]}), encoding="utf-8")
    # No script of a package is run: none of them needs one.
    _brought("npm", run("npm", "install", "--no-audit", "--no-fund", "--ignore-scripts", at=folder))
    venv.create(folder / "venv", with_pip=True)
    box = Toolbox(folder=folder)
    packages = [f"{name}=={version}" for name, version in wanted["pypi"].items()]
    _brought("pip", box.python("-m", "pip", "install", "--quiet", *packages, at=folder))


def _brought(what: str, ran: Ran) -> None:
    if ran.status:
        last = (ran.said.strip().splitlines() or ["it said nothing"])[-1]
        message = f"{what} could not bring the judges: {last}"
        raise ToolMissingError(message)


def run(*command: str, at: Path) -> Ran:
    """Runs a program in a folder, in plain text and without asking anything."""
    quiet = {"NO_COLOR": "1", "CI": "1", "REDOCLY_TELEMETRY": "off", "REDOCLY_SUPPRESS_UPDATE_NOTICE": "true"}
    done = subprocess.run(  # noqa: S603 - the tools that judges.toml pins
        command,
        cwd=at,
        env=os.environ | quiet,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        timeout=_SECONDS_MAX,
        check=False,
    )
    return Ran(status=done.returncode, said=done.stdout)

"""Google's command line as a tool: whether it is here and logged in, and what it answers. Must not know what for."""

from __future__ import annotations

import shutil
import subprocess
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from tools.deploy.action import gcloud
from tools.deploy.errors import DeploymentStopped

if TYPE_CHECKING:
    from pathlib import Path

    from tools.deploy.action import Words

HOW_TO_GET: Final = (
    "gcloud is not on the PATH: install the Google Cloud CLI (https://cloud.google.com/sdk/docs/install), "
    "or add DRY_RUN=1 to see the commands only"
)
HOW_TO_LOG_IN: Final = "gcloud is not logged in: run `gcloud auth login` and `gcloud auth application-default login`"

ACTIVE_COMMAND: Final = gcloud("auth list", filter="status:ACTIVE", format="value(account)")


@dataclass(frozen=True, kw_only=True)
class Answer:
    """How a command ended, and what it said."""

    status: int
    out: str
    errors: str


def ask(command: Words) -> Answer:
    """Run a command that is asked for its answer; its output is not shown."""
    done = subprocess.run(  # noqa: S603  (a planned command: a list of words, without a shell)
        command, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False
    )
    return Answer(status=done.returncode, out=done.stdout, errors=done.stderr)


def do(command: Words) -> int:
    """Run a command that shows what it does; answers its status."""
    return subprocess.run(command, stdin=subprocess.DEVNULL, check=False).returncode  # noqa: S603  (as above)


def require_gcloud() -> None:
    """Raise `DeploymentStopped` unless gcloud is here and somebody is logged in."""
    if shutil.which("gcloud") is None:
        raise DeploymentStopped(HOW_TO_GET)
    active = ask(ACTIVE_COMMAND)
    if active.status != 0 or not active.out.strip():
        raise DeploymentStopped(HOW_TO_LOG_IN)


def commit_of(folder: Path) -> str:
    """The commit of a folder, with a word where files differ from it; empty where it is no checkout of its own."""
    if not (folder / ".git").exists() or shutil.which("git") is None:
        return ""
    named = ask(("git", "-C", str(folder), "describe", "--always", "--dirty", "--exclude=*", "--abbrev=40"))
    return named.out.strip() if named.status == 0 else ""


def number_command(project: str) -> Words:
    """What asks for a project's number."""
    return gcloud("projects describe", project, format="value(projectNumber)")


def number_of(project: str) -> str:
    """The number of a project. Raises `DeploymentStopped`."""
    require_gcloud()
    answer = ask(number_command(project))
    if answer.status != 0 or not answer.out.strip().isdecimal():
        message = f"the number of the project {project} can't be read:\n{answer.errors.strip() or answer.out.strip()}"
        raise DeploymentStopped(message)
    return answer.out.strip()

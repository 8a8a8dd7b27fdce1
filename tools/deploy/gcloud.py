"""Google's command line as a tool: whether it is here and logged in, and what it answers. Must not know what for."""

from __future__ import annotations

import shutil
import subprocess
from typing import TYPE_CHECKING, Final

from tools.deploy.action import gcloud, said
from tools.deploy.errors import DeploymentStopped

if TYPE_CHECKING:
    from pathlib import Path

    from tools.deploy.action import Words

HOW_TO_GET: Final = (
    "gcloud is not on the PATH: install the Google Cloud CLI (https://cloud.google.com/sdk/docs/install)"
)
HOW_TO_LOG_IN: Final = "gcloud is not logged in: run `gcloud auth login` and `gcloud auth application-default login`"
# What is said besides, of a command that takes DRY_RUN.
DRY_RUN_ASKS_NOTHING: Final = ", or add DRY_RUN=1 to see the commands only"
DRY_RUN_ASKS: Final = "; DRY_RUN=1 needs it, too: it compares with what is there"

ACTIVE_COMMAND: Final = gcloud("auth list", filter="status:ACTIVE", format="value(account)")


def do(command: Words) -> int:
    """Run a command that shows what it does; answers its status."""
    return subprocess.run(command, stdin=subprocess.DEVNULL, check=False).returncode  # noqa: S603  (planned words, no shell)


def ask(command: Words) -> str:
    """What a command says. Raises `DeploymentStopped` where it fails."""
    done = subprocess.run(  # noqa: S603  (as above)
        command, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False
    )
    if done.returncode:
        message = f"{done.stderr.strip()}\n  {said(command)}\nended with status {done.returncode}; nothing was changed"
        raise DeploymentStopped(message)
    return done.stdout.strip()


def require_gcloud(besides: str = "") -> None:
    """Raise `DeploymentStopped`, and say something besides, unless gcloud is here and somebody is logged in."""
    if shutil.which("gcloud") is None:
        raise DeploymentStopped(HOW_TO_GET + besides)
    try:
        account = ask(ACTIVE_COMMAND)
    except DeploymentStopped as error:
        raise DeploymentStopped(HOW_TO_LOG_IN + besides) from error
    if not account:
        raise DeploymentStopped(HOW_TO_LOG_IN + besides)


def commit_of(folder: Path) -> str:
    """The commit of a folder, with a word where files differ from it; empty where it is no checkout of its own."""
    if not (folder / ".git").exists() or shutil.which("git") is None:
        return ""
    try:
        return ask(("git", "-C", str(folder), "describe", "--always", "--dirty", "--exclude=*", "--abbrev=40"))
    except DeploymentStopped:
        return ""


def number_command(project: str) -> Words:
    """What asks for a project's number."""
    return gcloud("projects describe", project, format="value(projectNumber)")


def number_of(project: str, besides: str = "") -> str:
    """The number of a project. Raises `DeploymentStopped`, and says something besides."""
    require_gcloud(besides)
    number = ask(number_command(project))
    if not number.isdecimal():
        message = f"the project {project} has the number {number!r}, which is none"
        raise DeploymentStopped(message)
    return number

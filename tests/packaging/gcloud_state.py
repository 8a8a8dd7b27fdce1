"""What the stand-in of gcloud keeps of a project, and how it refuses. Must not know any command."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

State = dict[str, Any]
# Each by its name and value; a name may come several times.
Flags = list[tuple[str, str]]
# Takes the project, what the command is about, and its flags; answers what is printed. Raises `Refused`.
Command = Callable[[State, str, Flags], str]


class Refused(Exception):
    """What Google's answer would be."""


def empty() -> State:
    return {"things": {}, "bindings": [], "indexes": [], "exempt": [], "apis": [], "services": {}, "calls": 0}


def require_account(state: State, email: str) -> None:
    if f"account {email}" not in state["things"]:
        message = f"NOT_FOUND: Service account {email} does not exist"
        raise Refused(message)

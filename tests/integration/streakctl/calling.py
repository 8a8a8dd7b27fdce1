"""Gives `streakctl` commands as an operator does, and reads what machines read. Must not know what is looked for."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from typer.testing import CliRunner

from tools.streakctl.app import app

if TYPE_CHECKING:
    from typer.testing import Result


def call(project: str, *words: str, said: str | None = None) -> Result:
    """What becomes of a command; `said` is typed when it asks."""
    return CliRunner().invoke(app, [*words, "--project", project], input=said, env={"COLUMNS": "200"})


def lines(result: Result) -> list[dict[str, Any]]:
    """Lines of JSON on standard output."""
    return [json.loads(line) for line in result.stdout.splitlines()]

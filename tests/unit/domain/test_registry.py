"""Every command is whole: module, route, block of the contract, scenario, steps of the model and of requests, page.

A command that lacks one of them fails here, by name.
"""

from __future__ import annotations

import ast
import re
from functools import cache
from pathlib import Path
from typing import Any, Final

import pytest

from emulator.places import ROOT
from streak_core.domain.commands import COMMANDS, CONTENTS, Command
from streak_core.domain.commands.base import BaseCommand, BaseContent, CommandForAReason
from streak_core.domain.entries import EntryKind
from testing import contract
from testing.reference.accepting import COMMANDS as KNOWN_TO_THE_MODEL
from testing.scenario_commands import COMMAND_STEPS
from testing.scenario_requests import REQUESTS
from testing.scenarios import FILES, TABLES
from testing.steps import CommandStep, JobStep, QueryStep
from tests.support.imports import parsed

# Where commands are made and have their routes: a user's own, and those that operators have besides.
ROUTED: Final = ("streak.py", "recording.py", "notices.py", "challenges.py", "leaderboards.py", "operators/giving.py")
FUNCTIONS: Final = sorted((ROOT / "functions").rglob("*.py"))
COMMAND_MODULES: Final = ROOT / "streak_core" / "domain" / "commands"
SAMPLES: Final[dict[str, dict[str, Any]]] = {
    "record": {"activity_id": "a", "activity_type": "check_in"},
    "undo": {"activity_id": "a"},
    "redo": {"activity_id": "a"},
    "plan_freeze": {"date": "2026-03-03"},
    "unplan_freeze": {"date": "2026-03-03"},
    "pause": {"from": "2026-03-03", "until": "2026-03-04"},
    "add_pause": {"from": "2026-03-03", "until": "2026-03-04"},
    "end_pause": {"pause_id": "pause-1"},
    "set_time_zone": {"time_zone": "Asia/Tokyo"},
    "set_rest_weekdays": {"weekdays": ["sunday"]},
    "set_auto_freeze": {"on": False},
    "grant_freezes": {"count": 1},
    "excuse_days": {"from": "2026-03-03", "until": "2026-03-04"},
    "restore": {"day": "2026-03-03"},
    "grant_xp": {"amount": 1},
    "join_challenge": {"challenge": "march"},
    "leave_challenge": {"challenge": "march"},
    "join_leaderboard": {"name": "Ada"},
    "open": {"time_zone": "UTC", "current_streak": 0, "longest_streak": 0},
}
commands: Final = pytest.mark.parametrize("command", COMMANDS, ids=lambda one: one.name)


def steps_of(command: type[Command]) -> set[str]:
    """The names of the steps that give a command."""
    made = {name: make({"do": name, **SAMPLES.get(name, {})}) for name, make in COMMAND_STEPS.items()}
    return {name for name, one in made.items() if isinstance(one, command)}


def operations(command: type[Command]) -> list[tuple[str, str]]:
    """The methods and paths that the contract has for a command."""
    return [
        (method, path)
        for path, methods in contract.DOCUMENT["paths"].items()
        for method, one in methods.items()
        if isinstance(one, dict) and one.get("x-command") == command.name
    ]


@commands
def test_a_command_has_a_name_of_its_own_and_a_module_that_makes_its_kind_of_entry(command: type[Command]) -> None:
    assert [one.name for one in COMMANDS].count(command.name) == 1
    assert command.kind in {content.kind for content in CONTENTS}
    assert Path(COMMAND_MODULES / f"{command.__module__.rpartition('.')[2]}.py").exists()


def test_every_kind_of_entry_has_one_content_and_every_class_is_registered() -> None:
    assert sorted(content.kind for content in CONTENTS) == sorted(EntryKind)
    bases = {BaseCommand.__name__, BaseContent.__name__, CommandForAReason.__name__}
    defined = {
        node.name
        for path in COMMAND_MODULES.glob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.ClassDef) and {ast.unparse(base) for base in node.bases} & bases
    }
    assert defined - bases == {one.__name__ for one in (*COMMANDS, *CONTENTS)}


@commands
def test_a_command_has_a_route_that_gives_it(command: type[Command]) -> None:
    makers = {name for path in FUNCTIONS for name in routed() & makers_of(path, command.__name__)}
    assert makers, f"no routed handler of functions/ makes a {command.__name__}"


@cache
def routed() -> frozenset[str]:
    """The handlers that a route names."""
    return frozenset(
        ast.unparse(keyword.value).removeprefix("for_user(").removesuffix(")")
        for path in FUNCTIONS
        for node in ast.walk(parsed(path))
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "Route"
        for keyword in node.keywords
        if keyword.arg == "handler"
    )


def makers_of(path: Path, command: str) -> set[str]:
    """The functions and methods of a module that make a command, themselves or through others of the module."""
    functions, found = calls_by_function(path), set[str]()
    for _ in functions:
        found |= {name for name, called in functions if called & {command, *found}}
    return found


@cache
def calls_by_function(path: Path) -> list[tuple[str, set[str]]]:
    """The functions and methods of a module, each with what it calls."""
    return [(node.name, called_in(node)) for node in ast.walk(parsed(path)) if isinstance(node, ast.FunctionDef)]


def called_in(function: ast.FunctionDef) -> set[str]:
    """What a function calls, or hands to somebody who does: the last parts of the names."""
    calls = [node for node in ast.walk(function) if isinstance(node, ast.Call)]
    return {ast.unparse(one).rpartition(".")[2] for call in calls for one in (call.func, *call.args)}


@commands
def test_a_command_is_in_the_contract_and_on_the_page_of_commands(command: type[Command]) -> None:
    found = operations(command)
    assert found, f"openapi.yaml: no operation has x-command: {command.name}"
    page = (ROOT / "docs" / "development" / "commands.md").read_text(encoding="utf-8")
    rows = [line for line in page.splitlines() if line.startswith(f"| `{command.name}` |")]
    assert len(rows) == 1, f"docs/development/commands.md has {len(rows)} rows for {command.name}"
    told = re.findall(r"`([A-Z]+) (/[^`]*)`", rows[0])
    assert sorted(told) == sorted((method.upper(), path) for method, path in found)
    assert f"`{command.__module__.rpartition('.')[2]}.py`" in rows[0]


@commands
def test_a_command_is_played_in_a_scenario_by_the_model_and_over_http(command: type[Command]) -> None:
    steps = steps_of(command)
    assert steps, f"testing/scenario_commands.py has no step for {command.__name__}"
    played = {step["do"] for table in TABLES.values() for step in table["steps"]}
    assert steps <= REQUESTS.keys()
    assert steps & played, f"no table of tests/scenarios plays {command.name}"
    # It is known to the model: what it answers is for other tests.
    assert steps <= KNOWN_TO_THE_MODEL.keys()


def test_every_kind_of_step_is_a_command_or_a_question_and_a_request() -> None:
    assert set(COMMAND_STEPS) == set(CommandStep)
    assert set(REQUESTS) == {*CommandStep, *QueryStep, *JobStep}


def test_a_scenario_has_the_name_of_its_file_which_no_other_folder_has() -> None:
    assert [table["name"] for table in TABLES.values()] == list(TABLES)
    assert len(TABLES) == len(FILES)

"""Every command is whole: module, route, block of the contract, scenario, steps of the model and of requests, page.

A command that lacks one of them fails here, by name.
"""

from __future__ import annotations

import ast
import json
from pathlib import Path
from typing import Any, Final

import pytest
import yaml

from emulator.places import ROOT
from streak_core.domain.commands import COMMANDS, CONTENTS, Command
from streak_core.domain.commands.base import BaseCommand, BaseContent
from streak_core.domain.entries import EntryKind
from testing.model import ModelUser
from testing.scenario_commands import COMMAND_STEPS
from testing.scenario_requests import REQUESTS
from testing.scenarios import TABLES
from testing.steps import CommandStep, JobStep, QueryStep

COMMAND_MODULES: Final = ROOT / "streak_core" / "domain" / "commands"
SAMPLES: Final[dict[str, dict[str, Any]]] = {
    "record": {"activity_id": "a", "activity_type": "check_in"},
    "undo": {"activity_id": "a"},
    "plan_freeze": {"date": "2026-03-03"},
    "unplan_freeze": {"date": "2026-03-03"},
    "pause": {"from": "2026-03-03", "until": "2026-03-04"},
    "set_time_zone": {"time_zone": "Asia/Tokyo"},
    "set_rest_weekdays": {"weekdays": ["sunday"]},
    "set_auto_freeze": {"on": False},
}
commands: Final = pytest.mark.parametrize("command", COMMANDS, ids=lambda one: one.name)


def steps_of(command: type[Command]) -> set[str]:
    """The names of the steps that give a command."""
    made = {name: make({"do": name, **SAMPLES.get(name, {})}) for name, make in COMMAND_STEPS.items()}
    return {name for name, one in made.items() if isinstance(one, command)}


def operation(command: type[Command]) -> tuple[str, str]:
    """The method and path that the contract has for a command."""
    paths = yaml.safe_load((ROOT / "openapi.yaml").read_text(encoding="utf-8"))["paths"]
    found = [
        (method, path)
        for path, methods in paths.items()
        for method, one in methods.items()
        if isinstance(one, dict) and one.get("x-command") == command.name
    ]
    assert len(found) == 1, f"openapi.yaml: {len(found)} operations have x-command: {command.name}"
    return found[0]


@commands
def test_a_command_has_a_name_of_its_own_and_a_module_that_makes_its_kind_of_entry(command: type[Command]) -> None:
    assert [one.name for one in COMMANDS].count(command.name) == 1
    assert command.kind in {content.kind for content in CONTENTS}
    assert Path(COMMAND_MODULES / f"{command.__module__.rpartition('.')[2]}.py").exists()


def test_every_kind_of_entry_has_one_content_and_every_class_is_registered() -> None:
    assert sorted(content.kind for content in CONTENTS) == sorted(EntryKind)
    defined = {
        node.name
        for path in COMMAND_MODULES.glob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.ClassDef)
        and {ast.unparse(base) for base in node.bases} & {BaseCommand.__name__, BaseContent.__name__}
    }
    assert defined == {one.__name__ for one in (*COMMANDS, *CONTENTS)}


@commands
def test_a_command_has_a_route_that_gives_it(command: type[Command]) -> None:
    tree = ast.parse((ROOT / "functions" / "streak.py").read_text(encoding="utf-8"))
    handlers = {
        handler.name
        for handler in tree.body
        if isinstance(handler, ast.FunctionDef)
        and any(isinstance(node, ast.Call) and ast.unparse(node.func) == command.__name__ for node in ast.walk(handler))
    }
    routed = {
        ast.unparse(keyword.value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "Route"
        for keyword in node.keywords
        if keyword.arg == "handler"
    }
    assert handlers & routed, f"no routed handler of functions/streak.py makes a {command.__name__}"


@commands
def test_a_command_is_in_the_contract_and_on_the_page_of_commands(command: type[Command]) -> None:
    method, path = operation(command)
    page = (ROOT / "docs" / "development" / "commands.md").read_text(encoding="utf-8")
    rows = [line for line in page.splitlines() if line.startswith(f"| `{command.name}` |")]
    assert len(rows) == 1, f"docs/development/commands.md has {len(rows)} rows for {command.name}"
    assert f"`{method.upper()} {path}`" in rows[0]
    assert f"`{command.__module__.rpartition('.')[2]}.py`" in rows[0]


@commands
def test_a_command_is_played_in_a_scenario_by_the_model_and_over_http(command: type[Command]) -> None:
    steps = steps_of(command)
    assert steps, f"testing/scenario_commands.py has no step for {command.__name__}"
    played = {step["do"] for table in TABLES.values() for step in table["steps"]}
    assert steps <= REQUESTS.keys()
    assert steps & played, f"no table of tests/scenarios plays {command.name}"
    for name in steps:
        # It is known to the model: what it answers is for other tests.
        ModelUser().step({"at": "2026-03-02T09:00:00Z", "do": "record", **SAMPLES["record"]})
        assert f'"{name}"' in (ROOT / "testing" / "model.py").read_text(encoding="utf-8")


def test_every_kind_of_step_is_a_command_or_a_question_and_a_request() -> None:
    assert set(COMMAND_STEPS) == set(CommandStep)
    assert set(REQUESTS) == {*CommandStep, *QueryStep, *JobStep}


def test_a_scenario_has_the_name_of_its_file() -> None:
    for name, table in TABLES.items():
        assert json.loads(json.dumps(table))["name"] == name

"""The rooms of the house: imports go down only, nothing looks at tests, and no package is in a circle with another."""

from __future__ import annotations

import ast
from graphlib import TopologicalSorter
from typing import TYPE_CHECKING, Final

import pytest

from emulator.places import ROOT
from tests.support.imports import imported, named, parsed

if TYPE_CHECKING:
    from pathlib import Path

OURS: Final = ("functions", "streak_core", "emulator", "tools", "testing", "tests")
# What each room may look at, besides itself.
MAY_SEE: Final[dict[str, set[str]]] = {
    "streak_core": set(),
    "functions": {"streak_core"},
    "emulator": {"functions", "streak_core"},
    "testing": {"emulator", "functions", "streak_core"},
    "tools": {"testing", "emulator", "functions", "streak_core"},
    "tests": {"tools", "testing", "emulator", "functions", "streak_core"},
}
# Within the core: services see everything, the store only the domain and telemetry, the domain nothing.
LAYERS: Final[dict[str, set[str]]] = {
    "streak_core/domain": set(),
    "streak_core/telemetry": {"streak_core.domain"},
    # What an app may have in a file of its own is judged by who reads it.
    "streak_core/config": {
        *("streak_core.domain", "streak_core.telemetry"),
        *("streak_core.records.kinds", "streak_core.notice_texts"),
    },
    "streak_core/sharing": {"streak_core.domain"},
    "streak_core/store": {"streak_core.domain", "streak_core.telemetry"},
    "streak_core/boards": {
        *("streak_core.domain", "streak_core.telemetry", "streak_core.store", "streak_core.retry", "streak_core.known"),
    },
    "streak_core/friends": {
        *("streak_core.domain", "streak_core.telemetry", "streak_core.store", "streak_core.records"),
    },
    "streak_core/records": {"streak_core.domain", "streak_core.telemetry", "streak_core.store", "streak_core.retry"},
}
MODULES: Final = sorted(path for room in OURS for path in (ROOT / room).rglob("*.py"))


def imports(path: Path) -> frozenset[str]:
    """Every module of ours that a file imports, also for types only."""
    return frozenset(name for name in imported(path) if name.partition(".")[0] in OURS)


@pytest.mark.parametrize("room", OURS)
def test_a_room_looks_at_those_below_it_alone(room: str) -> None:
    allowed = MAY_SEE[room] | {room}
    upward = {
        f"{path.relative_to(ROOT)} imports {name}"
        for path in MODULES
        if path.is_relative_to(ROOT / room)
        for name in imports(path)
        if name.partition(".")[0] not in allowed
    }
    assert not upward


@pytest.mark.parametrize("layer", LAYERS)
def test_a_layer_of_the_core_looks_down_alone(layer: str) -> None:
    own = layer.replace("/", ".")
    upward = {
        f"{path.relative_to(ROOT)} imports {name}"
        for path in (ROOT / layer).rglob("*.py")
        for name in imports(path)
        if name != "streak_core" and not any(f"{name}.".startswith(f"{seen}.") for seen in LAYERS[layer] | {own})
    }
    assert not upward


def test_the_page_of_the_rooms_has_a_row_for_every_folder_and_no_other() -> None:
    page = (ROOT / "docs" / "development" / "rooms.md").read_text(encoding="utf-8")
    rows = [line.split("|")[1].strip().strip("`") for line in page.splitlines() if line.startswith("| `")]
    folders = {f"{path.parent.relative_to(ROOT).as_posix()}/" for path in MODULES}
    assert {row for row in rows if row.endswith("/")} == {one for one in folders if not one.startswith("tests/")} | {
        f"{room}/" for room in OURS
    }


def test_the_page_of_the_rooms_names_every_module_of_the_functions_and_every_service() -> None:
    page = (ROOT / "docs" / "development" / "rooms.md").read_text(encoding="utf-8")
    for folder in ("functions", "functions/users", "functions/operators", "functions/http", "streak_core"):
        modules = {path.stem for path in (ROOT / folder).glob("*.py")} - {"__init__"}
        assert {one for one in modules if f"`{one}`" not in page and f"`{one}.py`" not in page} == set()


def test_the_model_shares_nothing_with_what_it_judges() -> None:
    shared = {
        f"{path.relative_to(ROOT)} imports {name}"
        for path in (ROOT / "testing" / "reference").glob("*.py")
        for name in imports(path)
        if name != "testing.reference" and not name.startswith("testing.reference.")
    }
    assert not shared


def test_no_test_looks_into_another_one() -> None:
    """What tests share is in tests/support, in testing, or in a module of their folder that is no test."""
    into_tests = {
        f"{path.relative_to(ROOT)} imports {name}"
        for path in MODULES
        for name in imports(path)
        if any(part.startswith("test_") or part == "conftest" for part in name.split(".")[:-1])
    }
    assert not into_tests


def test_no_modules_are_in_a_circle() -> None:
    names = {
        str(path.relative_to(ROOT)).removesuffix(".py").removesuffix("/__init__").replace("/", ".") for path in MODULES
    }
    graph = {}
    for path in MODULES:
        name = str(path.relative_to(ROOT)).removesuffix(".py").removesuffix("/__init__").replace("/", ".")
        graph[name] = (imports_when_loaded(path) & names) - {name}
    assert list(TopologicalSorter(graph).static_order())


def imports_when_loaded(path: Path) -> set[str]:
    """What a file imports while it is loaded: neither for types only nor inside a function."""
    found: set[str] = set()
    pending: list[ast.AST] = [parsed(path)]
    while pending:
        node = pending.pop()
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            continue
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.dump(node.test):
            continue
        found |= named(node)
        pending += ast.iter_child_nodes(node)
    return found

"""The pure modules import nothing that performs I/O, no framework and no clock."""

from __future__ import annotations

import ast
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Final

import pytest

ROOT: Final = Path(__file__).parents[2]
PURE: Final = sorted(
    path
    for pattern in tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["coverage"]["report"]["include"]
    for path in ROOT.glob(pattern)
)
FORBIDDEN: Final = {"google", "grpc", "flask", "werkzeug", "functions_framework", "firebase_admin", "functions"}
FORBIDDEN_IO: Final = {"os", "io", "pathlib", "time", "random", "uuid", "socket", "logging", "threading", "subprocess"}
LOADED: Final = ("google.cloud.firestore", "google.api_core", "grpc", "flask", "functions_framework", "firebase_admin")
CLOCKS: Final = {"now", "today", "utcnow", "monotonic", "perf_counter"}


def imported(path: Path) -> set[str]:
    """Every module that a file imports, also for types only."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        if isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module)
    return found


@pytest.mark.parametrize("path", PURE, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_pure_module_imports_only_pure_modules(path: Path) -> None:
    names = imported(path)
    assert not {name.partition(".")[0] for name in names} & (FORBIDDEN | FORBIDDEN_IO)
    inside = {name.replace(".", "/") for name in names if name.startswith("streak_core")} - {"streak_core"}
    known = {str(pure.relative_to(ROOT)).removesuffix(".py").removesuffix("/__init__") for pure in PURE}
    assert inside <= known | {"streak_core/errors"}


@pytest.mark.parametrize("path", PURE, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_pure_module_reads_no_clock(path: Path) -> None:
    called = {
        node.func.attr
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
    }
    assert not called & CLOCKS


def test_every_pure_module_is_among_those_held_to_it() -> None:
    names = {path.relative_to(ROOT / "streak_core").as_posix() for path in PURE}
    impure = {
        "service.py",
        "questions.py",
        "config.py",
        "config_identity.py",
        "config_maintenance.py",
        "config_telemetry.py",
        "attempts.py",
        "counts.py",
        "errors.py",
        "health.py",
        "__init__.py",
    }
    found = {path.relative_to(ROOT / "streak_core").as_posix() for path in (ROOT / "streak_core").rglob("*.py")}
    elsewhere = ("store/", "maintenance/", "telemetry/", "cli/")
    assert {name for name in found if not name.startswith(elsewhere)} == names | impure


def test_importing_the_pure_part_loads_no_framework_and_no_database() -> None:
    modules = [str(path.relative_to(ROOT)).removesuffix(".py").replace("/", ".") for path in PURE]
    script = f"import sys\nfor m in {modules!r}: __import__(m)\nprint([m for m in {LOADED!r} if m in sys.modules])"
    shown = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True)
    assert shown.stdout.strip() == "[]"

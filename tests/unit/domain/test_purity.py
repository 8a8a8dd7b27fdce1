"""The domain decides and nothing else: no I/O, no framework, no clock, and nothing of its callers."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path
from typing import Final

import pytest

from emulator.places import ROOT
from tests.support.imports import imported, parsed

DOMAIN: Final = sorted((ROOT / "streak_core" / "domain").rglob("*.py"))
# Everything pure; the responses are made of views alone.
RESPONSES: Final = ("responses", "leaderboard_response", "notices_response", "notice_texts", "response_types")
PURE: Final = [*DOMAIN, *(ROOT / "streak_core" / f"{name}.py" for name in RESPONSES)]
IO: Final = {"os", "io", "pathlib", "time", "random", "uuid", "socket", "logging", "threading", "subprocess", "asyncio"}
ALLOWED: Final = (sys.stdlib_module_names - IO) | {"pydantic", "__future__"}
LOADED: Final = ("google.cloud.firestore", "google.api_core", "grpc", "flask", "functions_framework", "firebase_admin")
CLOCKS: Final = {"now", "today", "utcnow", "monotonic", "perf_counter"}


@pytest.mark.parametrize("path", PURE, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_pure_module_imports_the_domain_and_the_standard_library_alone(path: Path) -> None:
    strange = {
        name
        for name in imported(path)
        if name.partition(".")[0] not in ALLOWED
        and not f"{name}.".startswith(("streak_core.domain.", *(f"streak_core.{one}." for one in RESPONSES)))
    }
    assert not strange


@pytest.mark.parametrize("path", PURE, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_pure_module_reads_no_clock(path: Path) -> None:
    called = {
        node.func.attr
        for node in ast.walk(parsed(path))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
    }
    assert not called & CLOCKS


def test_pydantic_is_for_the_policy_alone() -> None:
    of_the_policy = {"achievement_rules.py", "challenge_rules.py", "policy.py", "policy_data.py"}
    assert {path.name for path in DOMAIN if "pydantic" in imported(path)} == of_the_policy


def test_importing_the_pure_part_loads_no_framework_and_no_database() -> None:
    modules = [str(path.relative_to(ROOT)).removesuffix(".py").replace("/", ".") for path in PURE]
    script = f"import sys\nfor m in {modules!r}: __import__(m)\nprint([m for m in {LOADED!r} if m in sys.modules])"
    shown = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True)
    assert shown.stdout.strip() == "[]"

"""The environment is read in one place, and set for no longer than a library looks at it."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Final

import pytest

from emulator.places import ROOT
from streak_core.config.environment import own_environment, set_meanwhile

if TYPE_CHECKING:
    from pathlib import Path

PLACE: Final = ROOT / "streak_core" / "config" / "environment.py"
PRODUCT: Final = [
    ROOT / "main.py",
    *(path for room in ("functions", "streak_core") for path in (ROOT / room).rglob("*.py")),
]
READERS: Final = frozenset({"environ", "environb", "getenv", "getenvb", "putenv", "unsetenv"})
NAME: Final = "STREAK_TEST_OF_THE_ENVIRONMENT"


def reads(source: str) -> list[str]:
    """Where a module reaches for the environment of its process."""
    found = [f"os.{name}" for name in sorted(READERS)]
    tree = list(ast.walk(ast.parse(source)))
    reached = [ast.unparse(node) for node in tree if isinstance(node, ast.Attribute) and ast.unparse(node) in found]
    imported = [node.names for node in tree if isinstance(node, ast.ImportFrom) and node.module == "os"]
    return reached + [one.name for names in imported for one in names if one.name in READERS]


@pytest.mark.parametrize("path", sorted(set(PRODUCT) - {PLACE}), ids=lambda path: str(path.relative_to(ROOT)))
def test_a_module_leaves_the_environment_alone(path: Path) -> None:
    assert reads(path.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize(
    "source",
    ["import os\nos.environ['A']", "import os\nos.getenv('A')", "from os import environ", "from os import getenv"],
)
def test_a_module_that_does_not_is_seen(source: str) -> None:
    assert reads(source)


def test_what_a_request_brings_is_not_the_environment() -> None:
    assert reads("import os\nos.sysconf('A')\nrequest.environ['PATH_INFO']\nfrom os import path") == []


def test_the_place_that_may_is_seen() -> None:
    assert reads(PLACE.read_text(encoding="utf-8"))


@pytest.mark.parametrize("before", [None, "", "before"])
def test_a_variable_is_set_meanwhile_and_as_it_was_afterwards(
    monkeypatch: pytest.MonkeyPatch, before: str | None
) -> None:
    monkeypatch.delenv(NAME, raising=False)
    if before is not None:
        monkeypatch.setenv(NAME, before)
    with set_meanwhile(NAME, "meanwhile"):
        assert own_environment()[NAME] == "meanwhile"
    assert own_environment().get(NAME) == before


def test_a_variable_is_as_it_was_where_what_is_done_meanwhile_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(NAME, "before")
    with pytest.raises(LookupError), set_meanwhile(NAME, "meanwhile"):
        raise LookupError
    assert own_environment()[NAME] == "before"

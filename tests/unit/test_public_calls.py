"""The product uses what libraries document, and nothing else of them: no exception is made, here or for the linter."""

from __future__ import annotations

import ast
import inspect
from importlib import import_module
from typing import TYPE_CHECKING, Final

import pytest

from emulator.places import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

OURS: Final = ("functions", "streak_core")
PRODUCT: Final = [ROOT / "main.py", *(path for room in OURS for path in sorted((ROOT / room).rglob("*.py")))]
THEIR_OWN: Final = {"self", "cls"}
# What the standard library documents of every named tuple; its underscore keeps it apart from the fields.
OF_TUPLES: Final = {"_replace", "_asdict", "_make", "_fields"}


def is_private(name: str) -> bool:
    return name.startswith("_") and not name.endswith("__") and name not in OF_TUPLES


def private_names(source: str) -> Iterator[str]:
    """Everything private that a module reaches for outside of itself and of the core."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Attribute) and is_private(node.attr):
            if not (isinstance(node.value, ast.Name) and node.value.id in THEIR_OWN):
                yield f"{ast.unparse(node.value)}.{node.attr}"
        elif isinstance(node, ast.ImportFrom):
            path = [*(node.module or "").split("."), *(alias.name for alias in node.names)]
            yield from (f"{node.module}: {name}" for name in path if is_private(name))
        elif isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names if any(map(is_private, alias.name.split("."))))
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and "._" in node.value:
            # A module's name as text, for `sys.modules` or `import_module`.
            yield from (node.value for part in node.value.split(".") if is_private(part) and part.isidentifier())


@pytest.mark.parametrize("path", PRODUCT, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_module_reaches_for_nothing_private(path: Path) -> None:
    source = path.read_text(encoding="utf-8")
    assert not list(private_names(source))
    assert "SLF001" not in source


@pytest.mark.parametrize(
    "source",
    [
        "snapshot._data",
        "client._firestore_api.commit()",
        "from google.cloud.firestore_v1 import _helpers",
        "from google.cloud.firestore_v1._helpers import WriteOption",
        "import google.cloud._helpers",
        "sys.modules['google.cloud.logging_v2._gapic']",
    ],
)
def test_what_is_private_is_seen(source: str) -> None:
    assert list(private_names(source))


@pytest.mark.parametrize(
    "source", ["self._client", "cls._kept", "def _own(): pass\n_own()", "snapshot.to_dict()", "x.__name__", "'a.b'"]
)
def test_its_neighbour_is_not(source: str) -> None:
    assert not list(private_names(source))


def replaced(kind: type) -> list[str]:
    """The private members of libraries that a class replaces."""
    theirs = {
        name
        for base in kind.__mro__[1:]
        if base.__module__.partition(".")[0] not in (*OURS, "builtins", "abc", "typing", "enum")
        for name in vars(base)
        if is_private(name)
    }
    return sorted(theirs & vars(kind).keys() - {"_abc_impl"})


def test_no_class_replaces_a_private_member_of_a_librarys() -> None:
    modules = [import_module(".".join(path.relative_to(ROOT).with_suffix("").parts)) for path in PRODUCT[1:]]
    classes = {kind for module in modules for _, kind in inspect.getmembers(module, inspect.isclass)}
    ours = [kind for kind in classes if kind.__module__.partition(".")[0] in OURS]
    assert len(ours) > 50
    assert not {kind: names for kind in ours if (names := replaced(kind))}


def test_a_class_that_does_is_seen() -> None:
    from google.cloud import firestore

    class Unbegun(firestore.Transaction):
        def _begin(self, retry_id: bytes | None = None) -> None:
            del retry_id

    assert replaced(Unbegun) == ["_begin"]

"""What a module imports, as its source says it. Must not know who may import what."""

from __future__ import annotations

import ast
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path


@cache
def parsed(path: Path) -> ast.Module:
    """What a file says."""
    return ast.parse(path.read_text(encoding="utf-8"))


@cache
def imported(path: Path) -> frozenset[str]:
    """Every module that a file imports, wherever in it and also for types only."""
    found: set[str] = set()
    pending: list[ast.AST] = [parsed(path)]
    while pending:
        node = pending.pop()
        found |= named(node)
        # An import is a statement, and no expression has one in it: most of a file need not be looked at.
        pending += [one for one in ast.iter_child_nodes(node) if not isinstance(one, ast.expr)]
    return frozenset(found)


def named(node: ast.AST) -> set[str]:
    """The modules that a statement imports, of which some may be names in one; none where it imports nothing."""
    if isinstance(node, ast.Import):
        return {alias.name for alias in node.names}
    if isinstance(node, ast.ImportFrom) and node.module:
        return {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
    return set()

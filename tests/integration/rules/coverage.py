"""Reads the emulator's coverage report: which expressions of the rules were never evaluated, or only one way.

Must not know any rule.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

Json = Any


def gaps(report: Sequence[Json], rules: str) -> list[str]:
    """What is not covered, each with its line and text; a condition is covered when it was both true and false."""
    return sorted({f"line {line}: {text!r} {lack}" for line, text, lack in _gaps(report, rules)})


def expressions(report: Sequence[Json]) -> int:
    """How many expressions the report knows."""
    return sum(1 + expressions(node.get("children", [])) for node in report)


def _gaps(report: Sequence[Json], rules: str) -> Iterator[tuple[int, str, str]]:
    for node in report:
        position = node["sourcePosition"]
        text = rules[position["currentOffset"] : position["endOffset"] + 1]
        # What a short circuit left out is counted too, with a value that is empty.
        values = [one["value"] for one in node.get("values", []) if one.get("value")]
        if not values:
            yield position["line"], text, "was never evaluated"
        truths = {one["boolValue"] for one in values if "boolValue" in one}
        if len(truths) == 1:
            yield position["line"], text, f"was always {str(*truths).lower()}"
        yield from _gaps(node.get("children", []), rules)

"""The scenario tables, and how an answer is compared with what a table expects of it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).resolve().parent.parent / "tests" / "scenarios"
FILES = sorted(FOLDER.rglob("*.json"))
TABLES: dict[str, dict[str, Any]] = {path.stem: json.loads(path.read_text()) for path in FILES}


def steps_of(table: dict[str, Any]) -> list[dict[str, Any]]:
    """The steps of a table; its zone is said first, unless it is UTC, where nothing is known of a zone yet."""
    if table["time_zone"] == "UTC":
        return list(table["steps"])
    zone = {"at": table["steps"][0]["at"], "do": "set_time_zone", "time_zone": table["time_zone"]}
    return [zone, *table["steps"]]


def difference(expected: Any, got: Any, where: str = "answer") -> str | None:
    """The first place where `got` differs from what is expected of it; fields that are not expected may be anything."""
    if isinstance(expected, dict) and isinstance(got, dict):
        found = (difference(value, got.get(name), f"{where}.{name}") for name, value in expected.items())
        return next((text for text in found if text), None)
    if isinstance(expected, list) and isinstance(got, list) and len(expected) == len(got):
        found = (difference(e, g, f"{where}[{i}]") for i, (e, g) in enumerate(zip(expected, got, strict=True)))
        return next((text for text in found if text), None)
    same = expected == got and type(expected) is type(got)
    return None if same else f"{where}: expected {expected!r}, got {got!r}"

"""Documents as programs of each form wrote them (`tests/stored`). Must not know what is expected of them."""

from __future__ import annotations

import json
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from emulator.places import ROOT

if TYPE_CHECKING:
    from pathlib import Path

STORED: Final = ROOT / "tests" / "stored"
FILES: Final = sorted(STORED.glob("v*/*.json"))


def read(path: Path) -> dict[str, Any]:
    """The documents of a user, when they were asked about, and what was answered then."""
    found: dict[str, Any] = _stamped(json.loads(path.read_text(encoding="utf-8")))
    return found


def _stamped(value: Any) -> Any:
    """The document as Firestore answers it."""
    if isinstance(value, dict):
        if value.keys() == {"timestamp"}:
            return datetime.fromisoformat(value["timestamp"])
        return {name: _stamped(inner) for name, inner in value.items()}
    return value

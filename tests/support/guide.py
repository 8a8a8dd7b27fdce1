"""The guide for app developers and its examples, as its pages have them. Must not know how an example is tried."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from emulator.places import ROOT

if TYPE_CHECKING:
    from pathlib import Path

FOLDER: Final = ROOT / "docs" / "apps"
PAGES: Final = tuple(sorted(FOLDER.glob("*.md")))
# The address that the pages have, and what a machine of one's own answers at.
LOCAL: Final = "http://127.0.0.1:8080"
_BLOCK: Final = re.compile(r"^```(\w*) ?([^\n]*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
# Typed by a person once: what serves, installs or deploys.
_BY_HAND: Final = re.compile(r"(make|npm|(STREAK_\w+=('[^']*'|\S+) )+make) ")


@dataclass(frozen=True)
class Example:
    """A block of a page: what it is written in, what stands behind that, and its text."""

    language: str
    tag: str
    text: str

    @property
    def is_by_hand(self) -> bool:
        """Whether it is nothing but what a person starts."""
        lines = [line for line in self.text.splitlines() if line and not line.startswith("#")]
        return self.language == "sh" and all(_BY_HAND.match(line) for line in lines)


def examples(page: Path) -> list[Example]:
    """All blocks of a page, in their order."""
    return [Example(*found) for found in _BLOCK.findall(page.read_text(encoding="utf-8"))]

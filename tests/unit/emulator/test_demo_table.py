"""What `make run` shows of its users fits into the smallest terminal, and says all of it."""

from __future__ import annotations

import io
from typing import Final

import pytest
from rich.console import Console

from emulator.demo import table_of
from emulator.demo_stories import STORIES

LONGEST: Final = {
    "current_streak": 100,
    "longest_streak": 1000,
    "status": "protected",
    "freezes_available": 2,
    "xp_total": 99_999,
    "time_zone": "America/Los_Angeles",
}


@pytest.mark.parametrize("width", [80, 120])
def test_nothing_of_it_is_cut(width: int) -> None:
    console = Console(file=io.StringIO(), width=width, highlight=False)
    console.print(table_of([{"user_id": story.uid, **LONGEST} for story in STORIES]))
    assert isinstance(console.file, io.StringIO)
    shown = console.file.getvalue()
    assert "…" not in shown
    assert max(map(len, shown.splitlines())) <= width
    for story in STORIES:
        row = next(line for line in shown.splitlines() if line.startswith(f"│ {story.uid} "))
        assert all(f" {value} " in row for value in LONGEST.values())
        assert f"{story.uid}: {story.about}" in shown

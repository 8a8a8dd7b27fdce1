"""What takes its time while an environment is made says so, and is waited for. Must not make an environment."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

from tools.environment import waited_for

if TYPE_CHECKING:
    from pathlib import Path


def test_what_takes_its_time_is_told_of_until_it_ends(tmp_path: Path) -> None:
    pipe, heard = tmp_path / "pipe", list[float]()
    os.mkfifo(pipe)

    def tell(seconds: float) -> None:
        heard.append(seconds)
        if len(heard) == 2:
            # What it waits for.
            pipe.write_text("go on", encoding="utf-8")

    command = (sys.executable, "-c", f"print(open({str(pipe)!r}).read()); raise SystemExit(3)")
    assert waited_for(command, os.environ, tell, every=0.01) == (3, b"go on\n")
    assert 0 < heard[0] < heard[1]


def test_what_ends_soon_is_not_told_of() -> None:
    heard: list[float] = []
    assert waited_for((sys.executable, "-c", "print(1)"), os.environ, heard.append) == (0, b"1\n")
    assert heard == []

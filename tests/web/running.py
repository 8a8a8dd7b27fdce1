"""Programs of Node that tests run. Must not know what is tested."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path
from typing import Final

from emulator.places import ROOT
from tests.support.wanted import found, places

CLIENT: Final = ROOT / "web" / "client"
COMPONENTS: Final = ROOT / "web" / "components"
SECONDS_MAX: Final = 300


def environment(**more: str) -> dict[str, str]:
    """The environment of a program that runs on the Node which was found."""
    return {**os.environ, "PATH": os.pathsep.join(places()), "NO_COLOR": "1", **more}


def run(program: str, *arguments: str | Path, cwd: Path = CLIENT, **more: str) -> str:
    """What a program prints; where it fails, that is the test's failure."""
    done = subprocess.run(
        [found(program) or program, *map(str, arguments)],
        cwd=cwd,
        env=environment(**more),
        capture_output=True,
        text=True,
        check=False,
        timeout=SECONDS_MAX,
    )
    assert done.returncode == 0, f"{program} {' '.join(map(str, arguments))}\n{done.stdout}\n{done.stderr}"
    return done.stdout

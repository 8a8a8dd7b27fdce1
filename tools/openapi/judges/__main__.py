"""The command `python -m tools.openapi.judges`. It must not know what any judge is asked."""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from emulator.places import ROOT
from tools.openapi.judges.judging import CONTRACT, JUDGES
from tools.openapi.judges.toolbox import ToolMissingError, toolbox

if TYPE_CHECKING:
    from collections.abc import Sequence


def main(arguments: Sequence[str] | None = None) -> int:
    """Answers the exit status: 0 all are content, 1 one is not, 2 wrong use, 3 they can't be had here."""
    parser = argparse.ArgumentParser(prog="python -m tools.openapi.judges", description="Takes a contract to judges.")
    parser.add_argument("contract", nargs="?", type=Path, default=ROOT / CONTRACT)
    options = parser.parse_args(arguments)
    try:
        tools = toolbox()
    except ToolMissingError as error:
        print(f"not judged: {error}", file=sys.stderr)
        return 3
    faulty = 0
    with tempfile.TemporaryDirectory(prefix="work-", dir=tools.folder) as folder:
        at = Path(folder)
        shutil.copy(options.contract, at / CONTRACT)
        for name, judge in JUDGES.items():
            faults = judge(tools, at)
            faulty += bool(faults)
            print(f"{name}: {'fine' if not faults else 'NOT FINE'}", *faults, sep="\n    ", flush=True)
    return 1 if faulty else 0


if __name__ == "__main__":
    sys.exit(main())

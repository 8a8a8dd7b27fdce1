"""The command behind `make bench`: measures the figures, shows them, and keeps them as JSON, page and pictures.

It must not know how a figure is measured. The page is only written from a run of all figures at full size.
"""

from __future__ import annotations

import argparse
import json
import logging
import os
import signal
import sys
import time
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Final

from emulator.errors import SetupError
from emulator.firestore import HOST_VARIABLE, FirestoreEmulator
from emulator.places import ROOT
from tools.bench.machine import machine
from tools.bench.runner import STOPPING, Bench
from tools.bench.showing import show_table, shown

if TYPE_CHECKING:
    from collections.abc import Sequence
    from types import FrameType

    from tools.bench.measuring import Figure, Json

# The modules by the names of their figures, in the order of the page.
FIGURES: Final = {
    "first_design": "tools.bench.against_first_design",
    "limit": "tools.bench.against_limit",
    "memory": "tools.bench.memory",
    "operations": "tools.bench.operations",
    "recording": "tools.bench.recording",
    "reading": "tools.bench.reading",
    "http": "tools.bench.http_load",
    "cold_start": "tools.bench.cold_start",
}
PAGE: Final = ROOT / "docs" / "performance.md"
INTERRUPTED: Final = 130
_STOP_SIGNALS: Final = (signal.SIGINT, signal.SIGTERM)


def main(arguments: Sequence[str] | None = None) -> int:
    """Measures; the answer is the exit status: 0 done, 1 something is missing here, 130 interrupted."""
    options = _parser().parse_args(arguments)
    # The job tells of each conflict, and the figures count them.
    logging.getLogger("streak_core").setLevel(logging.CRITICAL)
    for each in _STOP_SIGNALS:
        signal.signal(each, _interrupt)
    try:
        if options.page_of:
            _write_page(json.loads(options.page_of.read_text(encoding="utf-8")))
            return 0
        _keep(_measured(options.figures or list(FIGURES), is_quick=options.quick), options.json)
    except SetupError as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("stopped", file=sys.stderr)
        return INTERRUPTED
    return 0


def _interrupt(_signal: int, _frame: FrameType | None) -> None:
    # Stopping is bounded; a second signal, as make and a terminal send together, must not break it off.
    for each in _STOP_SIGNALS:
        signal.signal(each, signal.SIG_IGN)
    STOPPING.set()
    raise KeyboardInterrupt


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m tools.bench", description="Measures how fast Unbroken is, and at what cost."
    )
    parser.add_argument(
        "figures", nargs="*", choices=[[], *FIGURES], metavar="FIGURE", help=f"of {', '.join(FIGURES)} (all)"
    )
    parser.add_argument("--quick", action="store_true", help="tiny sizes: whether it runs, not how fast")
    parser.add_argument("--json", type=Path, help="also keep the findings here")
    parser.add_argument(
        "--page-of", type=Path, metavar="JSON", help="measure nothing; write the page of these findings"
    )
    return parser


def _measured(names: Sequence[str], *, is_quick: bool) -> Json:
    begun, figures = time.monotonic(), []
    with FirestoreEmulator() as emulator, shown(len(names)) as progress:
        os.environ[HOST_VARIABLE] = emulator.host
        bench = Bench(firestore_host=emulator.host, is_quick=is_quick, tell=progress.tell)
        for name in names:
            progress.figure(name.replace("_", " "))
            figure: Figure = import_module(FIGURES[name]).measure(bench)
            figures.append(figure.as_json())
        is_ours = emulator.child is not None
    took = round(time.monotonic() - begun, 1)
    return {"is_quick": is_quick, "seconds": took, "machine": machine(emulator_is_ours=is_ours), "figures": figures}


def _keep(run: Json, path: Path | None) -> None:
    show_table(run["figures"])
    if path:
        path.write_text(_as_text(run), encoding="utf-8")
    if not run["is_quick"] and [figure["name"] for figure in run["figures"]] == list(FIGURES):
        _write_page(run)


def _write_page(run: Json) -> None:
    # Pictures need a library that no measured process should have to carry.
    from tools.bench.page import write_page

    pictures = PAGE.with_suffix("")
    pictures.mkdir(parents=True, exist_ok=True)
    (pictures / "figures.json").write_text(_as_text(run), encoding="utf-8")
    write_page(run, PAGE, pictures)
    print(f"written: {PAGE.relative_to(ROOT)}")


def _as_text(run: Json) -> str:
    return json.dumps(run, indent=2) + "\n"


if __name__ == "__main__":
    sys.exit(main())

"""The command behind `make bench`: measures the figures, shows them, and keeps them as JSON and as a page.

It must not know how a figure is measured. The page is only written from a run of all figures at full size.
"""

from __future__ import annotations

import argparse
import json
import logging
import os
import sys
import time
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path
from typing import Final

from emulator.errors import SetupError
from emulator.firestore import HOST_VARIABLE, FirestoreEmulator
from emulator.places import ROOT
from emulator.stopping import stop_signals_interrupt
from tools import markdown
from tools.bench.machine import machine
from tools.bench.measuring import Figure, Json
from tools.bench.report import page, sections
from tools.bench.runner import STOPPING, Bench

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
KEPT: Final = ROOT / "docs" / "performance" / "figures.json"
INTERRUPTED: Final = 130


def main(arguments: Sequence[str] | None = None) -> int:
    """Measures; the answer is the exit status: 0 done, 1 something is missing here, 130 interrupted."""
    options = _parser().parse_args(arguments)
    # The job tells of each conflict, and the figures count them.
    logging.getLogger("streak_core").setLevel(logging.CRITICAL)
    try:
        with stop_signals_interrupt(STOPPING.set):
            if options.page_of:
                PAGE.write_text(page(json.loads(options.page_of.read_text(encoding="utf-8"))), encoding="utf-8")
            else:
                _keep(_measured(options.figures or list(FIGURES), is_quick=options.quick), options.json)
    except SetupError as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("stopped", file=sys.stderr)
        return INTERRUPTED
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m tools.bench", description="Measures how fast Unbroken is, and at what cost."
    )
    add = parser.add_argument
    add("figures", nargs="*", type=_figure, metavar="FIGURE", help=f"of {', '.join(FIGURES)} (all)")
    add("--quick", action="store_true", help="tiny sizes: whether it runs, not how fast")
    add("--json", type=Path, help="also keep the findings here")
    add("--page-of", type=Path, metavar="JSON", help="measure nothing; write the page of these findings")
    return parser


def _figure(name: str) -> str:
    if name in FIGURES:
        return name
    message = f"{name!r}: must be one of {', '.join(FIGURES)}"
    raise argparse.ArgumentTypeError(message)


def _measured(names: Sequence[str], *, is_quick: bool) -> Json:
    begun, figures = time.monotonic(), []
    with FirestoreEmulator() as emulator:
        os.environ[HOST_VARIABLE] = emulator.host
        for name in names:

            def tell(what: str, name: str = name) -> None:
                print(f"{time.monotonic() - begun:6.1f} s  {name}: {what}", file=sys.stderr, flush=True)

            bench = Bench(firestore_host=emulator.host, is_quick=is_quick, tell=tell)
            figure: Figure = import_module(FIGURES[name]).measure(bench)
            figures.append(figure.as_json())
        is_ours = emulator.child is not None
    took = round(time.monotonic() - begun, 1)
    return {"is_quick": is_quick, "seconds": took, "machine": machine(emulator_is_ours=is_ours), "figures": figures}


def _keep(run: Json, path: Path | None) -> None:
    markdown.show(sections(run["figures"]))
    is_whole = not run["is_quick"] and [figure["name"] for figure in run["figures"]] == list(FIGURES)
    for each in (path, KEPT if is_whole else None):
        if each:
            each.write_text(json.dumps(run, indent=2) + "\n", encoding="utf-8")
    if is_whole:
        PAGE.write_text(page(run), encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())

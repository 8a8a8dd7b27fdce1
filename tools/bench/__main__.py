"""The command behind `make bench`: measures the figures, shows them, and keeps them as JSON and as a page.

It must not know how a figure is measured. Each figure at full size is kept as soon as it is measured, in place of the
one before it, so that what breaks off or is asked for alone loses nothing of the others.
"""

from __future__ import annotations

import argparse
import json
import logging
import os
import platform
import re
import sys
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from importlib import import_module
from importlib.metadata import version
from pathlib import Path
from typing import Final

from emulator.errors import SetupError
from emulator.firestore import HOST_VARIABLE, JAVA_OPTIONS, LONG_LIVED, FirestoreEmulator
from emulator.jar import installed_jar
from emulator.places import ROOT
from emulator.stopping import stop_signals_interrupt
from tools import markdown
from tools.bench.keeping import NOTHING, is_whole, with_figure
from tools.bench.measuring import Figure, Json
from tools.bench.report import page, sections
from tools.bench.runner import STOPPING, Bench, new_project

# The modules that measure, by the names of their figures, in the order of the page.
FIGURES: Final = {
    "first_design": "against_first_design",
    "limit": "against_limit",
    **{name: name for name in ("memory", "operations", "recording", "reading", "sharing")},
    "http": "http_load",
    "cold_start": "cold_start",
    "backup": "backup",
}
PAGE: Final = ROOT / "docs" / "performance.md"
KEPT: Final = ROOT / "docs" / "performance" / "figures.json"
# Most of their time the emulator goes through documents, which its second compiler makes fast enough to pay for itself.
_SCANNING: Final = frozenset({"memory", "first_design", "backup"})
_LIBRARIES: Final = ("google-cloud-firestore", "grpcio", "functions-framework")


def main(arguments: Sequence[str] | None = None) -> int:
    """Measures; the answer is the exit status: 0 done, 1 something is missing here, 130 interrupted."""
    parser = argparse.ArgumentParser(
        prog="python -m tools.bench", description="Measures how fast Unbroken is, and at what cost."
    )
    add = parser.add_argument
    add("figures", nargs="*", type=_figure, metavar="FIGURE", help=f"of {', '.join(FIGURES)} (all)")
    add("--quick", action="store_true", help="tiny sizes: whether it runs, not how fast")
    add("--json", type=Path, help="also keep the findings here")
    options = parser.parse_args(arguments)
    # The job tells of each conflict, and the figures count them.
    logging.getLogger("streak_core").setLevel(logging.CRITICAL)
    try:
        with stop_signals_interrupt(STOPPING.set):
            _measure(options.figures or list(FIGURES), is_quick=options.quick, path=options.json)
    except SetupError as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("stopped", file=sys.stderr)
        return 130
    return 0


def _figure(name: str) -> str:
    if name in FIGURES:
        return name
    message = f"{name!r}: must be one of {', '.join(FIGURES)}"
    raise argparse.ArgumentTypeError(message)


def _measure(names: Sequence[str], *, is_quick: bool, path: Path | None) -> None:
    """Each with an emulator of its own where none runs: one keeps what is deleted, until it only cleans up."""
    begun, outside, run = time.monotonic(), dict(os.environ), NOTHING
    for name in names:

        def tell(what: str, name: str = name) -> None:
            print(f"{time.monotonic() - begun:6.1f} s  {name}: {what}", file=sys.stderr, flush=True)

        figure_begun = time.monotonic()
        with FirestoreEmulator(outside, java_options=LONG_LIVED if name in _SCANNING else JAVA_OPTIONS) as emulator:
            os.environ[HOST_VARIABLE] = emulator.host
            emulator.warm_up(new_project())
            bench = Bench(firestore_host=emulator.host, is_quick=is_quick, tell=tell)
            figure: Figure = import_module(f"tools.bench.{FIGURES[name]}").measure(bench)
            machine = _machine(is_ours=emulator.child is not None)
        when = {
            "measured_on": datetime.now(UTC).date().isoformat(),
            "seconds": round(time.monotonic() - figure_begun, 1),
        }
        found = {"name": name, "is_quick": is_quick, **when, **figure.as_json()}
        run = with_figure(run, machine, found, list(FIGURES))
        markdown.show(sections([found]))
        if path:
            _write(run, path)
        if not is_quick:
            _keep(machine, found)


def _machine(*, is_ours: bool) -> Json:
    """Cores that this process may use, the system, and versions; never a name or a path."""
    jar = installed_jar() if is_ours else None
    emulator = jar and re.search(r"-v(\d+(?:\.\d+)+)\.jar$", jar.name)
    return {
        "cores": len(os.sched_getaffinity(0)) if sys.platform == "linux" else os.cpu_count(),
        "system": f"{platform.system()} {platform.machine()}",
        "python": platform.python_version(),
        "firestore_emulator": emulator[1] if emulator else "of a version that it does not tell",
        "libraries": {name: version(name) for name in _LIBRARIES},
    }


def _write(figures: Json, path: Path) -> None:
    path.write_text(json.dumps(figures, indent=2) + "\n", encoding="utf-8")


def _keep(machine: Json, figure: Json) -> None:
    """Keeps a figure among those of the project, and writes their page, where there is one of each."""
    kept: Json = json.loads(KEPT.read_text(encoding="utf-8")) if KEPT.exists() else NOTHING
    figures = with_figure(kept, machine, figure, list(FIGURES))
    _write(figures, KEPT)
    if is_whole(figures, list(FIGURES)):
        PAGE.write_text(page(figures), encoding="utf-8")
    else:
        print("The page is written once there is a figure of each of this machine.", file=sys.stderr)


if __name__ == "__main__":
    sys.exit(main())

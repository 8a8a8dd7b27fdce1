"""The command behind `make bench`: measures the figures, shows them, and keeps them as JSON and as a page.

It must not know how a figure is measured. The page is only written from a run of all figures at full size.
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
from importlib import import_module
from importlib.metadata import version
from pathlib import Path
from typing import Final

from emulator.errors import SetupError
from emulator.firestore import HOST_VARIABLE, FirestoreEmulator
from emulator.jar import installed_jar
from emulator.places import ROOT
from emulator.stopping import stop_signals_interrupt
from tools import markdown
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
            _keep(_measured(options.figures or list(FIGURES), is_quick=options.quick), options.json)
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


def _measured(names: Sequence[str], *, is_quick: bool) -> Json:
    """Each with an emulator of its own where none runs: one keeps what is deleted, until it only cleans up."""
    begun, outside, figures, is_ours = time.monotonic(), dict(os.environ), [], True
    for name in names:

        def tell(what: str, name: str = name) -> None:
            print(f"{time.monotonic() - begun:6.1f} s  {name}: {what}", file=sys.stderr, flush=True)

        with FirestoreEmulator(outside) as emulator:
            os.environ[HOST_VARIABLE] = emulator.host
            emulator.warm_up(new_project())
            bench = Bench(firestore_host=emulator.host, is_quick=is_quick, tell=tell)
            figure: Figure = import_module(f"tools.bench.{FIGURES[name]}").measure(bench)
            figures.append({"name": name, **figure.as_json()})
            is_ours = emulator.child is not None
    took = round(time.monotonic() - begun, 1)
    return {"is_quick": is_quick, "seconds": took, "machine": _machine(is_ours=is_ours), "figures": figures}


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

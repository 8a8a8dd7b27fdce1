"""Programs that some tests need and no Python package brings, and what to say where one is missing.

Must not know what they are needed for.
"""

from __future__ import annotations

import os
import shutil
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

import pytest

from emulator.places import ROOT

# Each with the programs of which all must be there, and how to get them.
_WANTED: Final = {
    "prometheus": (("prometheus", "promtool"), "apt-get install prometheus, or brew install prometheus"),
    "judges": (
        ("node", "npm", "java"),
        "Node 20 or later from https://nodejs.org, a Java, and npm's and PyPI's packages",
    ),
    "postgresql": (("initdb", "pg_ctl", "psql"), "apt-get install postgresql, or brew install postgresql"),
    "curl": (("bash", "curl"), "apt-get install curl, or brew install curl"),
    "a network of its own": (("unshare",), "Linux, and apt-get install util-linux"),
    "gcloud": (("gcloud",), "https://cloud.google.com/sdk/docs/install"),
    "node": (("node", "npm"), "make web, or apt-get install nodejs npm"),
    "the client's tools": (("node", "npm", "tsc", "esbuild"), "make web"),
    "chromium": (("chromium", "playwright"), "apt-get install chromium, and make web"),
}
_REASON: Final = "Skipped: needs "


def places() -> Iterator[str]:
    """Where programs are looked for: in PATH, in what `make web` fills, and where Debian keeps those of PostgreSQL."""
    yield from os.environ["PATH"].split(os.pathsep)
    yield str(Path(sys.executable).parent)
    yield str(ROOT / "web" / "client" / "node_modules" / ".bin")
    yield from map(str, sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True))


def found(program: str) -> str | None:
    """Where a program is; None where it is nowhere."""
    return shutil.which(program, path=os.pathsep.join(places()))


def needs(name: str) -> pytest.MarkDecorator:
    """Skips a test where a program is missing; `name` is one of those above."""
    programs, _ = _WANTED[name]
    is_missing = not all(found(program) for program in programs)
    return pytest.mark.skipif(is_missing, reason=_REASON.removeprefix("Skipped: ") + name)


def what_was_missing(skipped: Iterable[pytest.TestReport]) -> str | None:
    """One line on the tests that were skipped for want of a program, and how to get it; None where none were."""
    reasons = (report.longrepr[2] for report in skipped if isinstance(report.longrepr, tuple))
    missed = Counter(reason.removeprefix(_REASON) for reason in reasons if reason.startswith(_REASON))
    told = [f"{name} ({count} skipped; {_WANTED[name][1]})" for name, count in sorted(missed.items())]
    return "Not everything was tested, for want of " + ", ".join(told) if told else None

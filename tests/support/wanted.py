"""Programs that some tests need and no Python package brings, and what to say where one is missing.

Must not know what they are needed for.
"""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Iterable
from typing import Final

import pytest

# Each with the programs of which all must be there, and how to get them.
_WANTED: Final = {
    "prometheus": (("prometheus", "promtool"), "apt-get install prometheus, or brew install prometheus"),
    "judges": (
        ("node", "npm", "java"),
        "Node 20 or later from https://nodejs.org, a Java, and npm's and PyPI's packages",
    ),
    "gcloud": (("gcloud",), "https://cloud.google.com/sdk/docs/install"),
}
_REASON: Final = "Skipped: needs "


def needs(name: str) -> pytest.MarkDecorator:
    """Skips a test where a program is missing; `name` is one of those above."""
    programs, _ = _WANTED[name]
    is_missing = not all(shutil.which(program) for program in programs)
    return pytest.mark.skipif(is_missing, reason=_REASON.removeprefix("Skipped: ") + name)


def what_was_missing(skipped: Iterable[pytest.TestReport]) -> str | None:
    """One line on the tests that were skipped for want of a program, and how to get it; None where none were."""
    reasons = (report.longrepr[2] for report in skipped if isinstance(report.longrepr, tuple))
    missed = Counter(reason.removeprefix(_REASON) for reason in reasons if reason.startswith(_REASON))
    told = [f"{name} ({count} skipped; {_WANTED[name][1]})" for name, count in sorted(missed.items())]
    return "Not everything was tested, for want of " + ", ".join(told) if told else None

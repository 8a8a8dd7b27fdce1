"""The function that every user waits for loads nothing of records before somebody needs it."""

from __future__ import annotations

import subprocess
import sys
from typing import Final

from emulator.places import ROOT

# Of rooms that only some requests need.
HEAVY: Final = ("streak_core.records", "streak_core.rights", "streak_core.amnesties", "streak_core.maintenance")


def test_the_function_streak_is_loaded_and_its_commands_are_made_without_records() -> None:
    script = f"""
import os, sys
os.environ.update(GOOGLE_CLOUD_PROJECT="demo-x", FIRESTORE_EMULATOR_HOST="127.0.0.1:1")
import functions.streak
from functions.http import runtime
runtime.commands(), runtime.queries()
with runtime.told_if_refused("ada", None, None, None):
    pass
print(sorted(m for m in sys.modules if m.startswith({HEAVY!r})))
import functions.operators.trails
print("streak_core.records.acts" in sys.modules)
"""
    shown = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True)
    # The second line shows that the first one would have told.
    assert shown.stdout.split("\n")[:2] == ["[]", "True"]

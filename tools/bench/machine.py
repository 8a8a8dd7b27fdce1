"""On what kind of machine, and with which versions, the figures were made. It must not tell its name or its paths."""

from __future__ import annotations

import json
import os
import platform
import re
import sys
from importlib.metadata import version
from typing import TYPE_CHECKING, Any, Final

from emulator.jar import JAR_IN_SDK, installed_jar

if TYPE_CHECKING:
    from pathlib import Path

    from tools.bench.measuring import Json

_LIBRARIES: Final = ("google-cloud-firestore", "grpcio", "functions-framework")
_VERSION_IN_NAME: Final = re.compile(r"-v(\d+(?:\.\d+)+)\.jar$")
# Where the SDK writes down what it installed.
_INSTALLED: Final = ".install/cloud-firestore-emulator.snapshot.json"


def machine(*, emulator_is_ours: bool) -> Json:
    """Cores that this process may use, the system, and versions."""
    cores = len(os.sched_getaffinity(0)) if sys.platform == "linux" else os.cpu_count()
    jar = installed_jar() if emulator_is_ours else None
    return {
        "cores": cores,
        "system": f"{platform.system()} {platform.machine()}",
        "python": platform.python_version(),
        "firestore_emulator": (jar and _jar_version(jar)) or "of a version that it does not tell",
        "libraries": {name: version(name) for name in _LIBRARIES},
    }


def _jar_version(jar: Path) -> str | None:
    """The version in its name, or what the SDK that it is in says."""
    if named := _VERSION_IN_NAME.search(jar.name):
        return named[1]
    note = jar.parents[len(JAR_IN_SDK.parts) - 1] / _INSTALLED
    if not note.is_file():
        return None
    components: Any = json.loads(note.read_text(encoding="utf-8")).get("components", [])
    return next((each["version"]["version_string"] for each in components if "firestore" in each["id"]), None)

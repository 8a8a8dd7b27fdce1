"""On what kind of machine, and with which versions, the figures were made. It must not tell its name or its paths."""

from __future__ import annotations

import os
import platform
import re
import sys
from importlib.metadata import version
from typing import Final

from emulator.jar import installed_jar
from tools.bench.measuring import Json

_LIBRARIES: Final = ("google-cloud-firestore", "grpcio", "functions-framework")


def machine(*, emulator_is_ours: bool) -> Json:
    """Cores that this process may use, the system, and versions."""
    jar = installed_jar() if emulator_is_ours else None
    emulator = jar and re.search(r"-v(\d+(?:\.\d+)+)\.jar$", jar.name)
    return {
        "cores": len(os.sched_getaffinity(0)) if sys.platform == "linux" else os.cpu_count(),
        "system": f"{platform.system()} {platform.machine()}",
        "python": platform.python_version(),
        "firestore_emulator": emulator[1] if emulator else "of a version that it does not tell",
        "libraries": {name: version(name) for name in _LIBRARIES},
    }

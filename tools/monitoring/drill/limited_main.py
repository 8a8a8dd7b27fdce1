"""The deployed functions under a memory limit of a file, as Cloud Run sets one, and with a leak where one is wanted.

It must not change what the functions do. functions-framework loads it instead of main.py.
"""

from __future__ import annotations

import os
from functools import partial, wraps
from pathlib import Path
from typing import TYPE_CHECKING, Final

import functions_framework

import main as deployed
from streak_core.maintenance import report
from streak_core.telemetry.memory import MEBIBYTE, memory_limit_mib
from tools.monitoring.drill.settings import LEAK_MIB, LIMIT_FILE

if TYPE_CHECKING:
    from flask import Request, Response

# Where the limit stands is the machine's to say, and this machine has another one, or none.
report.memory_limit_mib = partial(memory_limit_mib, (Path(os.environ[LIMIT_FILE]),))  # type: ignore[attr-defined]

_KEPT: Final[list[bytes]] = []


@functions_framework.http
@wraps(deployed.maintenance)
def maintenance(request: Request) -> Response:
    """The deployed function, which keeps some memory for ever with each run."""
    if request.method == "POST":
        _KEPT.append(b"\x01" * (int(os.environ.get(LEAK_MIB, "0")) * MEBIBYTE))
    return deployed.maintenance(request)

"""The deployed functions, with a leak in the job. It must not change what they do.

functions-framework loads it instead of main.py.
"""

from __future__ import annotations

import os
from functools import wraps
from typing import TYPE_CHECKING, Final

import functions_framework

import main as deployed

if TYPE_CHECKING:
    from flask import Request, Response

# What each call of the job leaves behind, in MiB.
LEAK_MIB: Final = "DRILL_LEAK_MIB"
_MEBIBYTE: Final = 1024 * 1024
_KEPT: Final[list[bytes]] = []


@functions_framework.http
@wraps(deployed.maintenance)
def maintenance(request: Request) -> Response:
    """The deployed function, which keeps some memory for ever with each run."""
    if request.method == "POST":
        _KEPT.append(b"\x01" * (int(os.environ[LEAK_MIB]) * _MEBIBYTE))
    return deployed.maintenance(request)

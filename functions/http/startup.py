"""What a process does before it serves a function: looks at its configuration, and chooses where log lines go.

It must not know what any function does.
"""

from __future__ import annotations

from functools import cache
from typing import Final

from functions.http import runtime
from functions.http.logs import log_as_json
from streak_core.telemetry import LogEvent, log

# The one function that is of use with a wrong configuration: all it answers then is what is wrong.
HEALTH: Final = "health"


@cache
def start(function: str) -> None:
    """Raises `ConfigError`: with a wrong or dangerous configuration, nothing but its health is served."""
    wrong = runtime.wrong_settings()
    log_as_json(None if wrong else runtime.config())
    for line in wrong:
        log(LogEvent.CONFIGURATION_WRONG, line)
    if function != HEALTH:
        runtime.config()

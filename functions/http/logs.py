"""Where the lines of a process go: as JSON to Cloud Logging where it is deployed, readable where somebody looks on.

It must not know what is logged. Whichever is chosen first for a process holds.
"""

from __future__ import annotations

import logging
import sys
import threading
from typing import TYPE_CHECKING, Final

from streak_core.telemetry.log import LOGGER, NOTICE
from streak_core.telemetry.operations import call_slow_from

if TYPE_CHECKING:
    from streak_core.config import Config

_CHOSEN: Final = threading.Event()


def log_as_json(config: Config | None) -> None:
    """One line of JSON on standard output for each record, as Cloud Logging reads it; None where it is wrong."""
    if config:
        call_slow_from(config.telemetry.slow_ms)
    if _CHOSEN.is_set():
        return
    from functions.http.structured_log import FunctionLogHandler

    _choose(FunctionLogHandler(config.project if config else ""), logging.INFO)


def log_readably() -> None:
    """One line of text on standard error for what is worth a look, as a person at a terminal reads it."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(ReadableLines())
    _choose(handler, NOTICE)


class ReadableLines(logging.Formatter):
    """The sentence, then what else is known."""

    def format(self, record: logging.LogRecord) -> str:
        """Answers the line; a stack follows on lines of its own."""
        fields = dict(getattr(record, "json_fields", {}))
        stack = fields.pop("stack_trace", "")
        more = " ".join(f"{name}={value!r}" for name, value in fields.items())
        line = " ".join(filter(None, [record.levelname, super().format(record), more]))
        return f"{line}\n{stack}" if stack else line


def _choose(handler: logging.Handler, level: int) -> None:
    _CHOSEN.set()
    LOGGER.setLevel(level)
    # On the root, so that what libraries have to say takes the same form.
    logging.getLogger().addHandler(handler)

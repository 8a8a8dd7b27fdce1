"""The lines that are logged while a test goes on. Must not know what is tested."""

from __future__ import annotations

import logging
from typing import Any, Self

from streak_core.telemetry.log import LOGGER


class Logged(logging.Handler):
    """Keeps the fields of each line, with its severity and its sentence."""

    def __init__(self) -> None:
        super().__init__()
        self._lines: list[dict[str, Any]] = []

    def emit(self, record: logging.LogRecord) -> None:
        said = {"severity": record.levelname, "message": record.getMessage()}
        self._lines.append({**record.__dict__["json_fields"], **said})

    def of(self, event: str) -> list[dict[str, Any]]:
        """The lines of one event, in order."""
        return [line for line in self._lines if line["event"] == event]

    def events(self) -> list[str]:
        """The events of all lines, in order; what is slow on a busy machine says nothing about the code."""
        return [line["event"] for line in self._lines if line["event"] != "slow_operation"]

    def __enter__(self) -> Self:
        self._before = LOGGER.level
        LOGGER.addHandler(self)
        LOGGER.setLevel(logging.INFO)
        return self

    def __exit__(self, *_: object) -> None:
        LOGGER.removeHandler(self)
        LOGGER.setLevel(self._before)

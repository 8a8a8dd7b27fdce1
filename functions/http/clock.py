"""The moment that counts as now for a request.

It must not know streaks. A request brings its own clock only where the process talks to an emulator.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

from functions.http import parsing
from streak_core.domain.errors import FieldError, Malformed

if TYPE_CHECKING:
    from flask import Request

    from streak_core.config import Config

SIMULATED_TIME_HEADER: Final = "X-Simulated-Time"


def request_time(request: Request, config: Config) -> datetime:
    """Now, in UTC. Raises `Malformed` for a simulated time that is none."""
    simulated = request.headers.get(SIMULATED_TIME_HEADER)
    if simulated is None or not config.allows_simulated_time:
        return datetime.now(UTC)
    try:
        return parsing.instant(simulated).astimezone(UTC)
    except ValueError as error:
        raise Malformed(FieldError(SIMULATED_TIME_HEADER, str(error))) from error

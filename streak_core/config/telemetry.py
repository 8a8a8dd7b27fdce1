"""The part of the configuration that says what the service tells of itself.

It must not know the rest; what is wrong is added to a list, each line naming its variable.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from streak_core.config.environment import is_deployed, is_on, whole_number
from streak_core.telemetry.operations import SLOW_MS

if TYPE_CHECKING:
    from collections.abc import Mapping

_SLOW_MS_MAX: Final = 60_000


@dataclass(frozen=True, kw_only=True)
class TelemetryRules:
    """From which duration on an operation is slow, and whether the job writes its gauges to Cloud Monitoring."""

    slow_ms: int = SLOW_MS
    writes_gauges: bool = False


def telemetry_rules(environ: Mapping[str, str], wrong: list[str]) -> TelemetryRules:
    """What the environment says; gauges are on where a function is deployed, and off elsewhere."""
    return TelemetryRules(
        slow_ms=whole_number(environ, "STREAK_SLOW_MS", SLOW_MS, _SLOW_MS_MAX, wrong),
        writes_gauges=is_on(environ, "STREAK_GAUGES", wrong, default=is_deployed(environ)),
    )

"""The part of the configuration that says what is worth a log line, and whether the job writes gauges.

It must not know the rest; what is wrong is added to a list, each line naming its variable.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

from streak_core.telemetry.operations import SLOW_MS

_SLOW_MS_MAX: Final = 60_000


@dataclass(frozen=True, kw_only=True)
class TelemetryRules:
    """From which duration on an operation is slow, and whether the job writes its gauges to Cloud Monitoring."""

    slow_ms: int = SLOW_MS
    writes_gauges: bool = False


def telemetry_rules(environ: Mapping[str, str], wrong: list[str]) -> TelemetryRules:
    """What the environment says; gauges are on where a function is deployed, and off elsewhere."""
    slow = environ.get("STREAK_SLOW_MS") or str(SLOW_MS)
    if not re.fullmatch(r"[0-9]{1,6}", slow) or not 1 <= int(slow) <= _SLOW_MS_MAX:
        wrong.append(f"STREAK_SLOW_MS: must be a whole number from 1 to {_SLOW_MS_MAX}")
        slow = str(SLOW_MS)
    gauges = environ.get("STREAK_GAUGES") or ("on" if environ.get("K_SERVICE") else "off")
    if gauges not in {"on", "off"}:
        wrong.append("STREAK_GAUGES: must be on or off")
    return TelemetryRules(slow_ms=int(slow), writes_gauges=gauges == "on")

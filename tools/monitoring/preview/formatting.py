"""Numbers, units and moments as a reader of the page wants them. It must not know what they are of."""

from __future__ import annotations

import math
import re
from datetime import UTC, datetime
from typing import Final

# Units as Cloud Monitoring writes them (UCUM), in the words of a page; in braces is a word already.
_UNITS: Final = {"%": "%", "h": "h", "s": "s", "ms": "ms", "MiBy": "MiB", "1/s": "per second"}
_WORD: Final = re.compile(r"\{([a-z]+)\}(/s)?")
_WHOLE_FROM: Final = 100
_ONE_DECIMAL_FROM: Final = 10
_PER_SECOND: Final = " a second"


def unit_word(unit: str, value: float) -> str:
    """The unit of a value: `{run}` is "runs", or "run" for one."""
    match = _WORD.fullmatch(unit)
    if not match:
        return _UNITS.get(unit, unit)
    plural = "" if math.isclose(value, 1) else "ies" if match[1].endswith("y") else "s"
    word = match[1].removesuffix("y") if plural == "ies" else match[1]
    return f"{word}{plural}{_PER_SECOND if match[2] else ''}"


def number(value: float) -> str:
    """With as many decimals as say something."""
    if math.isnan(value):
        return "none"
    is_whole = abs(value) >= _WHOLE_FROM or math.isclose(value, round(value), abs_tol=1e-6)
    digits = 0 if is_whole else 1 if abs(value) >= _ONE_DECIMAL_FROM else 2
    return f"{value:,.{digits}f}"


def moment(seconds: float) -> str:
    """Unix seconds as a day and a time."""
    return f"{datetime.fromtimestamp(seconds, UTC):%a %d %b, %H:%M}"

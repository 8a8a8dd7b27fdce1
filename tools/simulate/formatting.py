"""Numbers as people read them: users, durations and dollars.

It must not know what is counted.
"""

from __future__ import annotations

import math
from datetime import datetime, time
from typing import Final

_MILLION: Final = 1_000_000
_SECONDS_READ_MAX: Final = 120
_MINUTES_READ_MAX: Final = 120
_CENT: Final = 0.01
_HUNDRED_DOLLARS: Final = 100


def number(value: float) -> str:
    """A whole number with its thousands apart."""
    return f"{value:,.0f}"


def rounded_down(users: int) -> int:
    """Two significant digits, and never more than it was."""
    step = int(10 ** max(0, len(str(users)) - 2))
    return users // step * step


def millions(users: int | None, *, rounded: bool = False) -> str:
    """A number of users; `rounded` to two digits for one that was searched for, None for "no limit"."""
    if users is None:
        return "no limit"
    shown = rounded_down(users) if rounded else users
    return f"{shown / _MILLION:,g} million" if shown >= _MILLION else number(shown)


def duration(seconds: float) -> str:
    """Seconds, minutes or hours, rounded up so that nothing looks shorter than it is."""
    whole = math.ceil(seconds)
    if whole < _SECONDS_READ_MAX:
        return f"{whole} s"
    minutes = math.ceil(seconds / 60)
    return f"{minutes} min" if minutes < _MINUTES_READ_MAX else f"{seconds / 3600:.1f} h"


def dollars(amount: float) -> str:
    """Dollars, down to a tenth of a cent where they are few."""
    if 0 < amount < _CENT:
        return f"${amount:.4f}"
    return f"${amount:,.0f}" if amount >= _HUNDRED_DOLLARS else f"${amount:,.2f}"


def clock(moment: datetime | time) -> str:
    """The time of day."""
    return moment.strftime("%H:%M")

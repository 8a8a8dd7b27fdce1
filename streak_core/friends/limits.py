"""How often a user may invite, and send a code that is none, on one day of their own. Must not know what comes of it.

Both are counted with the quotas in the home of the user's records, in the commit that they are counted in: exactly so
many, however many come at once, and an erasing gives nothing of the day back.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from streak_core.domain.rules import Rules
from streak_core.records.changes import Standing
from streak_core.records.homes import QUOTAS
from streak_core.records.kinds import Quota
from streak_core.records.quotas import QuotasUsed
from streak_core.records.standing import zone_line_of
from streak_core.store.documents import Document


@dataclass(frozen=True, kw_only=True)
class DailyLimit:
    """So many a day of what has that name; no kind of an app's has a space in it."""

    name: str
    quota: Quota


INVITATIONS_A_DAY: Final = DailyLimit(name="friend invitations", quota=Quota(count_a_day=20))
WRONG_CODES_A_DAY: Final = DailyLimit(name="wrong friend codes", quota=Quota(count_a_day=10))


def counted_today(limit: DailyLimit, found: Standing, rules: Rules, now: datetime) -> Document:
    """What the home says with one more. Raises `QuotaExceeded` where today's are used up."""
    line, used = zone_line_of(found.streak, rules), QuotasUsed.read(found.home.quotas_used)
    return {QUOTAS: used.counted(limit.name, 0, limit.quota, line, now).text}

"""Whether a user may have something recorded, and on which day of theirs, by the document of their streak.

It must not know what is recorded.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from streak_core.domain.actor import Actor
from streak_core.domain.days import ALWAYS_UTC, ZoneLine, rfc3339
from streak_core.domain.refusals import Blocked
from streak_core.domain.rules import Rules
from streak_core.store.documents import read_streak, require_ours
from streak_core.store.tombstones import is_tombstone


def zone_line_of(document: Mapping[str, Any], rules: Rules) -> ZoneLine:
    """The user's own days; without a streak those of UTC."""
    has_streak = bool(document) and not is_tombstone(document)
    zones = read_streak(document)[0].settings.zones if has_streak else ALWAYS_UTC
    return ZoneLine(zones, rules.standing.day_starts)


def check_may_write(document: Mapping[str, Any], actor: Actor | None, now: datetime) -> None:
    """Raises `Blocked` while the user is, but for whoever acts for the user, and `ForeignDocument`."""
    if not document or is_tombstone(document):
        return
    require_ours(document)
    if actor is not None:
        return
    streak, _ = read_streak(document)
    if streak.is_blocked(now):
        until = streak.block.until if streak.block else None
        raise Blocked(until=rfc3339(until) if until else None)

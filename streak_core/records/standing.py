"""Whether a user may have something recorded, and on which day of theirs, by the document of their streak.

It must not know what is recorded.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from streak_core.domain.actor import Actor
from streak_core.domain.days import ALWAYS_UTC, ZoneLine
from streak_core.domain.decision import check_not_blocked
from streak_core.domain.rules import Rules
from streak_core.domain.settings import Settings
from streak_core.domain.settings_history import unknown_zones
from streak_core.store.documents import read_streak, require_ours
from streak_core.store.tombstones import is_tombstone


def zone_line_of(document: Mapping[str, Any], rules: Rules) -> ZoneLine:
    """The user's own days; without a streak those of UTC."""
    settings = read_streak(document)[0].settings if _is_streak(document) else Settings()
    # A zone that nothing is known of has no days that could be counted by.
    zones = ALWAYS_UTC if unknown_zones(settings) else settings.zones
    return ZoneLine(zones, rules.standing.day_starts)


def check_ours(document: Mapping[str, Any]) -> None:
    """Raises `ForeignDocument` where another app has written it."""
    if document:
        require_ours(document)


def _is_streak(document: Mapping[str, Any]) -> bool:
    return bool(document) and not is_tombstone(document)


def check_may_write(document: Mapping[str, Any], actor: Actor | None, now: datetime) -> None:
    """Raises `Blocked` while the user is, but for whoever acts for the user, and `ForeignDocument`."""
    check_ours(document)
    if actor is not None or not _is_streak(document):
        return
    streak, _ = read_streak(document)
    check_not_blocked(streak, now)

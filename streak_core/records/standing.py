"""Whether a user may have something recorded, by the document of their streak. It must not know what."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from streak_core.domain.actor import Actor
from streak_core.domain.days import rfc3339
from streak_core.domain.refusals import Blocked
from streak_core.store.documents import read_streak, require_ours
from streak_core.store.tombstones import is_tombstone


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

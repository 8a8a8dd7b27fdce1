"""Tells a user's trail that a person looks at what is personal, before it is shown: once a day for each and each thing.

It must not know what is shown. What can't be told is not shown: whoever asks is refused as by any act.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from streak_core.domain.actor import Actor
from streak_core.records.acts import Act, acting, is_person, user
from streak_core.records.changes import Change, Standing
from streak_core.records.keys import once_a_day
from streak_core.records.trails import Trails

_ACTION: Final = "look"


@dataclass(frozen=True, kw_only=True)
class Looked:
    """What somebody looks at: of which kind, and which one; no name where it is all of them."""

    kind: str
    name: str = ""


def tell_look(trails: Trails, user_id: str, looked: Looked, actor: Actor | None, now: datetime) -> None:
    """Tells it where a person looks, and there is something to see.

    Raises `UserErased`, `ErasingUnfinished`, `UserBusy`, `RecordsUnreadable`, `DatabaseUnavailable`.
    """
    if not is_person(actor):
        return
    by = acting(user_id, actor)
    act = Act(actor=by, action=_ACTION, entity_type=looked.kind, entity_id=looked.name)

    def decide(found: Standing) -> Change | None:
        # Every record is written with its user's home.
        return None if found.home.version is None else Change(act=act)

    key = once_a_day(_ACTION, [by.kind.value, by.id, looked.kind, looked.name], now)
    trails.change(user(user_id), now, decide, key=key)

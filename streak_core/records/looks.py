"""Tells a user's trail that a person looks at what is personal, before it is shown: once a day for each and each thing.

It must not know what is shown. What can't be told is not shown: whoever asks is refused as by any act.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from streak_core.domain.actor import Actor
from streak_core.records.acts import Act, acting, is_person, json_text, user
from streak_core.records.chain import hash_of
from streak_core.records.changes import Change, Standing
from streak_core.records.keys import Key
from streak_core.records.trails import Trails

_ACTION: Final = "look"


@dataclass(frozen=True, kw_only=True)
class Looked:
    """What somebody looks at: of which kind, and which one; no name where it is all of them."""

    kind: str
    name: str = ""


def once_a_day(what: str, content: object, now: datetime) -> Key:
    """The key under which the same is told once on a day (UTC). No key of an app has an equals sign."""
    return Key.of(f"{what}={now:%Y-%m-%d}={hash_of(json_text(content))[:32]}", {})


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

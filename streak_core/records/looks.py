"""Tells a user's trail that a person looks at what is personal, before it is shown: once a day for each and each thing.

It must not know what is shown. What can't be told is not shown: whoever asks is refused as by any act.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from streak_core.domain.actor import Actor
from streak_core.domain.errors import ErasingUnfinished
from streak_core.domain.refusals import UserErased
from streak_core.records.acts import EVERYBODY, Act, acting, is_person, user
from streak_core.records.changes import Change, Standing
from streak_core.records.keys import once_a_day
from streak_core.records.trails import Trails

_ACTION: Final = "look"
_LOOKUP: Final = "find_user"
# What somebody sees who has found a user.
_ACCOUNT: Final = "account"


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
        # Every record is written with its user's home; of whoever was erased a look begins nothing anew.
        return Change(act=act) if found.has_records else None

    key = once_a_day(_ACTION, [by.kind.value, by.id, looked.kind, looked.name], now)
    trails.change(user(user_id), now, decide, key=key)


def tell_lookup(trails: Trails, by: str, user_id: str | None, actor: Actor | None, now: datetime) -> None:
    """Tells everybody's trail that a person looks for an account `by` a thing of that kind, and whether there is one.

    Each time, so that a search through many addresses is seen as one; never what was looked for, nor a hash of it,
    which would confirm a guess. Of whoever is found the user's own trail is told as of any look. Raises as `tell_look`.
    """
    if actor is None or not is_person(actor):
        return
    details = {"found": user_id is not None}
    act = Act(actor=acting(actor.id, actor), action=_LOOKUP, entity_type=by, entity_id="", details=details)
    trails.append(EVERYBODY, act, now)
    if user_id is not None:
        with suppress(UserErased, ErasingUnfinished):
            tell_look(trails, user_id, Looked(kind=_ACCOUNT), actor, now)

"""Stored form 2 of what every ledger entry has. Once deployed, it changes no more. Must not know what it means."""

from __future__ import annotations

from datetime import date, datetime
from typing import NotRequired

from typing_extensions import TypedDict

from streak_core.store.forms.closed import closed


@closed
class Actor(TypedDict):
    """Who gave a command for the user."""

    kind: str
    id: str


class AnyEntry(TypedDict):
    """What every text `entry` of a ledger document has."""

    entry_id: str
    seq: int
    at: datetime
    today: date
    time_zone: str
    actor: NotRequired[Actor]
    amnesties: NotRequired[int]

"""Stored form 2 of challenges that were joined. Once deployed, it changes no more. Must not know what it means."""

from __future__ import annotations

from datetime import date
from typing import NotRequired

from typing_extensions import TypedDict

from streak_core.store.forms.closed import closed


@closed
class Terms(TypedDict):
    """What a challenge asks for and gives."""

    name: str
    from_day: date
    until_day: date
    categories: NotRequired[list[str]]
    activity_types: NotRequired[list[str]]
    target: int
    xp: NotRequired[int]
    freezes: NotRequired[int]


@closed
class Joined(TypedDict):
    """A challenge that was joined, and by which entry."""

    seq: int
    terms: Terms

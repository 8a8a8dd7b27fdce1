"""Stored form 2 of a seat at the leaderboards. Once deployed, it changes no more. Must not know what it means."""

from __future__ import annotations

from datetime import date
from typing import NotRequired

from typing_extensions import TypedDict

from streak_core.store.forms.closed import closed


@closed
class Standing(TypedDict):
    """What days count."""

    xp: NotRequired[int]
    streak: NotRequired[int]


@closed
class Seat(TypedDict):
    """How a user takes part, or is kept out of what others see."""

    name: NotRequired[str]
    group: NotRequired[str]
    hidden: NotRequired[bool]
    since: NotRequired[date]

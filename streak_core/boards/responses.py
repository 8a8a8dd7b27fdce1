"""The shapes of what clients read of a leaderboard. Must not know HTTP or storage.

Nothing in them is made of a user's id: whoever reads one knows names alone, and which row is their own.
"""

from __future__ import annotations

from typing import NotRequired, TypedDict


class RowResponse(TypedDict):
    """Somebody at a board; `me` is there where it is whoever asks."""

    rank: int
    name: str
    score: int
    me: NotRequired[bool]


class OwnRankResponse(TypedDict):
    """Where whoever asks stands; where it is not exact, at best there."""

    rank: int
    exact: bool
    score: int


class BoardResponse(TypedDict):
    """A leaderboard as of now."""

    span: str
    by: str
    period: str | None
    group: str | None
    final: bool
    top: list[RowResponse]
    me: OwnRankResponse | None
    around: list[RowResponse]

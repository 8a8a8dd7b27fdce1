"""Stored form 2 of ledger entries about leaderboards. Once deployed, they change no more.

They must not know what any of it means.
"""

from __future__ import annotations

from datetime import date
from typing import Literal, NotRequired, TypeAlias

from streak_core.store.forms.closed import closed
from streak_core.store.forms.v2_boards import Standing
from streak_core.store.forms.v2_entry import AnyEntry


@closed
class BoardJoinEntry(AnyEntry):
    """A seat was taken, or has another name or group."""

    kind: Literal["board_join"]
    board_name: str
    group: NotRequired[str]
    is_new: NotRequired[bool]
    before: NotRequired[dict[str, Standing]]
    since: NotRequired[date]


@closed
class BoardLeaveEntry(AnyEntry):
    """A seat was left."""

    kind: Literal["board_leave"]


@closed
class BoardHideEntry(AnyEntry):
    """A user was hidden from others."""

    kind: Literal["board_hide"]


@closed
class BoardShowEntry(AnyEntry):
    """A user was shown to others again."""

    kind: Literal["board_show"]


BoardEntry: TypeAlias = BoardJoinEntry | BoardLeaveEntry | BoardHideEntry | BoardShowEntry

"""What is kept of final standings: how far a period is, and of each board how many were placed.

It must not know who was placed: that is in the events of each user alone, and goes with them. A board's group is a word
that users chose, so its document is named by a hash; a period says through which group it is only while it is at work.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Final, Literal

from pydantic import BaseModel, ConfigDict, TypeAdapter

from streak_core.boards.pages import Board
from streak_core.store.documents import Moment
from streak_core.store.reading import contents, read_one
from streak_core.store.unreadable import reading
from streak_core.store.writing import commit

if TYPE_CHECKING:
    from datetime import datetime

    from google.cloud import firestore

    from streak_core.domain.boards import Period
    from streak_core.store.documents import Document

STANDINGS: Final = "leaderboard_standings"
# A month is among those that are gone on with for at most two months from when it is final.
KEPT_FOR: Final = timedelta(days=100)
_VERSION: Final = 1
_THROUGH: Final = "through"
_IS_DONE: Final = "is_done"
# What no group is called: the boards of everybody come first.
EVERYBODY: Final = ""


@dataclass(frozen=True, kw_only=True)
class Progress:
    """How far the boards of a period are: through the ones of that group, None before the first and once all are."""

    through: str | None = None
    is_done: bool = False


class _ProgressForm(BaseModel):
    """As it is stored; closed, as all that is."""

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)

    schema_version: Literal[1]
    through: str | None
    is_done: bool
    at: Moment
    expire_at: Moment

    @property
    def progress(self) -> Progress:
        """What it says."""
        return Progress(through=self.through, is_done=self.is_done)


_PROGRESS: Final = TypeAdapter(_ProgressForm)


class StandingStore:
    """The documents of final standings."""

    def __init__(self, client: firestore.Client) -> None:
        """Uses `client`."""
        self._client = client
        self._standings = client.collection(STANDINGS)

    def progress(self, period: Period) -> Progress:
        """How far a period is. Raises `DatabaseUnavailable`, `UnreadableStreakError`."""
        found = contents(read_one(self._standings.document(_name(period))))
        with reading():
            return _PROGRESS.validate_python(found).progress if found else Progress()

    def keep(self, period: Period, progress: Progress, now: datetime) -> None:
        """Notes how far a period is. Raises `CommitFailed`."""
        fields = {_THROUGH: progress.through, _IS_DONE: progress.is_done}
        self._put(_name(period), fields, now)

    def is_placed(self, board: Board) -> bool:
        """Whether the final standing of a board is written. Raises `DatabaseUnavailable`."""
        return bool(read_one(self._standings.document(_hashed(board))).exists)

    def place(self, board: Board, placed: int, now: datetime) -> None:
        """Writes that it is, and how many were placed. Raises `CommitFailed`."""
        self._put(_hashed(board), {"placed": placed}, now)

    def _put(self, name: str, fields: Document, now: datetime) -> None:
        document = {"schema_version": _VERSION, **fields, "at": now, "expire_at": now + KEPT_FOR}
        commit(self._client, lambda transaction: transaction.set(self._standings.document(name), document))


def _name(period: Period) -> str:
    return f"{period.span.value}.{period.label}"


def _hashed(board: Board) -> str:
    return hashlib.sha256(board.name.encode()).hexdigest()

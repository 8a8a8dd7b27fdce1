"""Who is blocked, at one read each: the home of a user's records says it in the commit of the block.

It must not know what a block does.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from google.cloud import firestore
from google.cloud.firestore_v1.base_query import FieldFilter

from streak_core.domain.commands import BlockUser, UnblockUser
from streak_core.domain.model import Streak
from streak_core.store.documents import Document, plain_utc, user_id_of
from streak_core.store.reading import Cursor, contents, read_page
from streak_core.store.whole_user import RECORDS

_UNTIL: Final = "blocked_until"
# What is stored of a block that does not end by itself: it is behind all others.
_FOR_EVER: Final = datetime(9999, 1, 1, tzinfo=UTC)
_COMMANDS: Final = frozenset({BlockUser.name, UnblockUser.name})


@dataclass(frozen=True, kw_only=True)
class BlockedUser:
    """A user who is blocked, and until when; None where it does not end by itself."""

    user_id: str
    until: datetime | None


def noted_block(command: str, streak: Streak) -> Document:
    """What the home says once that command is carried out; nothing for commands that are about no block."""
    if command not in _COMMANDS:
        return {}
    if streak.block is None:
        return {_UNTIL: firestore.DELETE_FIELD}
    return {_UNTIL: streak.block.until or _FOR_EVER}


def blocked_users(client: firestore.Client, now: datetime, limit: int, after: Cursor | None) -> Sequence[BlockedUser]:
    """Those who are blocked at that moment, whose block ends first first, after one. Raises `DatabaseUnavailable`."""
    records = client.collection(RECORDS)
    query = records.where(filter=FieldFilter(_UNTIL, ">", now)).order_by(_UNTIL).order_by("__name__").select((_UNTIL,))
    if after:
        query = query.start_after({_UNTIL: after[0], "__name__": records.document(after[1])})
    return [
        BlockedUser(user_id=user_id_of(one.id), until=None if until >= _FOR_EVER else until)
        for one in read_page(query, limit)
        for until in [plain_utc(contents(one)[_UNTIL])]
    ]

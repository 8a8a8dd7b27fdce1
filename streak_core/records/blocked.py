"""Who is blocked, at one read each: the home of a user's records says it in the commit of the block.

It must not know what a block does.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from google.cloud import firestore
from google.cloud.firestore_v1.base_query import FieldFilter

from streak_core.domain.commands import BlockUser, UnblockUser
from streak_core.domain.model import Streak
from streak_core.store.documents import Document, plain_utc, user_id_of
from streak_core.store.reading import Cursor, contents, read_page
from streak_core.store.whole_user import BLOCKED_FOR_EVER, BLOCKED_UNTIL, RECORDS

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
        return {BLOCKED_UNTIL: firestore.DELETE_FIELD}
    return {BLOCKED_UNTIL: streak.block.until or BLOCKED_FOR_EVER}


def blocked_users(client: firestore.Client, now: datetime, limit: int, after: Cursor | None) -> Sequence[BlockedUser]:
    """Those who are blocked at that moment, whose block ends first first, after one. Raises `DatabaseUnavailable`."""
    records = client.collection(RECORDS)
    query = (
        records.where(filter=FieldFilter(BLOCKED_UNTIL, ">", now))
        .order_by(BLOCKED_UNTIL)
        .order_by("__name__")
        .select((BLOCKED_UNTIL,))
    )
    if after:
        query = query.start_after({BLOCKED_UNTIL: after[0], "__name__": records.document(after[1])})
    return [
        BlockedUser(user_id=user_id_of(one.id), until=None if until >= BLOCKED_FOR_EVER else until)
        for one in read_page(query, limit)
        for until in [plain_utc(contents(one)[BLOCKED_UNTIL])]
    ]

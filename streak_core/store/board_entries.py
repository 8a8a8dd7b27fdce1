"""What leaderboards show of a user: one document below the user's own, written in the commit that changes it.

It must not know how anybody is asked for, nor decide anything. It is written whole but for periods that are final,
which stay as they were, since nothing is read for it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from google.cloud import firestore

from streak_core.domain.boards import Period, RankedBy
from streak_core.domain.standings import Placed, placed
from streak_core.store.writing import nothing_else

if TYPE_CHECKING:
    from datetime import datetime

    from streak_core.domain.boards import Standing
    from streak_core.domain.model import Streak
    from streak_core.domain.replay import View
    from streak_core.store.documents import Document
    from streak_core.store.writing import Writer

BOARD_ENTRIES: Final = "leaderboard_entries"
# The one document that there is below a user.
ENTRY: Final = "entry"
VERSION: Final = 1
NAME: Final = "name"
GROUP: Final = "group"
IS_SHOWN: Final = "is_shown"
# Of all days, and what a part has: which boards it stands at, and with which score.
ALL: Final = "all"
STANDS_AT: Final = "at"


def part_of(period: Period | None) -> str:
    """The field that the numbers of a period stand in; None is all days."""
    return ALL if period is None else f"{period.span.value}_{period.slot}"


def key_of(period: Period | None, group: str | None) -> str:
    """What an entry has of a board that it stands at: one for everybody, and one for its group."""
    label = ALL if period is None else period.label
    # No group has a slash.
    return label if group is None else f"{label}/{group}"


def entry_writer(user_doc: firestore.DocumentReference, before: Streak | None, after: Streak, view: View) -> Writer:
    """Writes what others see of the user from now on; of whoever takes no part and took none, nothing."""
    ref = user_doc.collection(BOARD_ENTRIES).document(ENTRY)
    now_placed = placed(after, view)
    if now_placed is not None:
        document = entry_document(now_placed, view.now)
        return lambda transaction: transaction.set(ref, document, merge=True)
    if before is not None and before.seat is not None and before.seat.is_taken:
        return lambda transaction: transaction.delete(ref)
    return nothing_else


def entry_document(one: Placed, now: datetime) -> Document:
    """The fields that are written; parts of final periods are none of them."""
    parts = {part_of(period): _part(period, one.group, standing) for period, standing in one.periods.items()}
    return {
        "schema_version": VERSION,
        NAME: one.name,
        GROUP: firestore.DELETE_FIELD if one.group is None else one.group,
        IS_SHOWN: one.is_shown,
        "updated_at": now,
        ALL: _part(None, one.group, one.all_time),
        **parts,
    }


def _part(period: Period | None, group: str | None, standing: Standing) -> Document:
    keys = [key_of(period, None), *([] if group is None else [key_of(period, group)])]
    return {STANDS_AT: keys, **{by.value: standing.of(by) for by in RankedBy}}

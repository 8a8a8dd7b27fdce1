"""Decides on undoing an activity and on resetting the streak.

It must not know HTTP or storage.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from streak_core.domain.decision import Decision, UserState, accept, unchanged
from streak_core.domain.errors import ActivityNotFound, UndoTooLate
from streak_core.domain.model import EntryKind

if TYPE_CHECKING:
    from streak_core.domain.model import LedgerEntry


def undo_entry_id(activity_id: str) -> str:
    """The ledger's id of the undoing of an activity."""
    return f"{EntryKind.UNDO}.{activity_id}"


def decide_undo(state: UserState, entry: LedgerEntry | None, *, is_undone: bool) -> Decision:
    """Takes the recorded activity away as if it had never been. Raises `ActivityNotFound`, `UndoTooLate`."""
    if entry is None or entry.activity is None:
        raise ActivityNotFound
    if is_undone:
        return unchanged(state)
    if (state.view.today - entry.activity.day).days > state.policy.activities.undo_days_max:
        raise UndoTooLate
    activity_id = entry.activity.activity_id
    return accept(
        state,
        EntryKind.UNDO,
        {"activity_id": activity_id},
        entry_id=undo_entry_id(activity_id),
        activity=entry.activity,
        of_seq=entry.seq,
    )


def decide_reset(state: UserState) -> Decision:
    """Sets the streak to 0. A second reset with nothing counted in between changes nothing more."""
    record = state.streak.tail.get(state.view.today)
    if record and record.reset and not record.reset.counted_since:
        return unchanged(state)
    return accept(state, EntryKind.RESET, {})

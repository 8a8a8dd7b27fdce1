"""Decides on undoing an activity and on resetting the streak.

It must not know HTTP or storage.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from streak_core.domain.decision import Decision, Situation, accept, unchanged
from streak_core.domain.errors import ActivityNotFound, UndoTooLate
from streak_core.domain.model import EntryKind

if TYPE_CHECKING:
    from streak_core.domain.model import LedgerEntry


def undo_entry_id(activity_id: str) -> str:
    """The ledger's id of the undoing of an activity."""
    return f"{EntryKind.UNDO}.{activity_id}"


def decide_undo(here: Situation, entry: LedgerEntry | None, *, is_undone: bool) -> Decision:
    """Takes the recorded activity away as if it had never been. Raises `ActivityNotFound`, `UndoTooLate`."""
    if entry is None or entry.activity is None:
        raise ActivityNotFound
    if is_undone:
        return unchanged(here)
    if (here.view.today - entry.activity.day).days > here.policy.activities.undo_days_max:
        raise UndoTooLate
    activity_id = entry.activity.activity_id
    return accept(
        here,
        EntryKind.UNDO,
        {"activity_id": activity_id},
        entry_id=undo_entry_id(activity_id),
        activity=entry.activity,
        of_seq=entry.seq,
    )


def decide_reset(here: Situation) -> Decision:
    """Sets the streak to 0. A second reset with nothing counted in between changes nothing more."""
    record = here.streak.tail.get(here.view.today)
    if record and record.reset and not record.reset.counted_since:
        return unchanged(here)
    return accept(here, EntryKind.RESET, {})

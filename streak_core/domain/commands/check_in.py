"""The check-in of today through the once-a-day command: an activity whose name the day gives.

It must not know HTTP or storage.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Final

from streak_core.domain.commands.base import AlreadyRecorded, BaseCommand, Sent
from streak_core.domain.commands.record import ActivityRecorded, RecordActivity
from streak_core.domain.entries import EntryKind, activity_entry_id, check_in_id
from streak_core.domain.model import NO_RECORD

if TYPE_CHECKING:
    from collections.abc import Mapping

    from streak_core.domain.entries import LedgerEntry
    from streak_core.domain.state import UserState

ACTIVITY_TYPE: Final = "check_in"


@dataclass(frozen=True, kw_only=True, slots=True)
class CheckIn(BaseCommand):
    """Check in for today: once a day, however often it is asked."""

    name: ClassVar[str] = "check_in"
    kind: ClassVar[EntryKind] = EntryKind.ACTIVITY

    def request(self) -> Sent:
        """That of the activity which it records."""
        return {"activity_type": ACTIVITY_TYPE, "metadata": {}}

    def entry_id(self, key: str | None) -> str | None:
        """Its name depends on today, which only the decision knows; no key makes it another one."""
        del key
        return None

    def decide(self, state: UserState, found: Mapping[str, LedgerEntry]) -> ActivityRecorded | AlreadyRecorded:
        """The check-in of today, unless it is recorded and not undone. Raises as recording does."""
        today = state.view.today
        record = state.streak.tail.get(today, NO_RECORD)
        is_recorded = record.check_ins > record.check_ins_undone
        activity_id = check_in_id(today, record.check_ins + (not is_recorded))
        if is_recorded:
            return AlreadyRecorded(entry_id=activity_entry_id(activity_id))
        return RecordActivity(activity_id=activity_id, activity_type=ACTIVITY_TYPE, metadata={}).decide(state, found)

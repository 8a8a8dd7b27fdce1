"""The check-in of a day through the once-a-day command: an activity whose name the key or the day gives.

It must not know HTTP or storage.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Final

from streak_core.domain.commands.base import AlreadyRecorded, BaseCommand, Sent
from streak_core.domain.commands.record import ActivityRecorded, RecordActivity, placed_at
from streak_core.domain.day_records import live_check_in
from streak_core.domain.entries import EntryKind, check_in_id, named_entry_id
from streak_core.domain.model import NO_RECORD
from streak_core.domain.zone_statements import is_known
from streak_core.domain.zones import zone

if TYPE_CHECKING:
    from collections.abc import Mapping

    from streak_core.domain.entries import Found
    from streak_core.domain.rules import Rules
    from streak_core.domain.state import UserState

ACTIVITY_TYPE: Final = "check_in"


@dataclass(frozen=True, kw_only=True, slots=True)
class CheckIn(BaseCommand):
    """Check in for today, or for the day there where it says its zone: once a day, and once more after a reset."""

    name: ClassVar[str] = "check_in"
    kind: ClassVar[EntryKind] = EntryKind.ACTIVITY

    time_zone: str | None = None
    # The client's key, which is the id of what is recorded.
    key: str | None = None

    def check(self, rules: Rules) -> None:
        """Raises `Malformed` for a zone that does not exist."""
        del rules
        if self.time_zone is not None:
            zone(self.time_zone)

    def request(self) -> Sent:
        """That of the activity which it records."""
        return self._activity("").request()

    def decide(self, state: UserState, found: Mapping[str, Found]) -> ActivityRecorded | AlreadyRecorded:
        """The check-in of the day, unless it is recorded and not undone. Raises as recording does."""
        place = placed_at(state, state.view.now, self.time_zone)
        record = place.streak.tail.get(place.day, NO_RECORD)
        live = live_check_in(record)
        if live:
            is_new = self.time_zone is not None and not is_known(state, self.time_zone, state.view.now)
            return AlreadyRecorded(entry_id=named_entry_id(live.activity_id), zone=place.said if is_new else None)
        return self._activity(self.key or check_in_id(place.day, record.check_ins_ever + 1)).decide(state, found)

    def _activity(self, activity_id: str) -> RecordActivity:
        return RecordActivity(
            activity_id=activity_id,
            activity_type=ACTIVITY_TYPE,
            metadata={},
            time_zone=self.time_zone,
            is_check_in=True,
        )

"""What time has decided of a user, and nobody has written down yet.

It must not know amnesties (judging anew does) or storage.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from streak_core.domain.days import ONE_DAY
from streak_core.domain.events import time_events
from streak_core.domain.replay import replay

if TYPE_CHECKING:
    from datetime import date, datetime

    from streak_core.domain.events import Event, EventKind
    from streak_core.domain.model import DayJudged, Streak
    from streak_core.domain.replay import View
    from streak_core.domain.rules import Rules


@dataclass(frozen=True, kw_only=True)
class Settlement:
    """The derived fields as of now, and the events that were not written yet."""

    view: View
    settled_through: date
    events: tuple[Event, ...]
    # The state, where the list of amnesties has changed since it was written, and the decided days that are otherwise
    # now.
    judged_anew: Streak | None = None
    decided: tuple[DayJudged, ...] = ()
    # Whether decided days stayed as they are, since the ledger does not prove the user.
    is_unproved: bool = False

    def count(self, kind: EventKind) -> int:
        """How many of the events are of that kind."""
        return sum(1 for event in self.events if event.kind is kind)


def settle(streak: Streak, settled_through: date | None, rules: Rules, now: datetime) -> Settlement:
    """What time has decided of the user up to `now`."""
    view = replay(streak, rules, now)
    yesterday = view.today - ONE_DAY
    return Settlement(
        view=view,
        settled_through=max(yesterday, settled_through or yesterday),
        events=time_events(view, settled_through),
    )

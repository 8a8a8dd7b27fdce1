"""Decides what maintenance writes of a due user: nothing but what time has decided already.

It must not change the checkpoint, the tail or the settings, so that no answer depends on whether it ran.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from streak_core.days import ONE_DAY
from streak_core.events import Event, EventKind, time_events
from streak_core.replay import View, replay

if TYPE_CHECKING:
    from datetime import date, datetime

    from streak_core.model import Streak
    from streak_core.policy import Policy


@dataclass(frozen=True, kw_only=True)
class Settlement:
    """The derived fields as of now, and the events that were not written yet."""

    view: View
    settled_through: date
    events: tuple[Event, ...]

    def count(self, kind: EventKind) -> int:
        """How many of the events are of that kind."""
        return sum(1 for event in self.events if event.kind is kind)


def settle(streak: Streak, settled_through: date | None, policy: Policy, now: datetime) -> Settlement:
    """What time has decided of the user up to `now`."""
    view = replay(streak, policy, now)
    yesterday = view.today - ONE_DAY
    return Settlement(
        view=view,
        settled_through=max(yesterday, settled_through or yesterday),
        events=time_events(view, settled_through),
    )

"""A user as stored and as seen now: what every decision starts from.

It must not know any single command.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from streak_core.domain.ledger import fresh
from streak_core.domain.refusals import TimeZoneUnknown
from streak_core.domain.replay import View, replay
from streak_core.domain.settings_history import unknown_zones, with_zones_replaced

if TYPE_CHECKING:
    from datetime import date, datetime

    from streak_core.domain.calendar import CalendarDay
    from streak_core.domain.events import Event
    from streak_core.domain.model import DayJudged, Numbered, Streak
    from streak_core.domain.policy import Policy
    from streak_core.domain.rules import Rules


@dataclass(frozen=True, kw_only=True)
class UserState:
    """A user as stored, and as seen now."""

    # Whether anything is stored of the user; `streak` is a fresh one otherwise.
    exists: bool
    streak: Streak
    # The last day whose time events are written.
    settled_through: date | None
    view: View
    # Zones of the user that the time zone data does not have, and another one was taken for.
    replaced_zones: tuple[str, ...] = ()
    # What is recorded and not undone, of the tail and the day before it; only where a command says the first zone, or
    # where the user was some time ago.
    recorded: tuple[Numbered, ...] = ()
    # Decided days of periods that are not over; only where a seat at the leaderboards is taken.
    decided: tuple[CalendarDay, ...] = ()
    # Where the list of amnesties has changed since the last command: what that brought, not written down yet, and the
    # decided days that are otherwise now.
    told_anew: tuple[Event, ...] = ()
    decided_anew: tuple[DayJudged, ...] = ()

    @property
    def rules(self) -> Rules:
        """The rules as everybody knows them now."""
        return self.view.rules

    @property
    def policy(self) -> Policy:
        """The policy that is in force today: what is asked for is admitted by it."""
        return self.view.policy


def user_state(
    streak: Streak | None,
    settled_through: date | None,
    rules: Rules,
    now: datetime,
    *,
    instead_of_unknown: str | None = None,
    recorded: tuple[Numbered, ...] = (),
) -> UserState:
    """How a user stands at `now` (timezone-aware).

    Raises `TimeZoneUnknown` where a stored zone is not known and no zone is given to be taken instead.
    """
    known = streak or fresh(now, rules.known_at(now))
    unknown = unknown_zones(known.settings)
    if unknown and instead_of_unknown is None:
        raise TimeZoneUnknown(zone=unknown[0][:64])
    if instead_of_unknown is not None:
        known = with_zones_replaced(known, unknown, instead_of_unknown, rules.standing)
    return UserState(
        exists=streak is not None,
        streak=known,
        settled_through=settled_through,
        view=replay(known, rules, now),
        replaced_zones=unknown,
        recorded=recorded,
    )

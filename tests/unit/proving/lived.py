"""Lives among which a job runs now and then, and whether their ledger leads to all that is stored of them."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from streak_core.domain.calendar import CalendarDay, sealed_rows
from streak_core.proving.proof import Rebuild
from tests.support.living import attempt

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from streak_core.domain.events import Event
    from testing.pure_user import PureUser
    from testing.steps import Step


def lived(user: PureUser, life: Sequence[Step], runs: Sequence[tuple[int, int]]) -> datetime:
    """The last moment of a life, of which so many minutes before or after some steps the job settles the user."""
    last = datetime.fromisoformat(life[0]["at"])
    for number, step in enumerate(life):
        moments = [datetime.fromisoformat(step["at"]) + timedelta(minutes=late) for at, late in runs if at == number]
        for moment in moments:
            user.step({"at": moment.isoformat(), "do": "maintenance"})
        attempt(user, step)
        last = max(last, datetime.fromisoformat(step["at"]), *moments)
    return last


def check_leads_to_what_is_stored(user: PureUser, last: datetime) -> None:
    """State, settled days, decided days and events are what the ledger leads to."""
    rebuild = Rebuild(user.rules)
    events: dict[str, Event] = {}
    days: dict[date, CalendarDay] = {}
    for entry in user.entries:
        decision = rebuild.take(entry)
        events |= {event.event_id: event for event in (*decision.settled, *decision.events)}
        days |= {row.day: row for row in sealed_rows(decision.sealed, user.rules)}
    if not user.entries:
        return
    closing = rebuild.closing(user.settled_through, last)
    events |= {event.event_id: event for event in closing.events}
    assert closing.streak == user.streak
    assert closing.settled_through == user.settled_through
    assert days == user.decided
    assert events == user.events

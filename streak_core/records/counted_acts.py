"""What is counted of acts: of everybody those that failed, and of each user how much they did themselves.

It must not know where entries are kept, or how a counter is.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Final

from streak_core.records.active_users import ACTS, acted
from streak_core.records.acts import APP, ActStatus
from streak_core.records.chain import Entry
from streak_core.records.counters import Count, day_of
from streak_core.records.counting import Counters, CountersUpdate
from streak_core.records.homes import RecordHome

# Acts of the service that were refused, or broke, by action and status; and what apps note of that kind, which takes no
# key away from those.
FAILED_ACTIONS: Final = "failed-actions"
FAILED_NOTES: Final = "failed-notes"


def counts_of(entry: Entry) -> tuple[Count, ...]:
    """What is counted of an act, whatever it was."""
    act = entry.act
    if act.status is ActStatus.SUCCESS:
        return ()
    is_noted = act.action.startswith(APP)
    name = FAILED_NOTES if is_noted else FAILED_ACTIONS
    return (Count(name=name, key=(act.action, act.status.value), is_listed=not is_noted),)


def counted_acts(
    counters: Counters, home: RecordHome, entries: Sequence[Entry], now: datetime, *, untold: int = 0
) -> CountersUpdate:
    """What counts these acts in the commit that writes the home, and so many of the user's own that no trail is told.

    Raises as `Counters.counted` does.
    """
    at = entries[-1].at if entries else now
    counted = counters.counted(home, [count for one in entries for count in counts_of(one)], at)
    own = sum(one.act.actor == home.subject for one in entries) + untold
    return replace(counted, home={**counted.home, ACTS: acted(home.acts, day_of(at), own)}) if own else counted

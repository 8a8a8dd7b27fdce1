"""What every decision starts from and ends in: the situation of a user, and the decision that is to be written.

It must not know any single command.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from streak_core.domain.errors import RateLimited
from streak_core.domain.events import Change, Event, time_events
from streak_core.domain.ledger import advance, edit, fresh
from streak_core.domain.model import Activity, DayJudged, EntryKind, LedgerEntry, Streak
from streak_core.domain.rate_limit import seconds_to_wait
from streak_core.domain.replay import View, replay

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date, datetime

    from streak_core.domain.policy import Policy


@dataclass(frozen=True, kw_only=True)
class Situation:
    """A user as stored, and as seen now."""

    # Whether anything is stored of the user; `streak` is a fresh one otherwise.
    exists: bool
    streak: Streak
    # The last day whose time events are written.
    settled_through: date | None
    policy: Policy
    view: View


@dataclass(frozen=True, kw_only=True)
class Decision:
    """What a command leads to. Without an `entry` nothing changed and nothing is to be written."""

    # Whether this very command creates the user's streak.
    creates: bool
    streak: Streak
    view: View
    entry: LedgerEntry | None = None
    # What the command caused; part of its answer.
    events: tuple[Event, ...] = ()
    # What time had decided before it, to be written with it, and ids of such events that came too early.
    settled: tuple[Event, ...] = ()
    retracted: tuple[str, ...] = ()
    # Days that left the tail.
    sealed: tuple[DayJudged, ...] = ()


def situation(streak: Streak | None, settled_through: date | None, policy: Policy, now: datetime) -> Situation:
    """How a user stands at `now` (timezone-aware)."""
    known = streak or fresh(now, policy)
    return Situation(
        exists=streak is not None,
        streak=known,
        settled_through=settled_through,
        policy=policy,
        view=replay(known, policy, now),
    )


def unchanged(here: Situation) -> Decision:
    """The decision that nothing is to be done."""
    return Decision(creates=False, streak=here.streak, view=here.view)


def accept(
    here: Situation,
    kind: EntryKind,
    sent: Mapping[str, Any],
    *,
    entry_id: str | None = None,
    activity: Activity | None = None,
    of_seq: int | None = None,
) -> Decision:
    """The decision to carry a command out: the new state, its ledger entry, and all events. Raises `RateLimited`."""
    wait = seconds_to_wait(here.streak.pace, here.view.now, here.policy.limits)
    if wait:
        raise RateLimited(wait)
    seq = here.streak.seq + 1
    entry = LedgerEntry(
        entry_id=entry_id or f"{seq:010d}.{kind}",
        kind=kind,
        seq=seq,
        at=here.view.now,
        today=here.view.today,
        time_zone=here.view.timeline.time_zone,
        sent=sent,
        activity=activity,
        of_seq=of_seq,
    )
    return carried_out(here, entry)


def carried_out(here: Situation, entry: LedgerEntry) -> Decision:
    """What an accepted command leads to: it follows from its entry alone, so that a ledger can prove it."""
    edited = edit(here.streak, entry, here.policy)
    view = replay(edited, here.policy, here.view.now)
    change = Change(
        entry=entry, policy=here.policy, streak_before=here.streak, streak=edited, before=here.view, after=view
    )
    moved, sealed = advance(edited, here.policy)
    return Decision(
        creates=not here.exists,
        streak=moved,
        view=view,
        entry=entry,
        events=change.events(),
        settled=time_events(here.view, here.settled_through),
        retracted=_told_too_early(here),
        sealed=sealed,
    )


def _told_too_early(here: Situation) -> tuple[str, ...]:
    """Time events that a job with a fast clock wrote for days that are not over yet."""
    through = here.settled_through
    if through is None or through < here.view.today:
        return ()
    then = replay(here.streak, here.policy, here.view.timeline.ends_at(through))
    return tuple(event.event_id for event in time_events(then, None) if event.day >= here.view.today)

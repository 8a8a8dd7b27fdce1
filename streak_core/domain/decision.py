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
class UserState:
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


def user_state(streak: Streak | None, settled_through: date | None, policy: Policy, now: datetime) -> UserState:
    """How a user stands at `now` (timezone-aware)."""
    known = streak or fresh(now, policy)
    return UserState(
        exists=streak is not None,
        streak=known,
        settled_through=settled_through,
        policy=policy,
        view=replay(known, policy, now),
    )


def unchanged(state: UserState) -> Decision:
    """The decision that nothing is to be done."""
    return Decision(creates=False, streak=state.streak, view=state.view)


def accept(
    state: UserState,
    kind: EntryKind,
    sent: Mapping[str, Any],
    *,
    entry_id: str | None = None,
    activity: Activity | None = None,
    of_seq: int | None = None,
) -> Decision:
    """The decision to carry a command out: the new state, its ledger entry, and all events. Raises `RateLimited`."""
    wait = seconds_to_wait(state.streak.pace, state.view.now, state.policy.limits)
    if wait:
        raise RateLimited(wait)
    seq = state.streak.seq + 1
    entry = LedgerEntry(
        entry_id=entry_id or f"{seq:010d}.{kind}",
        kind=kind,
        seq=seq,
        at=state.view.now,
        today=state.view.today,
        time_zone=state.view.timeline.time_zone,
        sent=sent,
        activity=activity,
        of_seq=of_seq,
    )
    return carried_out(state, entry)


def carried_out(state: UserState, entry: LedgerEntry) -> Decision:
    """What an accepted command leads to: it follows from its entry alone, so that a ledger can prove it."""
    edited = edit(state.streak, entry, state.policy)
    view = replay(edited, state.policy, state.view.now)
    change = Change(
        entry=entry, policy=state.policy, streak_before=state.streak, streak=edited, before=state.view, after=view
    )
    moved, sealed = advance(edited, state.policy)
    return Decision(
        creates=not state.exists,
        streak=moved,
        view=view,
        entry=entry,
        events=change.events(),
        settled=time_events(state.view, state.settled_through),
        retracted=_told_too_early(state),
        sealed=sealed,
    )


def _told_too_early(state: UserState) -> tuple[str, ...]:
    """Time events that a job with a fast clock wrote for days that are not over yet."""
    through = state.settled_through
    if through is None or through < state.view.today:
        return ()
    then = replay(state.streak, state.policy, state.view.timeline.ends_at(through))
    return tuple(event.event_id for event in time_events(then, None) if event.day >= state.view.today)

"""Decides commands and carries their entries out: the new state, the ledger entry, and everything that happened.

It must not know HTTP or storage, and no single command: what is special of one stands in its module.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from streak_core.domain.commands import AlreadyRecorded
from streak_core.domain.entries import LedgerEntry, numbered_entry_id
from streak_core.domain.errors import RateLimited
from streak_core.domain.events import Change, Event, time_events
from streak_core.domain.ledger import advance, edit
from streak_core.domain.rate_limit import seconds_to_wait
from streak_core.domain.replay import View, replay

if TYPE_CHECKING:
    from collections.abc import Mapping

    from streak_core.domain.commands import Command, Content
    from streak_core.domain.model import DayJudged, Streak
    from streak_core.domain.state import UserState


@dataclass(frozen=True, kw_only=True)
class Decision:
    """What a command leads to. Without an `entry` nothing changed and nothing is to be written."""

    # Whether this very command creates the user's streak.
    creates: bool
    streak: Streak
    view: View
    entry: LedgerEntry | None = None
    # The ledger entry of the same command given before, whose answer is to be given again.
    repeats: str | None = None
    # What the command caused; part of its answer.
    events: tuple[Event, ...] = ()
    # What time had decided before it, to be written with it, and ids of such events that came too early.
    settled: tuple[Event, ...] = ()
    retracted: tuple[str, ...] = ()
    # Days that left the tail.
    sealed: tuple[DayJudged, ...] = ()


def decide(state: UserState, command: Command, found: Mapping[str, LedgerEntry], *, key: str | None = None) -> Decision:
    """What a command leads to, given under an idempotency key or none.

    `found` has those entries of the ledger that there are of the ones that the command reads. Raises the refusals of
    the command, and `RateLimited`.
    """
    content = command.decide(state, found)
    if content is None:
        return Decision(creates=False, streak=state.streak, view=state.view)
    if isinstance(content, AlreadyRecorded):
        return Decision(creates=False, streak=state.streak, view=state.view, repeats=content.entry_id)
    wait = seconds_to_wait(state.streak.rate, state.view.now, state.policy.limits)
    if wait:
        raise RateLimited(wait)
    return carry_out(state, _entry(state, content, command.entry_id(key)))


def _entry(state: UserState, content: Content, given_id: str | None) -> LedgerEntry:
    seq = state.streak.seq + 1
    return LedgerEntry(
        entry_id=content.own_entry_id() or given_id or numbered_entry_id(seq, content.kind),
        seq=seq,
        at=state.view.now,
        today=state.view.today,
        time_zone=state.view.zone_line.time_zone,
        content=content,
    )


def carry_out(state: UserState, entry: LedgerEntry) -> Decision:
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
        retracted=_written_too_early(state),
        sealed=sealed,
    )


def _written_too_early(state: UserState) -> tuple[str, ...]:
    """Time events that a job with a fast clock wrote for days that are not over yet."""
    through = state.settled_through
    if through is None or through < state.view.today:
        return ()
    then = replay(state.streak, state.policy, state.view.zone_line.ends_at(through))
    return tuple(event.event_id for event in time_events(then, None) if event.day >= state.view.today)

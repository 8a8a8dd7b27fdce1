"""Decides commands and carries their entries out: the new state, the ledger entry, and everything that happened.

It must not know HTTP or storage, and no single command: what is special of one stands in its module.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from streak_core.domain.achievements import with_earned
from streak_core.domain.commands import AlreadyRecorded, NothingChanged
from streak_core.domain.days import ONE_DAY, rfc3339
from streak_core.domain.entries import LedgerEntry, numbered_entry_id
from streak_core.domain.events import Change, Event, EventKind, time_events
from streak_core.domain.ledger import advance, edit
from streak_core.domain.milestones import with_told, with_told_kept
from streak_core.domain.rate_limit import quota_left, seconds_to_wait
from streak_core.domain.refusals import Blocked, RateLimited
from streak_core.domain.replay import View, replay, replay_on

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date, datetime

    from streak_core.domain.actor import Actor
    from streak_core.domain.commands import Command, Content
    from streak_core.domain.entries import Found
    from streak_core.domain.model import DayJudged, RateUsage, Streak, ToldMilestones
    from streak_core.domain.policy import LimitRules
    from streak_core.domain.rate_limit import Quota
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
    # The last day whose time events are written, once this is.
    settled_through: date | None = None
    # What the command caused; part of its answer.
    events: tuple[Event, ...] = ()
    # What time had decided before it, to be written with it, and ids of such events that came too early.
    settled: tuple[Event, ...] = ()
    retracted: tuple[str, ...] = ()
    # Days that left the tail, and decided ones that the amnesties known now have otherwise.
    sealed: tuple[DayJudged, ...] = ()
    # What was told of milestones before the days left the tail.
    told: tuple[ToldMilestones, ...] = ()

    @property
    def quota(self) -> Quota | None:
        """What the limit leaves the user after it; None where it was not counted."""
        if self.entry is None or self.entry.actor:
            return None
        return quota_left(self.streak.rate, self.view.now, self.view.policy.limits)


def check_not_blocked(streak: Streak, now: datetime) -> None:
    """Raises `Blocked` while the user may change nothing."""
    if streak.is_blocked(now):
        until = streak.block.until if streak.block else None
        raise Blocked(until=rfc3339(until) if until else None)


def check_rate(usage: RateUsage, at: datetime, limits: LimitRules) -> None:
    """Raises `RateLimited` where no more is accepted at `at` (UTC)."""
    if seconds_to_wait(usage, at, limits):
        raise RateLimited(quota_left(usage, at, limits))


def decide(
    state: UserState,
    command: Command,
    found: Mapping[str, Found],
    *,
    key: str | None = None,
    actor: Actor | None = None,
) -> Decision:
    """What a command leads to, given under an idempotency key or none, by the user or by an actor for the user.

    `found` has those entries of the ledger that there are of the ones that the command reads. What changes nothing is
    written down only where it has a key to keep. Raises the refusals of the command, and `RateLimited`.
    """
    if actor is None:
        check_not_blocked(state.streak, state.view.now)
    decided = command.decide(state, found)
    if decided is None or isinstance(decided, AlreadyRecorded):
        repeats, zone = (decided.entry_id, decided.zone) if decided else (None, None)
        if key is None and zone is None:
            return Decision(creates=False, streak=state.streak, view=state.view, repeats=repeats)
        content: Content = NothingChanged(command=command.name, repeats=repeats, zone=zone)
    else:
        content = decided
    if actor is None:
        check_rate(state.streak.rate, state.view.now, state.policy.limits)
    return carry_out(state, next_entry(state, content, command.entry_id(key), actor))


def next_entry(
    state: UserState, content: Content, given_id: str | None = None, actor: Actor | None = None
) -> LedgerEntry:
    """The ledger entry of an accepted command; `given_id` is where it goes if its content does not say."""
    seq = state.streak.seq + 1
    return LedgerEntry(
        entry_id=content.own_entry_id() or given_id or numbered_entry_id(seq, content.kind),
        seq=seq,
        at=state.view.now,
        today=state.view.today,
        time_zone=state.view.zone_line.time_zone,
        content=content,
        actor=actor,
        amnesties=state.rules.revision,
    )


def carry_out(state: UserState, entry: LedgerEntry) -> Decision:
    """What an accepted command leads to: it follows from its entry alone, so that a ledger can prove it."""
    edited = edit(state.streak, entry, state.rules)
    view = replay_on(state.view, state.streak, edited)
    if edited.settings.first_zone != state.streak.settings.first_zone:
        edited = with_told_kept(state.streak, state.view, edited, view)
    edited = with_earned((state.streak, state.view), (edited, view))
    change = Change(
        entry=entry, rules=state.rules, streak_before=state.streak, streak=edited, before=state.view, after=view
    )
    events = change.events()
    if not entry.content.tells_milestones:
        edited = with_told(edited, view, view.current_streak, view.today)
    elif any(event.kind is EventKind.MILESTONE_REACHED for event in events):
        edited = with_told(edited, view, view.current_streak)
    moved, sealed = advance(edited, state.rules)
    return Decision(
        creates=not state.exists,
        streak=moved,
        view=view,
        entry=entry,
        repeats=entry.content.repeats if isinstance(entry.content, NothingChanged) else None,
        settled_through=view.today - ONE_DAY,
        events=events,
        settled=(*state.told_anew, *time_events(state.view, state.settled_through)),
        retracted=_written_too_early(state),
        sealed=(*state.decided_anew, *sealed),
        told=edited.told,
    )


def _written_too_early(state: UserState) -> tuple[str, ...]:
    """Time events that a job with a fast clock wrote for days that are not over yet."""
    through = state.settled_through
    if through is None or through < state.view.today:
        return ()
    then = replay(state.streak, state.rules, state.view.zone_line.ends_at(through))
    # A gap is told of by its first day, and decided later.
    return tuple(event.event_id for event in time_events(then, state.view.today - ONE_DAY))

"""Tells an app's servers what happened to a user: event after event, each attempt noted before it is made.

It must not know HTTP, Firestore's client, or how an endpoint is reached.
"""

from __future__ import annotations

import time
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final, Protocol, assert_never

from streak_core.domain.webhook_messages import webhook_message
from streak_core.domain.webhooks import Reply, Step, after_failure, begun, next_step
from streak_core.store.failures import CommitFailed
from streak_core.store.outbox_documents import READ_AT_ONCE
from streak_core.telemetry import LogEvent, log

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from collections.abc import Set as AbstractSet

    from streak_core.domain.webhook_messages import WebhookMessage
    from streak_core.domain.webhooks import Endpoint, Outgoing, Waiting
    from streak_core.store.outbox import Told
    from streak_core.store.outbox_documents import Kept

    # Reaches an endpoint at a moment; whatever fails is a reply.
    Sender = Callable[[Endpoint, WebhookMessage, datetime], Reply]

# Whoever writes meanwhile is looked for as often; then the next call does.
ROUNDS_MAX: Final = 5
# No attempt is begun after that; it must be over before others may take the first one of a call for lost.
CALL_SECONDS_MAX: Final = 60.0


class Outbox(Protocol):
    """What waits of users, as `streak_core.store.outbox` keeps it."""

    def told(self, user_id: str) -> Told | None:
        """How far a user's events are told; None where there is nothing to tell, or nobody."""

    def waiting(self, user_id: str, after: int, names: AbstractSet[str] | None) -> Sequence[Kept]:
        """The first of what waits after a number, for any of these endpoints or, for None, whoever it is.

        Fewer than `READ_AT_ONCE` are all.
        """

    def surplus(self, user_id: str) -> Sequence[Kept]:
        """The last of what waits beyond `WAITING_MAX`, or nothing; once these wait no more there may be others."""

    def change(self, user_id: str, kept: Kept, changed: Outgoing, now: datetime) -> None:
        """Writes it in the place of what was read. Raises `CommitFailed`."""

    def reread(self, user_id: str, kept: Kept) -> Kept | None:
        """The same once more; None where the event, or the user, has gone."""

    def plan(self, user_id: str, told: Told, due: datetime | None) -> None:
        """Notes when the user is to be looked at again. Raises `CommitFailed` where something was written meanwhile."""

    def disable(self, name: str, at: datetime) -> None:
        """Notes that an endpoint wishes for no more. Raises `CommitFailed`."""


def _open(_user_id: str) -> bool:
    return False


def _wall() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True)
class Webhooks:
    """Tells endpoints of users' events; several calls at once for a user are one, as each claims what it sends."""

    outbox: Outbox
    endpoints: Mapping[str, Endpoint]
    send: Sender
    # Of the moments that are signed: no receiver believes another clock.
    wall: Callable[[], datetime] = _wall
    clock: Callable[[], float] = time.monotonic
    # Whether a user's documents are restored: nothing is written beside that, nor sent, since each attempt is noted.
    is_closed: Callable[[str], bool] = _open

    def tell(self, user_id: str, now: datetime) -> datetime | None:
        """Tells what is due at `now`; answers when it is to be called again, None where there is no need.

        Where another call is telling the user's events, or these are restored, it is left to that, or to the next run.
        Raises `DatabaseUnavailable`; what was begun then comes again.
        """
        deadline = self.clock() + CALL_SECONDS_MAX
        for _ in range(ROUNDS_MAX):
            told = self.outbox.told(user_id)
            if told is None or told.due_at is None or told.due_at > now:
                return told.due_at if told else None
            round_ = _Round(self, user_id, now, told.disabled, deadline)
            due = round_.run()
            if round_.is_over or self.is_closed(user_id):
                return None
            # Where something was written meanwhile, there may be more to tell.
            with suppress(CommitFailed):
                self.outbox.plan(user_id, told, due)
                return due
        return now


@dataclass
class _Round:
    """One look at all that waits of a user."""

    webhooks: Webhooks
    user_id: str
    now: datetime
    disabled: frozenset[str]
    deadline: float
    # Until when each endpoint is waited for; what comes after waits as well.
    held: dict[str, datetime] = field(default_factory=dict)
    # Whether another call is at it, the user has gone or is restored: nothing is to be noted then.
    is_over: bool = False

    def run(self) -> datetime | None:
        """When the next look is due."""
        if not self._tell_all() or not self._give_up_surplus():
            return self.now
        return min(self.held.values(), default=None)

    def _tell_all(self) -> bool:
        """Whether there was time for everything that may be told now.

        What waits for a server that is waited for itself is passed over unread, but for the page on which that is seen.
        """
        page, after = self.webhooks.outbox.waiting(self.user_id, 0, None), 0
        while True:
            for kept in page:
                if not self._goes_on():
                    return self.is_over
                self._one(kept)
                after = kept.outgoing.number
            free = self.webhooks.endpoints.keys() - self.held.keys()
            if len(page) < READ_AT_ONCE or (self.held and not free):
                return True
            if not self._goes_on():
                return self.is_over
            page = self.webhooks.outbox.waiting(self.user_id, after, free if self.held else None)

    def _give_up_surplus(self) -> bool:
        """Whether no more waits than may; where no server is waited for, nothing does."""
        while self.held and not self.is_over and (surplus := self.webhooks.outbox.surplus(self.user_id)):
            for kept in surplus:
                if not self._goes_on():
                    return self.is_over
                given_up = self.held.keys() & kept.outgoing.waiting.keys()
                if not given_up:
                    # Written meanwhile: the next round has it told first.
                    return True
                self._write(kept, kept.outgoing.parking(*given_up))
        return True

    def _goes_on(self) -> bool:
        """Whether nobody else is at it, and there is time."""
        return not self.is_over and self.webhooks.clock() < self.deadline

    def _one(self, kept: Kept) -> None:
        """Has the endpoints told of one event that may be."""
        changed, due = kept.outgoing, []
        for name, waiting in kept.outgoing.waiting.items():
            if name not in self.webhooks.endpoints:
                # The deployment has it no more.
                changed = changed.without(name)
            elif name not in self.held:
                changed = self._step(name, waiting, changed)
                due += [name] if changed.waiting.get(name, waiting) != waiting else []
        if self.is_over or changed == kept.outgoing:
            return
        if self._write(kept, changed) and due:
            self._send(kept, due)

    def _step(self, name: str, waiting: Waiting, changed: Outgoing) -> Outgoing:
        """The event with what is to be noted of an endpoint before anything is sent."""
        step = next_step(waiting, self.now, is_enabled=name not in self.disabled)
        match step:
            case Step.SEND:
                return changed.waiting_on(name, begun(waiting, self.now))
            case Step.PARK:
                return changed.parking(name)
            case Step.WAIT:
                self.is_over |= waiting.is_begun
                self.held[name] = waiting.due or self.now
                return changed
            case _:
                assert_never(step)

    def _send(self, kept: Kept, names: list[str]) -> None:
        claimed = self.webhooks.outbox.reread(self.user_id, kept)
        if claimed is None:
            # What is told no more keeps nothing back; of whoever was erased nothing is told.
            self.is_over = self.webhooks.outbox.told(self.user_id) is None
            return
        message, changed = webhook_message(self.user_id, claimed.outgoing, claimed.begun_anew), claimed.outgoing
        for name in names:
            reply = self.webhooks.send(self.webhooks.endpoints[name], message, self.webhooks.wall())
            changed = self._after(reply, name, changed)
        self._write(claimed, changed)

    def _after(self, reply: Reply, name: str, changed: Outgoing) -> Outgoing:
        match reply:
            case Reply.TAKEN:
                return changed.without(name)
            case Reply.GONE if self._is_disabled(name):
                return changed.parking(name)
            case Reply.GONE | Reply.FAILED:
                waiting = after_failure(changed.waiting[name], changed.written_at, self.now)
                if waiting is None:
                    return changed.parking(name)
                self.held[name] = waiting.due or self.now
                return changed.waiting_on(name, waiting)
            case _:
                assert_never(reply)

    def _is_disabled(self, name: str) -> bool:
        """Whether it could be noted that an endpoint is; else the next attempt does."""
        if self.webhooks.is_closed(self.user_id):
            return False
        try:
            self.webhooks.outbox.disable(name, self.now)
        except CommitFailed:
            return False
        self.disabled |= {name}
        log(LogEvent.WEBHOOK_DISABLED, "an endpoint wishes for no more messages", endpoint=name)
        return True

    def _write(self, kept: Kept, changed: Outgoing) -> bool:
        """Whether it is written in the place of what was read; else another call, or a restore, is at it."""
        if self.webhooks.is_closed(self.user_id):
            self.is_over = True
            return False
        try:
            self.webhooks.outbox.change(self.user_id, kept, changed, self.now)
        except CommitFailed:
            self.is_over = True
            return False
        for name in sorted(changed.parked - kept.outgoing.parked):
            # Whose event it is stands below the user alone.
            kind = changed.event.kind.value
            log(LogEvent.WEBHOOK_PARKED, "an endpoint was not told of an event", endpoint=name, kind=kind)
        return True

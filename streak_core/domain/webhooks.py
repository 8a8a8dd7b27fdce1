"""When an app's server is told what happened: ten attempts over three days, each user's events one after the other.

It must not know how a message is sent, or where it waits.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable

    from streak_core.domain.events import Event, EventKind

# Between one attempt and the next, as the Standard Webhooks specification advises it.
DELAYS: Final = (
    timedelta(seconds=5),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=5),
    timedelta(hours=10),
    timedelta(hours=14),
    timedelta(hours=20),
    timedelta(hours=24),
)
ATTEMPTS_MAX: Final = len(DELAYS) + 1
# From the first attempt to the last. What waited as long behind another event has the one attempt that it gets then.
SPAN: Final = sum(DELAYS, timedelta())
# So long nobody else makes another attempt, since the one that was begun may be on its way.
ON_ITS_WAY: Final = timedelta(minutes=5)
# Each is waited for, one after the other, well within that time.
ENDPOINTS_MAX: Final = 4
# So many events of one user wait while a server does not answer: of who does thirty things a day more than ten days'.
# What comes after them is given up at once, as if its attempts were over.
WAITING_MAX: Final = 300


@dataclass(frozen=True, kw_only=True)
class Endpoint:
    """A server of the app's: by which name it is known here, where it is, and of which events it is told."""

    name: str
    url: str
    kinds: frozenset[EventKind]
    # The first is the one in use; while it is changed, a second one signs as well.
    secrets: tuple[bytes, ...] = field(repr=False)


@dataclass(frozen=True, kw_only=True, slots=True)
class Waiting:
    """How often an endpoint was tried for an event, and from when on it may be again; at once where that is None."""

    attempts: int = 0
    due: datetime | None = None
    # Whether nobody has noted yet what became of the last attempt.
    is_begun: bool = False


NOT_TRIED: Final = Waiting()


@dataclass(frozen=True, kw_only=True)
class Outgoing:
    """An event that endpoints are still to be told of, or were not; `number` is its place among those of its user."""

    event: Event
    number: int
    written_at: datetime
    waiting: Mapping[str, Waiting]
    # The endpoints that were given up.
    parked: frozenset[str] = frozenset()

    def without(self, *names: str) -> Outgoing:
        """The same, of which these endpoints need not be told."""
        return replace(self, waiting={name: one for name, one in self.waiting.items() if name not in names})

    def parking(self, *names: str) -> Outgoing:
        """The same, where these endpoints are given up."""
        return replace(self.without(*names), parked=self.parked | frozenset(names))

    def waiting_on(self, name: str, waiting: Waiting) -> Outgoing:
        """The same, where an endpoint waits so."""
        return replace(self, waiting={**self.waiting, name: waiting})

    def again(self, *names: str) -> Outgoing:
        """The same, where those of these endpoints that were given up are told once more, as if for the first time."""
        revived = self.parked.intersection(names)
        return replace(
            self, waiting={**self.waiting, **dict.fromkeys(revived, NOT_TRIED)}, parked=self.parked - revived
        )


class Step(StrEnum):
    """What is to be done for one endpoint about the first event that waits for it."""

    SEND = "send"
    WAIT = "wait"
    PARK = "park"


class Reply(StrEnum):
    """What an endpoint says to a message."""

    TAKEN = "taken"
    # Not now, for whatever reason.
    FAILED = "failed"
    # It wishes for no more messages: 410.
    GONE = "gone"


def next_step(waiting: Waiting, now: datetime, *, is_enabled: bool) -> Step:
    """What is to be done now. Nothing waits for an endpoint that is disabled, else the first event would for ever."""
    if not is_enabled:
        return Step.PARK
    if waiting.due is not None and now < waiting.due:
        return Step.WAIT
    # The one that was killed in its last attempt.
    return Step.PARK if waiting.attempts >= ATTEMPTS_MAX else Step.SEND


def begun(waiting: Waiting, now: datetime) -> Waiting:
    """With one attempt more, which is noted before it is made: killed in between, it comes again and counts."""
    return Waiting(attempts=waiting.attempts + 1, due=now + ON_ITS_WAY, is_begun=True)


def after_failure(waiting: Waiting, written_at: datetime, now: datetime) -> Waiting | None:
    """With the moment of the next attempt after one that failed; None where there is none."""
    if waiting.attempts >= ATTEMPTS_MAX or now - written_at >= SPAN:
        return None
    return Waiting(attempts=waiting.attempts, due=now + DELAYS[waiting.attempts - 1])


@dataclass(frozen=True, kw_only=True)
class Chosen:
    """Which endpoints are told of which kind of event; kinds that nobody is told of are absent."""

    endpoints: Mapping[EventKind, tuple[str, ...]] = field(default_factory=dict)

    def outgoing(self, told: Iterable[Event], last: int, now: datetime) -> tuple[Outgoing, ...]:
        """Those of the events that somebody is told of, numbered from the one after `last`."""
        wanted = [(event, names) for event in told if (names := self.endpoints.get(event.kind))]
        return tuple(
            Outgoing(event=event, number=number, written_at=now, waiting=dict.fromkeys(names, NOT_TRIED))
            for number, (event, names) in enumerate(wanted, last + 1)
        )


# Of a deployment that has no endpoint.
NOBODY_TOLD: Final = Chosen()


def chosen_by(endpoints: Iterable[Endpoint]) -> Chosen:
    """What endpoints are told of, by kind."""
    return chosen_of({one.name: one.kinds for one in endpoints})


def chosen_of(told: Mapping[str, frozenset[EventKind]]) -> Chosen:
    """The same, of the names of endpoints and of what each is told."""
    found: dict[EventKind, tuple[str, ...]] = {}
    for name, kinds in told.items():
        for kind in kinds:
            found[kind] = (*found.get(kind, ()), name)
    return Chosen(endpoints=found)

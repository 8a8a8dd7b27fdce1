"""Laws of what an app's servers are told: killed at each step, with others at it, and receivers that say no.

It must not know Firestore: what waits stands in a dictionary here.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from streak_core.domain.events import Event, EventKind
from streak_core.domain.webhook_messages import message_id
from streak_core.domain.webhooks import (
    ATTEMPTS_MAX,
    ON_ITS_WAY,
    SPAN,
    WAITING_MAX,
    Endpoint,
    Outgoing,
    Reply,
    chosen_by,
)
from streak_core.store.failures import WriteConflict
from streak_core.store.outbox import Told
from streak_core.store.outbox_documents import READ_AT_ONCE, Kept
from streak_core.telemetry import LogEvent
from streak_core.webhooks import CALL_SECONDS_MAX, Webhooks
from testing.logged import Logged
from tests.support.thoroughness import examples

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from collections.abc import Set as AbstractSet

    from streak_core.domain.webhook_messages import WebhookMessage

NOW: Final = datetime(2026, 3, 2, 12, tzinfo=UTC)
BROKEN: Final = EventKind.STREAK_BROKEN
RUN: Final = timedelta(minutes=5)
FIRST: Final = datetime(2026, 1, 1, tzinfo=UTC)
# Of the messages of the events, by their numbers.
IDS: Final = [message_id("ada", f"event-{number}") for number in range(WAITING_MAX + 20)]


class Killed(BaseException):
    """The process has ended."""


def endpoint(name: str) -> Endpoint:
    return Endpoint(name=name, url="https://app.example.com", kinds=frozenset({BROKEN}), secrets=(b"s" * 24,))


@pytest.fixture
def logged() -> Iterator[Logged]:
    with Logged() as lines:
        yield lines


@dataclass
class World:
    """One user's outbox, its endpoints, and what they were sent."""

    endpoints: dict[str, Endpoint] = field(default_factory=lambda: {name: endpoint(name) for name in ("crm", "mail")})
    kept: dict[str, Kept] = field(default_factory=dict)
    due_at: datetime | None = None
    disabled: set[str] = field(default_factory=set)
    is_erased: bool = False
    writes: int = 0
    home_version: int = 0
    numbers: int = 0
    # What each endpoint says next; it takes what is not listed.
    replies: dict[str, list[Reply]] = field(default_factory=dict)
    received: dict[str, list[str]] = field(default_factory=lambda: {"crm": [], "mail": []})
    # Of those, what they took.
    taken: dict[str, list[str]] = field(default_factory=lambda: {"crm": [], "mail": []})
    # Before which of its steps a process is killed next; None where it is not.
    steps_left: int | None = None
    # What somebody else writes once, while a message is sent.
    meanwhile: list[str] = field(default_factory=list)
    seconds: float = 0.0
    seconds_each: float = 0.0
    # After how many questions the user is found to be restored; None where nobody restores.
    open_for: int | None = None

    def step(self) -> None:
        if self.steps_left is not None:
            if self.steps_left == 0:
                self.steps_left = None
                raise Killed
            self.steps_left -= 1

    def version(self) -> datetime:
        self.writes += 1
        return FIRST + timedelta(seconds=self.writes)

    def happens(self, *ids: str, at: datetime = NOW) -> None:
        told = [Event(event_id=one, kind=BROKEN, day=date(2026, 3, 1), at=NOW) for one in ids]
        for one in chosen_by(self.endpoints.values()).outgoing(told, self.numbers, at):
            self.kept[one.event.event_id] = Kept(outgoing=one, version=self.version())
            self.numbers = one.number
        if ids:
            self.due_at, self.home_version = at, self.home_version + 1

    # What the outbox is asked.

    def told(self, _user_id: str) -> Told | None:
        self.step()
        if self.is_erased:
            return None
        version = FIRST + timedelta(seconds=self.home_version)
        return Told(version=version, due_at=self.due_at, disabled=frozenset(self.disabled))

    def waiting(self, _user_id: str, after: int, names: AbstractSet[str] | None) -> Sequence[Kept]:
        self.step()
        found = [one for one in self.all_that_waits() if one.outgoing.number > after]
        return [one for one in found if names is None or names & one.outgoing.waiting.keys()][:READ_AT_ONCE]

    def surplus(self, _user_id: str) -> Sequence[Kept]:
        self.step()
        return self.all_that_waits()[WAITING_MAX:][::-1][:READ_AT_ONCE]

    def all_that_waits(self) -> list[Kept]:
        return sorted((one for one in self.kept.values() if one.outgoing.waiting), key=lambda one: one.outgoing.number)

    def change(self, _user_id: str, kept: Kept, changed: Outgoing, _now: datetime) -> None:
        self.step()
        event_id = changed.event.event_id
        if event_id not in self.kept or self.kept[event_id].version != kept.version:
            raise WriteConflict
        if changed.waiting or changed.parked:
            self.kept[event_id] = Kept(outgoing=changed, version=self.version())
        else:
            del self.kept[event_id]

    def reread(self, _user_id: str, kept: Kept) -> Kept | None:
        self.step()
        found = self.kept.get(kept.outgoing.event.event_id)
        return None if self.is_erased or found is None or found.outgoing.number != kept.outgoing.number else found

    def plan(self, _user_id: str, told: Told, due: datetime | None) -> None:
        self.step()
        if told.version != FIRST + timedelta(seconds=self.home_version):
            raise WriteConflict
        self.due_at, self.home_version = due, self.home_version + 1

    def disable(self, name: str, _at: datetime) -> None:
        self.step()
        self.disabled.add(name)

    # And the endpoints.

    def send(self, at: Endpoint, message: WebhookMessage, _moment: datetime) -> Reply:
        self.step()
        self.seconds += self.seconds_each
        self.received[at.name].append(message.message_id)
        replies = self.replies.get(at.name, [])
        reply = replies.pop(0) if replies else Reply.TAKEN
        self.taken[at.name] += [message.message_id] if reply is Reply.TAKEN else []
        if self.meanwhile:
            self.happens(self.meanwhile.pop(0))
        # Killed here, what was answered is lost.
        self.step()
        return reply

    def is_closed(self, _user_id: str) -> bool:
        if self.open_for is None:
            return False
        self.open_for -= 1
        return self.open_for < 0

    def webhooks(self) -> Webhooks:
        return Webhooks(self, self.endpoints, self.send, is_closed=self.is_closed, clock=lambda: self.seconds)

    def tell(self, now: datetime = NOW) -> datetime | None:
        return self.webhooks().tell("ada", now)

    def names(self, endpoint_name: str) -> list[int]:
        """The numbers of the events that an endpoint took, in the order in which it did so for the first time."""
        order = list(dict.fromkeys(self.taken[endpoint_name]))
        return [self.ids.index(one) for one in order]

    @property
    def ids(self) -> list[str]:
        return IDS


def events(count: int, since: int = 0) -> list[str]:
    return [f"event-{number}" for number in range(since, since + count)]


def test_each_endpoint_is_told_of_each_event_once_and_in_order() -> None:
    world = World()
    world.happens(*events(3))
    assert world.tell() is None
    assert world.received == {"crm": world.ids[:3], "mail": world.ids[:3]}
    assert (world.kept, world.due_at) == ({}, None)
    world.tell()
    assert len(world.received["crm"]) == 3


@pytest.mark.parametrize("questions", range(9))
def test_once_a_user_is_restored_nothing_is_written_or_sent_and_the_next_call_tells_what_is_left(
    questions: int,
) -> None:
    class Restored(World):
        def change(self, user_id: str, kept: Kept, changed: Outgoing, now: datetime) -> None:
            assert self.open_for is None or self.open_for >= 0
            super().change(user_id, kept, changed, now)

        def plan(self, user_id: str, told: Told, due: datetime | None) -> None:
            assert self.open_for is None or self.open_for >= 0
            super().plan(user_id, told, due)

        def disable(self, name: str, at: datetime) -> None:
            assert self.open_for is None or self.open_for >= 0
            super().disable(name, at)

        def send(self, at: Endpoint, message: WebhookMessage, moment: datetime) -> Reply:
            assert self.open_for is None or self.open_for >= 0
            return super().send(at, message, moment)

    world = Restored(open_for=questions, replies={"mail": [Reply.GONE]})
    world.happens(*events(3))
    world.tell()
    assert world.due_at is not None or world.open_for == 0
    world.open_for = None
    while world.due_at:
        world.tell(world.due_at + ON_ITS_WAY)
    assert world.names("crm") == [0, 1, 2]


def test_an_event_waits_for_the_one_before_and_other_endpoints_do_not() -> None:
    world = World(replies={"crm": [Reply.FAILED]})
    world.happens(*events(2))
    assert world.tell() == world.due_at == NOW + timedelta(seconds=5)
    assert (world.names("crm"), world.names("mail")) == ([], [0, 1])
    assert world.tell(NOW + timedelta(seconds=4)) == world.due_at
    assert world.tell(NOW + timedelta(seconds=5)) is None
    assert world.received["crm"] == [world.ids[0], *world.ids[:2]]
    assert len(world.received["mail"]) == 2


def test_what_waits_for_a_server_beyond_the_bound_is_given_up_and_the_rest_told_in_order(logged: Logged) -> None:
    world = World(replies={"crm": [Reply.FAILED]})
    world.happens(*events(WAITING_MAX + READ_AT_ONCE + 1))
    assert world.tell() == NOW + timedelta(seconds=5)
    assert world.names("mail") == [*range(WAITING_MAX + READ_AT_ONCE + 1)]
    assert len(logged.of(LogEvent.WEBHOOK_PARKED)) == READ_AT_ONCE + 1
    assert world.tell(NOW + timedelta(seconds=5)) is None
    assert world.names("crm") == [*range(WAITING_MAX)]
    parked = sorted(one.outgoing.number - 1 for one in world.kept.values() if one.outgoing.parked == {"crm"})
    assert parked == [*range(WAITING_MAX, WAITING_MAX + READ_AT_ONCE + 1)]


def test_as_much_as_may_waits_and_where_servers_answer_nothing_is_given_up_whatever_waited(logged: Logged) -> None:
    held = World(replies={"crm": [Reply.FAILED]})
    held.happens(*events(WAITING_MAX))
    held.tell()
    well = World()
    well.happens(*events(WAITING_MAX + 1))
    well.tell()
    assert (len(held.all_that_waits()), well.names("crm")) == (WAITING_MAX, [*range(WAITING_MAX + 1)])
    assert logged.of(LogEvent.WEBHOOK_PARKED) == []


def test_what_is_written_for_others_while_the_surplus_is_looked_for_is_told_and_not_given_up() -> None:
    class Busy(World):
        def surplus(self, user_id: str) -> Sequence[Kept]:
            if self.numbers == WAITING_MAX:
                everybody, self.endpoints = self.endpoints, {"mail": self.endpoints["mail"]}
                self.happens(*events(1, WAITING_MAX))
                self.endpoints = everybody
            return super().surplus(user_id)

    world = Busy(replies={"crm": [Reply.FAILED]})
    world.happens(*events(WAITING_MAX))
    assert world.tell() == NOW + timedelta(seconds=5)
    assert world.names("mail") == [*range(WAITING_MAX + 1)]
    assert len(world.all_that_waits()) == WAITING_MAX


def test_a_call_gives_nothing_up_after_a_minute_either() -> None:
    class Slow(World):
        def surplus(self, user_id: str) -> Sequence[Kept]:
            self.seconds += CALL_SECONDS_MAX
            return super().surplus(user_id)

    world = Slow(replies={"crm": [Reply.FAILED]})
    world.happens(*events(WAITING_MAX + 1))
    assert world.tell() == NOW
    assert len(world.all_that_waits()) == WAITING_MAX + 1


def test_what_happens_while_others_are_told_is_told_by_the_same_call() -> None:
    world = World(meanwhile=events(1, 2))
    world.happens(*events(2))
    assert world.tell() is None
    assert world.names("crm") == world.names("mail") == [0, 1, 2]


def test_ten_attempts_park_an_event_which_keeps_the_next_one_back_no_longer(logged: Logged) -> None:
    world = World(replies={"crm": [Reply.FAILED] * ATTEMPTS_MAX})
    world.happens(*events(2))
    last, moment = NOW, world.tell()
    while moment:
        last, moment = moment, world.tell(moment)
    assert (last - NOW, world.received["crm"]) == (SPAN, [world.ids[0]] * ATTEMPTS_MAX + [world.ids[1]])
    assert [one.outgoing.parked for one in world.kept.values()] == [{"crm"}]
    (line,) = logged.of(LogEvent.WEBHOOK_PARKED)
    assert (line["endpoint"], line["kind"]) == ("crm", "streak_broken")
    assert "ada" not in str(line)


def test_who_answers_that_it_is_gone_is_sent_nothing_more_until_it_is_enabled(logged: Logged) -> None:
    world = World(replies={"crm": [Reply.GONE]})
    world.happens(*events(3))
    assert world.tell() is None
    assert (world.received["crm"], world.names("mail")) == (world.ids[:1], [0, 1, 2])
    assert {one.outgoing.event.event_id for one in world.kept.values()} == {*events(3)}
    assert [one["endpoint"] for one in logged.of(LogEvent.WEBHOOK_DISABLED)] == ["crm"]
    world.disabled.clear()
    for name, kept in world.kept.items():
        world.kept[name] = replace(kept, outgoing=kept.outgoing.again("crm"))
    world.due_at = NOW
    world.tell()
    assert world.received["crm"] == [world.ids[0], *world.ids[:3]]


def test_an_endpoint_that_is_configured_no_more_keeps_nothing() -> None:
    world = World()
    world.happens(*events(2))
    del world.endpoints["mail"]
    assert world.tell() is None
    assert (world.kept, world.received["mail"]) == ({}, [])


def test_where_no_endpoint_is_left_nothing_is_kept() -> None:
    world = World()
    world.happens(*events(2))
    world.endpoints.clear()
    assert world.tell() is None
    assert (world.kept, world.due_at) == ({}, None)


def test_of_whoever_was_erased_nothing_is_sent() -> None:
    world = World(steps_left=None)
    world.happens(*events(2))
    world.is_erased = True
    assert world.tell() is None
    assert world.received == {"crm": [], "mail": []}


def test_of_whoever_is_erased_meanwhile_nothing_more_is_sent() -> None:
    world = World()
    world.happens(*events(3))

    def send(at: Endpoint, message: WebhookMessage, moment: datetime) -> Reply:
        world.is_erased = True
        return World.send(world, at, message, moment)

    assert replace(world.webhooks(), send=send).tell("ada", NOW) is None
    assert world.received == {"crm": world.ids[:1], "mail": world.ids[:1]}


def test_what_is_taken_back_before_it_is_sent_is_not_sent() -> None:
    world = World()
    world.happens(*events(2))
    del world.kept["event-0"]
    world.tell()
    assert world.names("crm") == [1]


def test_a_call_begins_nothing_after_a_minute_and_asks_to_be_called_again() -> None:
    world = World(seconds_each=CALL_SECONDS_MAX / 3)
    world.happens(*events(5))
    assert world.tell() == NOW
    assert world.names("crm") == [0, 1]
    assert world.tell() == NOW
    assert world.tell() is None
    assert world.names("crm") == [0, 1, 2, 3, 4]


def test_while_another_call_sends_an_event_nobody_else_does() -> None:
    world = World()
    world.happens(*events(2))
    inner: list[datetime | None] = []

    def send(at: Endpoint, message: WebhookMessage, moment: datetime) -> Reply:
        inner.append(world.tell())
        return World.send(world, at, message, moment)

    assert replace(world.webhooks(), send=send).tell("ada", NOW) is None
    assert set(inner) == {None}
    assert world.received == {"crm": world.ids[:2], "mail": world.ids[:2]}


@pytest.mark.parametrize("step", range(16))
def test_killed_at_each_step_the_next_runs_tell_all_of_it_in_order(step: int) -> None:
    world = World(steps_left=step)
    world.happens(*events(2))
    try:
        world.tell()
    except Killed:
        assert world.due_at == NOW
    for number in range(3):
        world.tell(NOW + number * RUN)
    assert world.names("crm") == world.names("mail") == [0, 1]
    assert all(len(one) <= 3 for one in world.received.values())
    assert (world.kept, world.due_at) == ({}, None)


@examples(500)
@given(
    calls=st.lists(
        st.tuples(st.integers(0, 40), st.integers(0, 2), st.sampled_from((timedelta(), RUN, ON_ITS_WAY, SPAN / 9))),
        max_size=8,
    ),
    replies=st.lists(st.sampled_from((Reply.TAKEN, Reply.FAILED)), max_size=40),
)
def test_no_gap_and_no_wrong_order_whatever_is_killed_and_refused(
    calls: Sequence[tuple[int, int, timedelta]], replies: Sequence[Reply]
) -> None:
    world, now, count = World(replies={"crm": [*replies]}), NOW, 0
    for steps, more, later in calls:
        world.happens(*events(more, count), at=now)
        count, world.steps_left = count + more, steps
        with suppress(Killed):
            world.tell(now)
        now += later
    world.steps_left = None
    for _ in range(40):
        now = max(now + RUN, world.due_at or now)
        world.tell(now)
    parked = {one.outgoing.number - 1 for one in world.kept.values() if "crm" in one.outgoing.parked}
    assert world.names("mail") == list(range(count))
    taken = world.names("crm")
    assert taken == sorted(taken)
    assert {*taken} | parked == {*range(count)}
    assert world.due_at is None
    assert not any(one.outgoing.waiting for one in world.kept.values())

"""What an app's servers are told, from the commit of an event on: in order, kept, given up, erased."""

from __future__ import annotations

import re
import threading
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from streak_core.domain.commands import CheckIn, UndoActivity
from streak_core.domain.events import EventKind
from streak_core.domain.webhooks import DELAYS, NOT_TRIED, WAITING_MAX, Reply
from streak_core.maintenance.webhook_run import WebhookRun
from streak_core.rights import UserRights
from streak_core.store.failures import CommitFailed
from streak_core.store.outbox_documents import PARKED_FOR, READ_AT_ONCE, new_document
from streak_core.store.sessions import signed_in
from streak_core.store.whole_user import WholeUserStore
from tests.support.guide import FOLDER
from tests.support.told_world import DAY, NOON, ToldWorld, endpoint

if TYPE_CHECKING:
    from datetime import datetime

    from google.cloud import firestore

    from tests.support.recorded_client import RecordedClient, Recorder


@pytest.fixture
def world(client: firestore.Client) -> ToldWorld:
    return ToldWorld(client)


def test_where_no_endpoint_is_chosen_nothing_is_written_or_read_for_it(
    client: RecordedClient, recorder: Recorder
) -> None:
    world = ToldWorld(client, endpoints={})
    world.give("ada", NOON, CheckIn())
    recorder.calls.clear()
    world.give("ada", NOON + DAY, CheckIn())
    assert not world.stored("streaks/ada").keys() & {"webhook_at", "webhook_last"}
    assert world.waiting("ada") == set()
    assert not [name for name in recorder.documents_written() if "outbox" in name]
    assert recorder.methods().count("Commit") == 1


def test_an_event_that_is_told_costs_what_the_guide_says(client: RecordedClient, recorder: Recorder) -> None:
    rows = dict(
        re.findall(r"^\| (.+ told.+) \| (\d+ \| \d+) \|$", (FOLDER / "costs.md").read_text("utf-8"), re.MULTILINE)
    )
    told, writes = ToldWorld(client), []
    for user_id, world in (("untold", ToldWorld(client, endpoints={})), ("told", told)):
        recorder.calls.clear()
        world.give(user_id, NOON, CheckIn())
        writes.append(len(recorder.documents_written()))
    assert rows["an event that a server of yours is told of: besides"] == f"0 | {writes[1] - writes[0]}"
    recorder.calls.clear()
    told.tell("told", NOON)
    # A query is billed by what it finds.
    reads = sum(map(len, recorder.documents_read())) + recorder.methods().count("RunQuery")
    assert rows["one event told to your servers"] == f"{reads} | {len(recorder.documents_written())}"


def test_an_event_is_in_the_outbox_in_the_commit_that_tells_it_and_is_told_in_order(world: ToldWorld) -> None:
    world.give("a/b%", NOON, CheckIn())
    world.give("a/b%", NOON + DAY, CheckIn())
    world.night(NOON + 4 * DAY)
    assert world.tell("a/b%", NOON + 4 * DAY) is None
    assert world.told == [("crm", "streak_started", 1), ("crm", "streak_extended", 2), ("crm", "streak_broken", 3)]
    assert {body["data"]["user_id"] for _, body in world.received} == {"a/b%"}
    assert world.waiting("a%2Fb%25") == set()
    assert "webhook_at" not in world.stored("streaks/a%2Fb%25")
    assert world.stored("streaks/a%2Fb%25")["webhook_last"] == 3


def test_an_event_that_nobody_chose_is_not_there(client: firestore.Client) -> None:
    world = ToldWorld(client, {"crm": endpoint("crm", frozenset({EventKind.STREAK_BROKEN}))})
    world.give("ada", NOON, CheckIn())
    assert "webhook_at" not in world.stored("streaks/ada")
    world.night(NOON + 3 * DAY)
    world.tell("ada", NOON + 3 * DAY)
    assert world.told == [("crm", "streak_broken", 1)]


def test_what_is_undone_is_told_as_it_happened(world: ToldWorld) -> None:
    world.give("ada", NOON, CheckIn())
    (entry,) = (one.id for one in world.client.collection("streaks/ada/ledger").stream())
    world.give("ada", NOON, UndoActivity(activity_id=entry.partition(".")[2]))
    world.give("ada", NOON + DAY, CheckIn())
    world.tell("ada", NOON + DAY)
    assert [number for _, _, number in world.told] == list(range(1, len(world.told) + 1))


def test_a_server_that_fails_is_asked_again_and_what_comes_after_waits(world: ToldWorld) -> None:
    world.replies = [Reply.FAILED]
    world.give("ada", NOON, CheckIn())
    assert world.tell("ada", NOON) == NOON + DELAYS[0]
    world.give("ada", NOON + timedelta(seconds=1), CheckIn())
    assert world.tell("ada", NOON + timedelta(seconds=1)) == NOON + DELAYS[0]
    assert len(world.received) == 1
    assert world.tell("ada", NOON + DELAYS[0]) is None
    assert [kind for _, kind, _ in world.told] == ["streak_started", "streak_started"]


def test_what_is_written_while_others_are_told_is_told_as_well(world: ToldWorld) -> None:
    world.give("ada", NOON, CheckIn())
    world.meanwhile = [lambda: world.give("ada", NOON + DAY, CheckIn())]
    assert world.tell("ada", NOON + DAY) is None
    assert [number for _, _, number in world.told] == [1, 2]


def test_what_an_attempt_reads_does_not_grow_with_what_waits_for_another_server(
    client: RecordedClient, recorder: Recorder
) -> None:
    def reads(user_id: str, waiting: int) -> tuple[int, int]:
        world = ToldWorld(client, endpoints={name: endpoint(name) for name in ("crm", "mail")})
        world.give(user_id, NOON, CheckIn())
        # The second one is told alone.
        world.replies = [Reply.FAILED]
        assert world.tell(user_id, NOON) == NOON + DELAYS[0]
        wait_more(world, user_id, waiting)
        world.give(user_id, NOON + timedelta(seconds=1), UndoActivity(activity_id=activity_of(world, user_id)))
        world.give(user_id, NOON + timedelta(seconds=1), CheckIn())
        recorder.calls.clear()
        before = len(world.received)
        assert world.tell(user_id, NOON + timedelta(seconds=1)) == NOON + DELAYS[0]
        assert {name for name, _, _ in world.told[before:]} == {"mail"}
        queries = [*recorder.methods()].count("RunQuery") + [*recorder.methods()].count("RunAggregationQuery")
        return queries, sum(map(len, recorder.documents_read()))

    assert reads("few", 2 * READ_AT_ONCE) == reads("many", 12 * READ_AT_ONCE)


def test_what_waits_beyond_the_bound_is_parked(client: firestore.Client) -> None:
    world = ToldWorld(client, endpoints={name: endpoint(name) for name in ("crm", "mail")})
    world.give("ada", NOON, CheckIn())
    world.replies = [Reply.FAILED]
    world.tell("ada", NOON)
    wait_more(world, "ada", WAITING_MAX + 1)
    world.client.document("streaks/ada").update({"webhook_at": NOON})
    assert world.tell("ada", NOON + timedelta(seconds=1)) == NOON + DELAYS[0]
    parked = sorted(kept.outgoing.number for _, kept, _ in world.outbox.parked())
    assert parked == [WAITING_MAX + 1, WAITING_MAX + 2]
    assert world.outbox.surplus("ada") == []


def activity_of(world: ToldWorld, user_id: str) -> str:
    (entry,) = (one.id for one in world.client.collection(f"streaks/{user_id}/ledger").stream())
    return entry.partition(".")[2]


def wait_more(world: ToldWorld, user_id: str, count: int) -> None:
    """So many events more wait for the one server, as if they had happened."""
    outbox = world.client.collection(f"streaks/{user_id}/outbox")
    (first,) = world.outbox.waiting(user_id, 0, None)
    batch = world.client.batch()
    for number in range(2, count + 2):
        event = replace(first.outgoing.event, event_id=f"more-{number}")
        outgoing = replace(first.outgoing, event=event, number=number, waiting={"crm": NOT_TRIED})
        batch.set(outbox.document(event.event_id), new_document(outgoing))
    batch.update(world.client.document(f"streaks/{user_id}"), {"webhook_last": count + 1})
    batch.commit()


def test_of_whoever_is_erased_nothing_is_left_or_sent_also_of_what_was_given_up(world: ToldWorld) -> None:
    world.replies = [Reply.GONE]
    world.give("ada", NOON, CheckIn())
    world.tell("ada", NOON)
    world.outbox.enable("crm")
    world.give("ada", NOON + DAY, CheckIn())
    rights = UserRights(WholeUserStore(world.client))
    exported = [line for line in rights.export("ada") if line.get("collection") == "outbox"]
    assert len(exported) == 2
    parked = list(world.outbox.parked())
    told = world.outbox.told("ada")
    rights.erase("ada")
    assert world.tell("ada", NOON + DAY) is None
    assert len(world.received) == 1
    assert list(world.outbox.parked()) == []
    assert world.waiting("ada") == set()
    # Nor does an operator's wish bring any of it back.
    ((_, kept, _),) = parked
    assert told
    with pytest.raises(CommitFailed):
        world.outbox.tell_again("ada", told, kept, kept.outgoing.again("crm"), NOON)


def test_who_begins_anew_repeats_no_message_of_the_life_before(world: ToldWorld) -> None:
    for erased_at in (NOON, NOON + DAY, NOON + 2 * DAY):
        with signed_in("ada", erased_at - timedelta(hours=1)):
            world.give("ada", NOON, CheckIn())
        world.tell("ada", NOON)
        UserRights(WholeUserStore(world.client), wall=iter([erased_at] * 9).__next__).erase("ada")
    assert [kind for _, kind, _ in world.told] == ["streak_started"] * 3
    assert {body["data"]["event_id"] for _, body in world.received} == {world.received[0][1]["data"]["event_id"]}
    assert len(set(world.ids)) == 3


def test_what_was_given_up_is_told_once_more_before_what_came_after_it(world: ToldWorld) -> None:
    world.replies = [Reply.GONE]
    world.give("ada", NOON, CheckIn())
    world.tell("ada", NOON)
    world.give("ada", NOON + DAY, CheckIn())
    ((user_id, kept, parked_at),) = world.outbox.parked()
    assert (user_id, parked_at, sorted(kept.outgoing.parked)) == ("ada", NOON, ["crm"])
    assert world.stored("streaks/ada/outbox/" + kept.outgoing.event.event_id)["expire_at"] == NOON + PARKED_FOR
    world.outbox.enable("crm")
    told = world.outbox.told("ada")
    assert told
    world.outbox.tell_again("ada", told, kept, kept.outgoing.again("crm"), NOON + DAY)
    assert list(world.outbox.parked()) == []
    assert world.tell("ada", NOON + DAY) is None
    assert [number for _, _, number in world.told] == [1, 1, 2]


def test_who_is_gone_is_so_for_every_user_until_it_is_enabled(world: ToldWorld) -> None:
    world.replies = [Reply.GONE]
    for user_id in ("ada", "ben"):
        world.give(user_id, NOON, CheckIn())
        world.tell(user_id, NOON)
    assert len(world.received) == 1
    assert {user_id for user_id, _, _ in world.outbox.parked()} == {"ada", "ben"}
    world.outbox.enable("crm")
    world.give("eve", NOON, CheckIn())
    world.tell("eve", NOON)
    assert len(world.received) == 2


def test_a_run_looks_at_those_of_whom_something_is_to_be_told_and_at_nobody_else(world: ToldWorld) -> None:
    for user_id in ("ada", "ben", "eve"):
        world.give(user_id, NOON, CheckIn())
    world.tell("ben", NOON)
    looked: list[str] = []

    def look_at(user_id: str, since: datetime) -> None:
        assert since == NOON
        looked.append(user_id)

    assert WebhookRun(world.outbox.due, look_at, threading.Event()).run(NOON) == 2
    assert sorted(looked) == ["ada", "eve"]
    assert WebhookRun(world.outbox.due, look_at, threading.Event()).run(NOON - DAY) == 0

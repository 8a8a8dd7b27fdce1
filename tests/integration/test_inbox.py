"""What stands in an inbox: what was sent, and nothing that was silenced or that its user can't know of."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from streak_core.domain.commands import CheckIn
from streak_core.domain.errors import Malformed
from streak_core.inbox import Inbox
from streak_core.notice_texts import shipped_texts
from streak_core.reminders import Sending
from streak_core.store.notices import KEPT, NoticeStore
from tests.support.reminded_world import DAY, EVENING, World

if TYPE_CHECKING:
    from google.cloud import firestore

    from tests.support.recorded_client import RecordedClient, Recorder


@pytest.fixture
def world(client: firestore.Client) -> World:
    return World(client)


@pytest.fixture
def inbox(client: firestore.Client) -> Inbox:
    return Inbox(NoticeStore(client), shipped_texts())


def test_a_reminder_stands_in_the_inbox_from_its_run_on_and_no_more_once_it_was_silenced(
    world: World, inbox: Inbox
) -> None:
    world.wishing("ada", "bob")
    world.run(EVENING)
    world.give("bob", EVENING, CheckIn())
    assert [len(inbox.page(name, EVENING, 10, None).items) for name in ("ada", "bob")] == [1, 1]
    assert world.send("ada", EVENING + timedelta(minutes=1)) is Sending.SENT
    assert world.send("bob", EVENING + timedelta(minutes=1)) is Sending.SILENCED
    assert [inbox.page(name, EVENING, 10, None).unread for name in ("ada", "bob")] == [1, 0]
    assert inbox.page("bob", EVENING, 10, None).items == []
    assert inbox.page("ada", EVENING + KEPT, 10, None).items == []


def test_a_notice_that_comes_after_a_mark_is_unread(world: World, inbox: Inbox) -> None:
    world.wishing("ada")
    world.run(EVENING)
    assert inbox.read("ada", EVENING, EVENING) == 0
    world.give("ada", EVENING, CheckIn())
    world.run(EVENING + DAY)
    page = inbox.page("ada", EVENING + DAY, 10, None)
    assert ([one["is_read"] for one in page.items], page.unread) == ([False, True], 1)
    assert inbox.read("ada", EVENING + DAY, EVENING) == 1
    assert inbox.read("ada", EVENING + DAY, EVENING + DAY) == 0


def test_what_is_to_come_is_not_marked_as_read(inbox: Inbox) -> None:
    with pytest.raises(Malformed):
        inbox.read("ada", EVENING, EVENING + timedelta(microseconds=1))


def test_a_mark_that_met_another_write_is_made_again(
    world: World, inbox: Inbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.wishing("ada")
    world.run(EVENING)
    mark = NoticeStore.mark_read
    tried: list[datetime] = []

    def after_another_write(store: NoticeStore, user_id: str, version: datetime, until: datetime) -> None:
        if not tried:
            world.give("ada", EVENING, CheckIn())
        tried.append(version)
        mark(store, user_id, version, until)

    monkeypatch.setattr(NoticeStore, "mark_read", after_another_write)
    assert inbox.read("ada", EVENING, EVENING) == 0
    assert len(tried) == 2


def test_a_page_costs_the_user_its_notices_and_a_count(client: RecordedClient, recorder: Recorder) -> None:
    world = World(client)
    world.wishing("ada")
    world.run(EVENING)
    recorder.calls.clear()
    inbox = Inbox(NoticeStore(client), shipped_texts())
    inbox.page("ada", EVENING, 10, None)
    assert recorder.methods() == ["BatchGetDocuments", "RunQuery", "RunAggregationQuery"]
    recorder.calls.clear()
    assert inbox.page("nobody", EVENING, 10, None).items == []
    assert recorder.methods() == ["BatchGetDocuments"]

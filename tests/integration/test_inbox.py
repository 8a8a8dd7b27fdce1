"""What stands in an inbox: what was sent, and nothing that was silenced or that its user can't know of."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from streak_core.domain.commands import CheckIn
from streak_core.domain.devices import Device, Platform
from streak_core.domain.errors import Malformed
from streak_core.domain.policy import LimitRules
from streak_core.domain.refusals import RateLimited
from streak_core.domain.rules import always
from streak_core.inbox import Inbox
from streak_core.notice_texts import shipped_texts
from streak_core.notices import Notices
from streak_core.reminders import Sending
from streak_core.store.notices import KEPT, WRITTEN, NoticeStore
from tests.support.reminded_world import DAY, EVENING, World
from tests.support.shipped_policy import policies

if TYPE_CHECKING:
    from google.cloud import firestore

    from streak_core.domain.model import RateUsage
    from streak_core.domain.rules import Rules
    from tests.support.recorded_client import RecordedClient, Recorder


@pytest.fixture
def world(client: firestore.Client) -> World:
    return World(client)


@pytest.fixture
def inbox(client: firestore.Client) -> Inbox:
    return Inbox(NoticeStore(client), shipped_texts(), policies)


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

    def after_another_write(
        store: NoticeStore, user_id: str, version: datetime, until: datetime, written: RateUsage
    ) -> None:
        if not tried:
            world.give("ada", EVENING, CheckIn())
        tried.append(version)
        mark(store, user_id, version, until, written)

    monkeypatch.setattr(NoticeStore, "mark_read", after_another_write)
    assert inbox.read("ada", EVENING, EVENING) == 0
    assert len(tried) == 2


def few() -> Rules:
    """So many writes of a user as can be counted here."""
    rules = policies()
    limits = LimitRules(commands_max=4, window_seconds=600, activities_per_day_max=9)
    return always(rules.on(EVENING.date()).model_copy(update={"limits": limits}))


def test_devices_and_read_marks_are_counted_together_in_the_write_that_there_is(
    client: RecordedClient, recorder: Recorder
) -> None:
    world = World(client)
    world.wishing("ada")
    notices = Notices(NoticeStore(client), few)
    inbox = Inbox(NoticeStore(client), shipped_texts(), few)
    phones = [
        Device(device_id=f"phone{number}", address=f"t{number}", platform=Platform.WEB, registered_at=EVENING)
        for number in range(4)
    ]
    before = client.document("streaks/ada").get().to_dict() or {}
    recorder.calls.clear()
    notices.register("ada", phones[0])
    assert recorder.methods() == ["BatchGetDocuments", "BeginTransaction", "Commit"][-len(recorder.methods()) :]
    assert inbox.read("ada", EVENING, EVENING - timedelta(hours=2)) == 0
    notices.register("ada", phones[1])
    notices.register("ada", phones[2])
    # What changes nothing is not counted, nor what is taken away.
    notices.register("ada", phones[1])
    notices.take_away("ada", "phone0")
    with pytest.raises(RateLimited):
        notices.register("ada", phones[3])
    with pytest.raises(RateLimited) as refused:
        inbox.read("ada", EVENING, EVENING - timedelta(hours=1))
    assert refused.value.quota.remaining == 0
    later = EVENING + timedelta(seconds=refused.value.retry_after_seconds)
    assert inbox.read("ada", later, EVENING) == 0
    # The count of commands is as it was: a ledger proves it.
    assert (client.document("streaks/ada").get().to_dict() or {})["state"] == before["state"]


def test_a_count_that_does_not_read_counts_as_nothing(world: World, client: RecordedClient) -> None:
    world.wishing("ada")
    client.document("streaks/ada").update({WRITTEN: "x"})
    assert Inbox(NoticeStore(client), shipped_texts(), few).read("ada", EVENING, EVENING) == 0
    assert NoticeStore(client).addressee("ada").written.accepted == 1


def test_a_page_costs_the_user_its_notices_and_a_count(client: RecordedClient, recorder: Recorder) -> None:
    world = World(client)
    world.wishing("ada")
    world.run(EVENING)
    recorder.calls.clear()
    inbox = Inbox(NoticeStore(client), shipped_texts(), policies)
    inbox.page("ada", EVENING, 10, None)
    assert recorder.methods() == ["BatchGetDocuments", "RunQuery", "RunAggregationQuery"]
    recorder.calls.clear()
    assert inbox.page("nobody", EVENING, 10, None).items == []
    assert recorder.methods() == ["BatchGetDocuments"]

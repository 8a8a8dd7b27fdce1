"""Who is reminded, through the run and the sender, with tasks killed, doubled and late."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from streak_core.domain.commands import CheckIn, GrantFreezes, PauseStreak, UndoActivity
from streak_core.domain.devices import Device, Platform
from streak_core.domain.errors import Unavailable
from streak_core.maintenance.endurance import Endurance
from streak_core.maintenance.pacing import NoBudget
from streak_core.notices import Notices
from streak_core.reminders import NoticeNotWritten, Sending
from streak_core.rights import UserRights
from streak_core.store.notices import NoticeStore
from streak_core.store.run_report import RunStatus
from streak_core.store.whole_user import WholeUserStore
from testing.logged import Logged
from tests.support.reminded_world import DAY, EVENING, NOON, WISH, World
from tests.support.shipped_policy import policies

if TYPE_CHECKING:
    from google.cloud import firestore


@pytest.fixture
def world(client: firestore.Client) -> World:
    return World(client)


def test_who_is_pending_is_reminded_once_and_nobody_else(world: World) -> None:
    world.wishing("ada", "active", "paused", "frozen")
    world.give("silent", NOON, CheckIn())
    world.give("frozen", NOON, GrantFreezes(count=1, reason="asked for"))
    world.give("paused", NOON, PauseStreak(from_day=EVENING.date(), until_day=EVENING.date()))
    world.give("active", NOON + DAY, CheckIn())
    assert world.run(EVENING - timedelta(minutes=5)).users_processed == 0
    assert world.run(EVENING).users_processed == 2
    assert world.queue.keys() == {(name, "2026-03-03.reminder") for name in ("ada", "frozen")}
    assert world.fields("ada") == {"reminded"}
    assert world.fields("active") == {"remind_at"}
    assert world.fields("silent") == set()
    assert world.run(EVENING + timedelta(minutes=5)).users_processed == 0
    assert world.send("ada", EVENING) is Sending.SENT
    assert world.push.sent == [("ada", "Keep your streak of 1")]


def test_whose_id_is_no_document_s_is_reminded_as_everybody(world: World) -> None:
    world.wishing("a/b%")
    world.run(EVENING)
    assert list(world.queue) == [("a/b%", "2026-03-03.reminder")]
    assert world.send("a/b%", EVENING) is Sending.SENT


def test_a_task_that_is_doubled_sends_nothing_more(world: World) -> None:
    world.wishing("ada")
    world.run(EVENING)
    assert [world.send("ada", EVENING) for _ in range(2)] == [Sending.SENT, Sending.BEFORE]
    assert len(world.push.sent) == 1


def test_an_activity_in_between_silences_a_reminder_and_so_do_quiet_hours(world: World) -> None:
    world.wishing("ada", "bob")
    world.run(EVENING)
    world.give("ada", EVENING + timedelta(minutes=1), CheckIn())
    assert world.send("ada", EVENING + timedelta(minutes=2)) is Sending.SILENCED
    assert world.send("bob", EVENING.replace(hour=22)) is Sending.SILENCED
    assert world.send("bob", EVENING.replace(hour=22, minute=1)) is Sending.BEFORE
    assert world.push.sent == []


def test_an_undo_after_a_reminder_brings_no_second_one(world: World) -> None:
    world.wishing("ada")
    world.run(EVENING)
    world.give("ada", EVENING, CheckIn(), UndoActivity(activity_id="check-in.2026-03-03.1"))
    assert world.fields("ada") == {"reminded"}
    assert world.run(EVENING + timedelta(hours=1)).users_processed == 0


def test_a_run_that_is_late_reminds_nobody_in_quiet_hours_nor_of_a_day_that_is_over(world: World) -> None:
    world.wishing("ada", "bob")
    world.give("bob", NOON, GrantFreezes(count=1, reason="asked for"))
    assert world.run(EVENING.replace(hour=23)).users_processed == 2
    assert world.queue == {}
    assert world.fields("ada") == set()
    world.wishing("eve")
    world.give("eve", NOON, GrantFreezes(count=1, reason="asked for"))
    assert world.run(EVENING + DAY - timedelta(hours=6)).users_processed == 1
    assert world.queue == {}
    assert world.fields("eve") == {"remind_at"}


def test_killed_between_the_queue_and_the_commit_it_is_enqueued_again_and_sent_once(world: World) -> None:
    world.wishing("ada")
    # The task is there, and the run died before it wrote anything.
    world.queue["ada", "2026-03-03.reminder"] = object()  # type: ignore[assignment]
    with pytest.raises(NoticeNotWritten):
        world.send("ada", EVENING)
    assert world.push.sent == []
    world.run(EVENING + timedelta(minutes=5))
    assert list(world.queue) == [("ada", "2026-03-03.reminder")]
    assert world.send("ada", EVENING + timedelta(minutes=6)) is Sending.SENT
    world.give("eve", NOON, WISH, CheckIn())
    assert world.send("eve", EVENING - timedelta(hours=9)) is Sending.SILENCED


def test_what_a_channel_does_not_take_is_logged_and_tried_again(world: World) -> None:
    world.wishing("ada")
    world.run(EVENING)
    world.push.is_away = True
    with Logged() as logged, pytest.raises(Unavailable):
        world.send("ada", EVENING)
    (unsent,) = logged.of("notice_not_sent")
    assert (unsent["kind"], unsent["reason"]) == ("reminder", "queue_unavailable")
    world.push.is_away = False
    assert world.send("ada", EVENING + timedelta(minutes=1)) is Sending.SENT
    assert len(world.push.sent) == 1


def test_a_device_that_nothing_reaches_is_taken_away(world: World) -> None:
    world.wishing("ada")
    tablet = Device(device_id="tablet", address="t", platform=Platform.WEB, registered_at=NOON)
    Notices(NoticeStore(world.client), policies).register("ada", tablet)
    world.push.gone = frozenset({"ada"})
    world.run(EVENING)
    assert world.send("ada", EVENING) is Sending.SENT
    assert [one.device_id for one in NoticeStore(world.client).addressee("ada").devices] == ["tablet"]


def test_while_the_queue_is_away_the_run_ends_partial_and_the_next_one_reminds(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Endurance, "failed", lambda *_: False)
    world.wishing("ada")
    world.is_queue_away = True
    assert world.run(EVENING).status is RunStatus.PARTIAL
    assert world.fields("ada") == {"remind_at"}
    world.is_queue_away = False
    world.run(EVENING + timedelta(minutes=5))
    assert world.queue.keys() == {("ada", "2026-03-03.reminder")}


def test_the_pace_of_a_run_counts_the_notice_beside_the_user_and_the_progress(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    taken: list[int] = []
    monkeypatch.setattr(NoBudget, "take", lambda _, operations: taken.append(operations))
    world.wishing("ada")
    world.run(EVENING)
    assert taken == [3]


def test_of_who_was_erased_nothing_is_sent_or_kept(world: World) -> None:
    world.wishing("ada")
    world.run(EVENING)
    assert world.notices("ada") == ["2026-03-03.reminder"]
    UserRights(WholeUserStore(world.client)).erase("ada")
    assert world.notices("ada") == []
    assert world.send("ada", EVENING) is Sending.SILENCED
    assert world.push.sent == []


def test_of_whom_nobody_knows_the_day_or_whose_place_another_program_has_nothing_is_sent(world: World) -> None:
    world.wishing("ada")
    world.run(EVENING)
    home = world.client.document("streaks/ada")
    state = (home.get().to_dict() or {})["state"]
    zones = '"settings":{"zones":[{"from_instant":null,"time_zone":"Atlantis/Port","floor":null}],'
    home.update({"state": state.replace('"settings":{', zones)})
    assert world.send("ada", EVENING) is Sending.SILENCED
    world.client.document("streaks/bob").set({"theirs": 1})
    assert world.send("bob", EVENING) is Sending.SILENCED
    assert world.push.sent == []

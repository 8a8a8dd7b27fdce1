"""What happened to a streak, told to its user: through the job, the run and the sender, killed, doubled and late."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Final

import pytest

from streak_core.config.maintenance import MaintenanceRules
from streak_core.domain.commands import CheckIn, ChooseNotices, GrantFreezes, RecordActivity, UndoActivity
from streak_core.domain.devices import Device, Platform
from streak_core.inbox import Inbox
from streak_core.maintenance.run import Maintenance
from streak_core.notice_texts import shipped_texts
from streak_core.notices import Notices
from streak_core.reminders import NoticeNotWritten, Sending
from streak_core.rights import UserRights
from streak_core.store.due import DueStore
from streak_core.store.notices import NoticeStore
from streak_core.store.runs import RunStore
from streak_core.store.whole_user import WholeUserStore
from tests.support.reminded_world import DAY, NOON, World
from tests.support.shipped_policy import policies

if TYPE_CHECKING:
    from datetime import datetime

    from google.cloud import firestore

    from tests.support.recorded_client import RecordedClient, Recorder

TOLD: Final = ("freeze_used", "streak_broken", "streak_restored", "milestone")
ALL: Final = ChooseNotices(channels={kind: ["push"] for kind in TOLD})
# Of Tuesday, which passed without an activity: its end, and the first moment that is not quiet.
NIGHT: Final = NOON.replace(hour=4, minute=10) + 2 * DAY
MORNING: Final = NIGHT.replace(hour=8, minute=0)
BROKEN: Final = "2026-03-03.streak_broken"
FROZEN: Final = "2026-03-03.freeze_applied"


@pytest.fixture
def world(client: firestore.Client) -> World:
    return World(client)


def wishing(world: World, user_id: str, wish: ChooseNotices = ALL) -> None:
    world.give(user_id, NOON, wish, CheckIn())
    phone = Device(device_id="phone", address=user_id, platform=Platform.IOS, registered_at=NOON)
    Notices(NoticeStore(world.client), policies).register(user_id, phone)


def settle(world: World, now: datetime) -> None:
    """The night job, as it runs every hour."""
    job = Maintenance(DueStore(world.client), RunStore(world.client), policies, rules=MaintenanceRules(is_paced=False))
    job.run(f"job-{now:%m%d%H%M}", now)


def shown(world: World, user_id: str, now: datetime) -> list[str]:
    page = Inbox(NoticeStore(world.client), shipped_texts(), policies).page(user_id, now, 10, None)
    return [one["title"] for one in page.items]


def test_a_freeze_and_a_break_of_the_night_are_told_in_the_morning_once(world: World) -> None:
    wishing(world, "ada")
    wishing(world, "bob")
    world.give("bob", NOON, GrantFreezes(count=2, reason="asked for"))
    world.give("silent", NOON, CheckIn())
    settle(world, NIGHT)
    for minutes in (0, 5):
        assert world.run(NIGHT + timedelta(minutes=minutes)).users_processed == 0
    assert world.fields("ada") == {"remind_at", "notices_waiting"}
    assert world.fields("silent") == set()
    for minutes in (0, 5, 10):
        world.run(MORNING + timedelta(minutes=minutes))
    assert world.queue.keys() == {("ada", BROKEN), ("bob", FROZEN)}
    assert world.fields("ada") == set()
    settle(world, MORNING)
    assert [world.send("ada", MORNING, BROKEN) for _ in range(2)] == [Sending.SENT, Sending.BEFORE]
    assert world.send("bob", MORNING, FROZEN) is Sending.SENT
    assert world.push.sent == [("ada", "Your streak of 1 has ended"), ("bob", "A freeze kept your streak")]
    assert shown(world, "ada", MORNING) == ["Your streak of 1 has ended"]
    assert world.notices("silent") == []


def test_what_a_command_brings_is_told_by_the_next_run_and_costs_the_command_no_document(
    client: RecordedClient, recorder: Recorder
) -> None:
    world = World(client)
    written = {}
    for name, wish in (("ada", ALL), ("eve", ChooseNotices(language="de"))):
        wishing(world, name, wish)
        for day in range(1, 6):
            world.give(name, NOON + day * DAY, CheckIn())
        recorder.calls.clear()
        world.give(name, NOON + 6 * DAY, CheckIn())
        written[name] = len(recorder.documents_read()), len(recorder.documents_written())
    assert written["ada"] == written["eve"]
    world.run(NOON + 6 * DAY)
    assert world.queue.keys() == {("ada", "milestone_reached.2026-03-02.7")}


def test_what_was_taken_back_between_run_and_sender_is_silenced(world: World) -> None:
    wishing(world, "ada")
    settle(world, NIGHT)
    world.run(MORNING)
    assert shown(world, "ada", MORNING) == ["Your streak of 1 has ended"]
    late = RecordActivity(
        activity_id="late",
        activity_type="study_guide_completed",
        metadata={},
        occurred_at=NOON + DAY,
    )
    world.give("ada", MORNING, late)
    assert world.send("ada", MORNING, BROKEN) is Sending.SILENCED
    assert shown(world, "ada", MORNING) == []
    world.run(MORNING + timedelta(minutes=5))
    (restored,) = {notice_id for _, notice_id in world.queue} - {BROKEN}
    assert world.send("ada", MORNING + timedelta(minutes=5), restored) is Sending.SENT
    assert world.push.sent == [("ada", "Your streak is back")]


def test_a_task_that_comes_only_in_quiet_hours_pushes_nothing_and_the_inbox_has_it(world: World) -> None:
    wishing(world, "ada")
    settle(world, NIGHT)
    world.run(MORNING)
    assert world.send("ada", MORNING.replace(hour=23), BROKEN) is Sending.SENT
    assert world.push.sent == []
    assert shown(world, "ada", MORNING.replace(hour=23)) == ["Your streak of 1 has ended"]


def test_a_letter_goes_out_once_beside_a_push_or_alone_and_to_nobody_where_there_is_no_server(world: World) -> None:
    wishing(world, "ada", ChooseNotices(channels={"streak_broken": ["email", "push"]}))
    wishing(world, "bob", ChooseNotices(channels={"streak_broken": ["email"]}))
    settle(world, NIGHT)
    world.run(NIGHT)
    assert world.queue == {}
    world.run(MORNING)
    assert world.send("bob", MORNING, BROKEN) is Sending.SENT
    letters: list[tuple[str, str]] = []
    world.letters = letters
    assert [world.send("ada", MORNING, BROKEN) for _ in range(2)] == [Sending.SENT, Sending.BEFORE]
    assert letters == [("ada", "Your streak of 1 has ended")]
    assert world.push.sent == letters
    assert shown(world, "bob", MORNING) == ["Your streak of 1 has ended"]


def test_killed_between_the_queue_and_the_commit_it_is_enqueued_again_and_pushed_once(world: World) -> None:
    wishing(world, "ada")
    settle(world, NIGHT)
    # The task is there, and the run died before it wrote anything.
    with pytest.raises(NoticeNotWritten):
        world.send("ada", MORNING, BROKEN)
    world.run(MORNING + timedelta(minutes=5))
    assert list(world.queue) == [("ada", BROKEN)]
    assert world.send("ada", MORNING + timedelta(minutes=6), BROKEN) is Sending.SENT
    assert len(world.push.sent) == 1
    # What nobody has ever waited for is no notice to come.
    assert world.send("ada", MORNING, "2026-03-02.streak_broken") is Sending.SILENCED


def test_an_event_that_is_told_under_the_same_name_again_is_not_pushed_again(world: World) -> None:
    wishing(world, "ada")
    settle(world, NIGHT)
    world.run(MORNING)
    notice = world.queue["ada", BROKEN]
    assert world.send("ada", MORNING, BROKEN) is Sending.SENT
    home = world.client.document("streaks/ada")
    waiting = f'[{{"event_id":"{BROKEN}","kind":"streak_broken","day":"2026-03-03","at":"2026-03-04T04:00:00Z"}}]'
    home.update({"notices_waiting": waiting, "remind_at": MORNING})
    world.run(MORNING + timedelta(minutes=5))
    assert world.queue["ada", BROKEN] == replace(notice, at=MORNING + timedelta(minutes=5))
    assert world.send("ada", MORNING + timedelta(minutes=5), BROKEN) is Sending.BEFORE
    assert len(world.push.sent) == 1


def test_a_milestone_that_an_undo_takes_back_before_the_run_is_told_to_nobody(world: World) -> None:
    wishing(world, "ada")
    for day in range(1, 7):
        world.give("ada", NOON + day * DAY, CheckIn())
    world.give("ada", NOON + 6 * DAY, UndoActivity(activity_id="check-in.2026-03-08.1"))
    world.run(NOON + 6 * DAY)
    assert world.queue == {}
    assert world.fields("ada") == set()


def test_of_who_was_erased_nothing_waits_any_more(world: World) -> None:
    wishing(world, "ada")
    settle(world, NIGHT)
    UserRights(WholeUserStore(world.client)).erase("ada")
    assert world.fields("ada") == set()
    assert world.run(MORNING).users_processed == 0

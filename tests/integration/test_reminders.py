"""Who is reminded, through the run and the sender, with tasks killed, doubled and late."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Final

import pytest

from streak_core.commands import StreakCommands
from streak_core.config.maintenance import MaintenanceRules
from streak_core.domain.commands import CheckIn, ChooseNotices, GrantFreezes, PauseStreak, UndoActivity
from streak_core.domain.devices import Device, Platform
from streak_core.domain.errors import Unavailable
from streak_core.maintenance.endurance import Endurance
from streak_core.maintenance.fanout import QueueUnavailable
from streak_core.maintenance.report import log_reminded
from streak_core.maintenance.run import Maintenance
from streak_core.notices import Notices
from streak_core.reminders import NoticeNotWritten, ReminderSender, Sending, due_reminder
from streak_core.rights import UserRights
from streak_core.store.due import DueStore
from streak_core.store.notices import NOTICES, NoticeStore
from streak_core.store.remindees import RemindeeStore
from streak_core.store.run_report import RunStatus
from streak_core.store.runs import RunStore
from streak_core.store.users import UserStore
from streak_core.store.whole_user import WholeUserStore
from tests.support.shipped_policy import policies

if TYPE_CHECKING:
    from collections.abc import Sequence

    from google.cloud import firestore

    from streak_core.domain.commands import Command
    from streak_core.domain.notices import Notice
    from streak_core.notice_texts import Message
    from streak_core.store.run_report import RunReport

NOON: Final = datetime(2026, 3, 2, 12, tzinfo=UTC)
DAY: Final = timedelta(days=1)
EVENING: Final = NOON.replace(hour=18, minute=30) + DAY
WISH: Final = ChooseNotices(channels={"reminder": ["push"]}, remind_at="18:30")


@dataclass
class Pushed:
    """A channel that keeps what it is given; some addresses reach nobody, and all of it may be away."""

    gone: frozenset[str] = frozenset()
    is_away: bool = False
    sent: list[tuple[str, str]] = field(default_factory=list)

    def send(self, devices: Sequence[Device], message: Message) -> frozenset[str]:
        if self.is_away:
            raise QueueUnavailable
        self.sent += [(one.address, message.title) for one in devices if one.address not in self.gone]
        return frozenset(one.address for one in devices) & self.gone


@dataclass
class World:
    """Users of one database, the run over them, and the queue between it and the sender."""

    client: firestore.Client
    push: Pushed = field(default_factory=Pushed)
    queue: dict[tuple[str, str], Notice] = field(default_factory=dict)
    is_queue_away: bool = False

    def give(self, user_id: str, now: datetime, *commands: Command) -> None:
        service = StreakCommands(UserStore(self.client, policies), policies)
        for command in commands:
            service.execute(user_id, now, command)

    def wishing(self, *user_ids: str) -> None:
        """Users with a streak since Monday noon, who wish to be reminded on their phone."""
        for user_id in user_ids:
            self.give(user_id, NOON, WISH, CheckIn())
            phone = Device(device_id="phone", address=user_id, platform=Platform.IOS, registered_at=NOON)
            Notices(NoticeStore(self.client)).register(user_id, phone)

    def enqueue(self, user_id: str, notice: Notice) -> None:
        if self.is_queue_away:
            raise QueueUnavailable
        self.queue[user_id, notice.notice_id] = notice

    def run(self, now: datetime) -> RunReport:
        job = Maintenance(DueStore(self.client), RunStore(self.client), policies, MaintenanceRules(is_paced=False))
        remindees = RemindeeStore(self.client, due_reminder, self.enqueue)
        return job.over(remindees, 0).judge(f"reminders-{now:%H%M%S}", now, log_reminded)

    def send(self, user_id: str, now: datetime, notice_id: str = "2026-03-03.reminder") -> Sending:
        return ReminderSender(NoticeStore(self.client), self.push, policies).send(user_id, notice_id, now)

    def notices(self, user_id: str) -> list[str]:
        return [one.id for one in self.client.collection(f"streaks/{user_id}/{NOTICES}").stream()]

    def fields(self, user_id: str) -> set[str]:
        found = self.client.document(f"streaks/{user_id}").get().to_dict() or {}
        return found.keys() & {"remind_at", "reminded"}


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


def test_what_a_channel_does_not_take_is_tried_again(world: World) -> None:
    world.wishing("ada")
    world.run(EVENING)
    world.push.is_away = True
    with pytest.raises(Unavailable):
        world.send("ada", EVENING)
    world.push.is_away = False
    assert world.send("ada", EVENING + timedelta(minutes=1)) is Sending.SENT
    assert len(world.push.sent) == 1


def test_a_device_that_nothing_reaches_is_taken_away(world: World) -> None:
    world.wishing("ada")
    tablet = Device(device_id="tablet", address="t", platform=Platform.WEB, registered_at=NOON)
    Notices(NoticeStore(world.client)).register("ada", tablet)
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

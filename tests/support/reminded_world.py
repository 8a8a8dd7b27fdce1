"""Users who are told something without asking: a run over them, the queue, and a channel that keeps what it is given.

Must not know what is right to be told.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Final

from streak_core.commands import StreakCommands
from streak_core.config.maintenance import MaintenanceRules
from streak_core.domain.commands import CheckIn, ChooseNotices
from streak_core.domain.devices import Device, Platform
from streak_core.maintenance.report import REMINDING
from streak_core.maintenance.run import Maintenance
from streak_core.maintenance.tasks import QueueUnavailable
from streak_core.notice_texts import shipped_texts
from streak_core.notices import Notices
from streak_core.reminders import NoticeSender, Sending, due_notices
from streak_core.store.due import DueStore
from streak_core.store.notices import NOTICES, NoticeStore
from streak_core.store.remindees import RemindeeStore
from streak_core.store.runs import RunStore
from streak_core.store.users import UserStore
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
class Mailed:
    """A channel that keeps to whom letters went."""

    letters: list[tuple[str, str]]

    def send(self, user_id: str, message: Message) -> None:
        self.letters.append((user_id, message.title))


@dataclass
class World:
    """Users of one database, the run over them, and the queue between it and the sender."""

    client: firestore.Client
    push: Pushed = field(default_factory=Pushed)
    queue: dict[tuple[str, str], Notice] = field(default_factory=dict)
    is_queue_away: bool = False
    # Whom a letter was sent, and what it was about; None where no server is named.
    letters: list[tuple[str, str]] | None = None

    def give(self, user_id: str, now: datetime, *commands: Command) -> None:
        service = StreakCommands(UserStore(self.client, policies), policies)
        for command in commands:
            service.execute(user_id, now, command)

    def wishing(self, *user_ids: str) -> None:
        """Users with a streak since Monday noon, who wish to be reminded on their phone."""
        for user_id in user_ids:
            self.give(user_id, NOON, WISH, CheckIn())
            phone = Device(device_id="phone", address=user_id, platform=Platform.IOS, registered_at=NOON)
            Notices(NoticeStore(self.client), policies).register(user_id, phone)

    def enqueue(self, user_id: str, notice: Notice) -> None:
        if self.is_queue_away:
            raise QueueUnavailable
        self.queue[user_id, notice.notice_id] = notice

    def run(self, now: datetime) -> RunReport:
        return self.job().run(f"reminders-{now:%m%d%H%M%S}", now)

    def job(self) -> Maintenance:
        job = Maintenance(DueStore(self.client), RunStore(self.client), policies, MaintenanceRules(is_paced=False))
        return job.over(RemindeeStore(self.client, due_notices, self.enqueue), REMINDING)

    def send(self, user_id: str, now: datetime, notice_id: str = "2026-03-03.reminder") -> Sending:
        mail = None if self.letters is None else Mailed(self.letters)
        store = NoticeStore(self.client)
        return NoticeSender(store, self.push, policies, shipped_texts(), mail).send(user_id, notice_id, now)

    def notices(self, user_id: str) -> list[str]:
        return [one.id for one in self.client.collection(f"streaks/{user_id}/{NOTICES}").stream()]

    def fields(self, user_id: str) -> set[str]:
        found = self.client.document(f"streaks/{user_id}").get().to_dict() or {}
        return found.keys() & {"remind_at", "reminded", "notices_waiting"}

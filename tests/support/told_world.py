"""Users of whom servers of an app's are told, in a database; the servers keep what they are sent.

Must not know what is right to be told.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

from streak_core.commands import StreakCommands
from streak_core.config.maintenance import MaintenanceRules
from streak_core.domain.commands import CheckIn
from streak_core.domain.events import EventKind
from streak_core.domain.webhooks import Endpoint, Reply, chosen_by
from streak_core.maintenance.run import Maintenance
from streak_core.store.due import DueStore
from streak_core.store.outbox import OutboxStore
from streak_core.store.runs import RunStore
from streak_core.store.users import UserStore
from streak_core.webhooks import Webhooks
from tests.support.shipped_policy import policies

if TYPE_CHECKING:
    from collections.abc import Callable

    from google.cloud import firestore

    from streak_core.domain.commands import Command
    from streak_core.domain.webhook_messages import WebhookMessage

NOON: Final = datetime(2026, 3, 2, 12, tzinfo=UTC)
DAY: Final = timedelta(days=1)
TOLD: Final = frozenset(
    {EventKind.STREAK_STARTED, EventKind.STREAK_EXTENDED, EventKind.STREAK_BROKEN, EventKind.FREEZE_APPLIED}
)


def endpoint(name: str, kinds: frozenset[EventKind] = TOLD) -> Endpoint:
    return Endpoint(name=name, url="https://app.example.com", kinds=kinds, secrets=(b"s" * 24,))


@dataclass
class ToldWorld:
    """Users of one database, what happens to them, and whom it is told."""

    client: firestore.Client
    endpoints: dict[str, Endpoint] = field(default_factory=lambda: {"crm": endpoint("crm")})
    # What comes next; else a message is taken.
    replies: list[Reply] = field(default_factory=list)
    received: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    # And the ids of those messages.
    ids: list[str] = field(default_factory=list)
    # What somebody else does while a message is on its way.
    meanwhile: list[Callable[[], object]] = field(default_factory=list)

    @property
    def outbox(self) -> OutboxStore:
        return OutboxStore(self.client)

    def give(self, user_id: str, now: datetime, *commands: Command) -> None:
        store = UserStore(self.client, policies, chosen=chosen_by(self.endpoints.values()))
        for command in commands:
            StreakCommands(store, policies).execute(user_id, now, command)

    def night(self, now: datetime) -> None:
        """A run of the job."""
        due = DueStore(self.client, chosen_by(self.endpoints.values()))
        Maintenance(due, RunStore(self.client), policies, MaintenanceRules(is_paced=False)).run(f"{now:%m%d%H}", now)

    def send(self, at: Endpoint, message: WebhookMessage, _moment: datetime) -> Reply:
        self.received.append((at.name, json.loads(message.body)))
        self.ids.append(message.message_id)
        if self.meanwhile:
            self.meanwhile.pop(0)()
        return self.replies.pop(0) if self.replies else Reply.TAKEN

    def tell(self, user_id: str, now: datetime) -> datetime | None:
        return Webhooks(self.outbox, self.endpoints, self.send).tell(user_id, now)

    @property
    def told(self) -> list[tuple[str, str, int]]:
        """Who was told of what kind of event, and its number."""
        return [(name, body["type"], body["data"]["number"]) for name, body in self.received]

    def stored(self, path: str) -> dict[str, Any]:
        return self.client.document(path).get().to_dict() or {}

    def waiting(self, user_id: str) -> set[str]:
        return {one.id for one in self.client.collection(f"streaks/{user_id}/outbox").stream()}


def write_parked(client: firestore.Client, user_id: str) -> None:
    """A user of whom somebody was not told of one event and is still to be told of another."""
    world = ToldWorld(client, replies=[Reply.GONE])
    world.give(user_id, NOON, CheckIn())
    world.tell(user_id, NOON)
    world.outbox.enable("crm")
    world.give(user_id, NOON + DAY, CheckIn())

"""Operators' commands that tell a trail, on an emulator. Must not know what is tested."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Final

from streak_core.commands import Outcome, StreakCommands
from streak_core.domain.actor import Actor, ActorKind
from streak_core.domain.commands import GrantXp
from streak_core.records.acts import Act, PartyKind, Source, user
from streak_core.records.acts import Party as Someone
from streak_core.records.proof import findings
from streak_core.records.told_acts import told_alongside
from streak_core.records.trails import Trails
from streak_core.store.users import UserStore
from tests.support.shipped_policy import policies

if TYPE_CHECKING:
    from google.cloud import firestore

    from streak_core.domain.commands import Command

NOW: Final = datetime(2026, 3, 2, 9, tzinfo=UTC)
# By when what tests write has been written, and nothing has expired.
LATER: Final = NOW + timedelta(days=30)
SUE: Final = Actor(kind=ActorKind.SUPPORT, id="sue")
GRANT: Final = GrantXp(amount=5, reason="sorry")
ADA: Final = user("ada")
NOTE: Final = Act(actor=Someone(kind=PartyKind.SUPPORT, id="sue"), action="looked", entity_type="user", entity_id="ada")


def trails(client: firestore.Client) -> Trails:
    return Trails(client, lambda: Source(request_id="r", ip_address="203.0.113.0", user_agent="curl", duration_ms=3))


def service(client: firestore.Client) -> StreakCommands:
    kept = trails(client)
    store = UserStore(client, policies, alongside=lambda user_id, writes: told_alongside(kept, user_id, writes))
    return StreakCommands(store, policies)


def give(client: firestore.Client, command: Command = GRANT, uid: str = "ada", now: datetime = NOW) -> Outcome:
    return service(client).execute(uid, now, command, actor=SUE)


def wrong(client: firestore.Client, uid: str = "ada", now: datetime = LATER) -> list[str]:
    return list(findings(trails(client).stored(user(uid)), now))

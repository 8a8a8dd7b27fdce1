"""`streakctl webhooks` as an operator gives it: what was not told, and having it told."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from streak_core.domain.commands import CheckIn
from streak_core.domain.webhooks import Reply
from streak_core.rights import UserRights
from streak_core.store.whole_user import WholeUserStore
from tests.integration.streakctl.calling import call
from tests.support.told_world import DAY, NOON, ToldWorld
from tools.streakctl.webhooks.redelivery import ToldAgain

if TYPE_CHECKING:
    from tests.support.recorded_client import RecordedClient


@pytest.fixture
def world(client: RecordedClient) -> ToldWorld:
    """Three users of whom a server was not told that their streak began, since it was gone."""
    world = ToldWorld(client, replies=[Reply.GONE])
    for user_id in ("ada", "ben", "eve"):
        world.give(user_id, NOON, CheckIn())
        world.tell(user_id, NOON)
    return world


def test_what_was_not_told_is_listed_with_whom_for_which_server_and_since_when(
    world: ToldWorld, client: RecordedClient
) -> None:
    found = json.loads(call(client.project, "webhooks", "list", "--json", "--limit", "2").stdout)
    assert found["disabled"] == {"crm": "2026-03-02T12:00:00Z"}
    (event_id,) = world.waiting("ada")
    assert found["parked"][0] == {
        "user_id": "ada",
        "event_id": event_id,
        "kind": "streak_started",
        "endpoints": ["crm"],
        "parked_at": "2026-03-02T12:00:00Z",
    }
    assert len(found["parked"]) == 2
    shown = call(client.project, "webhooks", "list").stdout
    assert "crm is told of nothing since 2026-03-02T12:00:00Z" in shown
    assert "eve" in shown


def test_a_server_that_is_gone_is_enabled_first_and_told_once_more_then(
    world: ToldWorld, client: RecordedClient
) -> None:
    refused = call(client.project, "webhooks", "redeliver", "crm")
    assert (refused.exit_code, "webhooks enable crm" in refused.stderr) == (2, True)
    assert call(client.project, "webhooks", "enable", "mail").exit_code == 2
    assert call(client.project, "webhooks", "enable", "crm").exit_code == 0
    world.give("ada", NOON + DAY, CheckIn())
    one = call(client.project, "webhooks", "redeliver", "crm", "--uid", "ada")
    assert (one.exit_code, one.stdout) == (0, "1 of 1 events will be told once more, within five minutes\n")
    others = call(client.project, "webhooks", "redeliver", "crm")
    assert others.stdout.startswith("2 of 2 events")
    assert call(client.project, "webhooks", "redeliver", "crm").stdout.startswith("0 of 0 events")
    world.received.clear()
    world.tell("ada", NOON.replace(year=2190))
    assert [number for _, _, number in world.told] == [1, 2]
    assert call(client.project, "webhooks", "list").stdout == "nothing was given up\n"


def test_of_whoever_is_erased_meanwhile_nothing_is_told_once_more(world: ToldWorld) -> None:
    world.outbox.enable("crm")
    marking = ToldAgain(world.outbox, lambda: None).redeliver("crm", frozenset(), lambda: NOON)
    assert next(marking)
    for user_id in ("ada", "ben", "eve"):
        UserRights(WholeUserStore(world.client)).erase(user_id)
    assert list(marking) == [False, False]

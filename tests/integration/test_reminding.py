"""When a reminder is due stands in the user's document, written with each commit and settlement, and nobody else's."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

from streak_core.commands import StreakCommands
from streak_core.config.maintenance import MaintenanceRules
from streak_core.domain.commands import CheckIn, ChooseNotices, GrantFreezes
from streak_core.maintenance.run import Maintenance
from streak_core.store.due import DueStore
from streak_core.store.runs import RunStore
from streak_core.store.users import UserStore
from tests.support.shipped_policy import policies

if TYPE_CHECKING:
    from google.cloud import firestore

NOW: Final = datetime(2026, 3, 2, 12, tzinfo=UTC)
DAY: Final = timedelta(days=1)
WISH: Final = ChooseNotices(channels={"reminder": ["push"]}, remind_at="18:30")


def due(client: firestore.Client, user_id: str = "ada") -> Any:
    return (client.document(f"streaks/{user_id}").get().to_dict() or {}).get("remind_at")


def test_it_is_written_with_each_commit_and_taken_out_with_the_wish(client: firestore.Client) -> None:
    service = StreakCommands(UserStore(client, policies), policies)
    service.execute("ada", NOW, CheckIn())
    assert due(client) is None
    service.execute("ada", NOW, WISH)
    assert due(client) == NOW.replace(hour=18, minute=30) + DAY
    service.execute("ada", NOW + DAY, CheckIn())
    assert due(client) == NOW.replace(hour=18, minute=30) + 2 * DAY
    service.execute("ada", NOW + DAY, ChooseNotices(channels={"reminder": []}))
    assert "remind_at" not in (client.document("streaks/ada").get().to_dict() or {})


def test_what_the_job_settles_is_planned_anew_and_a_broken_streak_is_reminded_of_nothing(
    client: firestore.Client,
) -> None:
    service = StreakCommands(UserStore(client, policies), policies)
    for user_id, given in (("ada", True), ("bob", False)):
        service.execute(user_id, NOW, WISH)
        service.execute(user_id, NOW, CheckIn())
        if given:
            service.execute(user_id, NOW, GrantFreezes(count=1, reason="asked for"))
    rules = MaintenanceRules(is_paced=False)
    Maintenance(DueStore(client), RunStore(client), policies, rules=rules).run("r", NOW + 2 * DAY)
    assert due(client) == NOW.replace(hour=18, minute=30) + 2 * DAY
    assert due(client, "bob") is None

"""Commands that a user gives to a database. Must not know what is tested."""

from __future__ import annotations

from datetime import UTC, datetime

from google.cloud import firestore

from streak_core.commands import StreakCommands
from streak_core.domain.commands import Command, RecordActivity
from streak_core.store.users import UserStore
from tests.support.shipped_policy import policies

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)


def service(client: firestore.Client) -> StreakCommands:
    return StreakCommands(UserStore(client, policies), policies)


def guide(name: str) -> Command:
    return RecordActivity(activity_id=name, activity_type="study_guide_completed", metadata={})

"""A user who has lived and is erased, and whoever erases, asks and gives commands. Must not know what is tested."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from google.api_core import exceptions

from streak_core.commands import StreakCommands
from streak_core.domain.commands import RecordActivity
from streak_core.queries import StreakQueries
from streak_core.rights import UserRights
from streak_core.store.users import UserStore
from streak_core.store.whole_user import WholeUserStore
from tests.support.shipped_policy import policies
from tests.support.stored_life import documents_of, long_life, write_documents

if TYPE_CHECKING:
    from google.cloud import firestore

    from streak_core.domain.commands import Command


NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
# What the server's clock says; sign-ins are told apart by it.
WALL = datetime(2026, 11, 25, 12, tzinfo=UTC)
BEFORE, SINCE = WALL - timedelta(seconds=10), WALL + timedelta(seconds=1)
# As a process that is killed: it is not tried again.
UNSENT = exceptions.PermissionDenied("not sent")


def guide(name: str) -> Command:
    return RecordActivity(activity_id=name, activity_type="study_guide_completed", metadata={})


def service(client: firestore.Client, form: int = 2) -> StreakCommands:
    return StreakCommands(UserStore(client, policies, form), policies)


def queries(client: firestore.Client) -> StreakQueries:
    return StreakQueries(UserStore(client, policies), policies)


def rights(client: firestore.Client, wall: datetime = WALL) -> UserRights:
    return UserRights(WholeUserStore(client), wall=lambda: wall)


def lived(client: firestore.Client, uid: str = "ada") -> datetime:
    write_documents(client, long_life(uid, 50, NOW))
    return NOW


def tombstone(client: firestore.Client, uid: str = "ada") -> dict[str, Any]:
    """What is left of the user, which is nothing else."""
    left = documents_of(client, uid)
    assert list(left) == [f"streaks/{uid}"]
    assert not list(client.document(f"streaks/{uid}").collections())
    return left[f"streaks/{uid}"]

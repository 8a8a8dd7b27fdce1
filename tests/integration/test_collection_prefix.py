"""With a prefix everything is stored, asked and proved under it, and another app's collections of our names stay."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from streak_core.commands import StreakCommands
from streak_core.config.maintenance import MaintenanceRules
from streak_core.domain.commands import RecordActivity
from streak_core.domain.commands.undo import UndoActivity
from streak_core.domain.rules import Amnesty
from streak_core.maintenance.run import Maintenance
from streak_core.queries import StreakQueries
from streak_core.rights import UserRights
from streak_core.shares import Shares, Wanted
from streak_core.sharing.snapshot import Language
from streak_core.store.client import PrefixingClient, firestore_client
from streak_core.store.concerned import ConcernedStore
from streak_core.store.due import DueStore
from streak_core.store.health import CHECKS, DatabaseProbe
from streak_core.store.runs import RunStore
from streak_core.store.sharding import SHARDS
from streak_core.store.shares import ShareStore
from streak_core.store.unreadable import ForeignDocument
from streak_core.store.users import UserStore
from streak_core.store.whole_user import WholeUserStore
from tests.integration.streakctl.calling import call
from tests.support.shipped_policy import policies

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from google.cloud import firestore

    from emulator.firestore import FirestoreEmulator

PREFIX = "unbroken_"
NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
THEIRS: dict[str, dict[str, Any]] = {
    "streaks/ada": {"days": 3},
    "streaks/ada/events/1": {"title": "party"},
    "events/1": {"title": "fair"},
}


@pytest.fixture
def client(emulator: FirestoreEmulator) -> Iterator[firestore.Client]:
    """A database in which another app has collections of our names."""
    assert emulator.host
    made = PrefixingClient(PREFIX, project=f"demo-prefixed-{uuid.uuid4().hex[:8]}", database="(default)")
    plain = firestore_client(made.project, "(default)")
    for path, content in THEIRS.items():
        plain.document(path).set(content)
    yield made
    assert {path: plain.document(path).get().to_dict() for path in THEIRS} == THEIRS
    firestore_client.cache_clear()


def collections(client: firestore.Client) -> set[str]:
    """The names of all collections that have documents, at any depth."""
    found: set[str] = set()
    left: list[Any] = list(firestore_client(client.project, "(default)").collections())
    while left:
        collection = left.pop()
        found.add(collection.id)
        for document in collection.list_documents():
            left += document.collections()
    return found


def _record(day: int) -> RecordActivity:
    return RecordActivity(activity_id=f"a{day}", activity_type="check_in", metadata={})


def live(client: firestore.Client) -> StreakQueries:
    """A user who does, undoes, and is settled by the job."""
    store = UserStore(client, policies)
    commands = StreakCommands(store, policies)
    for day in range(0, 60, 2):
        commands.execute("ada", NOW + timedelta(days=day), _record(day))
    commands.execute("ada", NOW + timedelta(days=59), UndoActivity(activity_id="a50"))
    report = Maintenance(DueStore(client), RunStore(client), policies, rules=MaintenanceRules(is_paced=False)).run(
        "night", NOW + timedelta(days=70)
    )
    assert (report.users_processed, report.errors) == (1, 0)
    return StreakQueries(store, policies)


def test_all_that_is_written_and_asked_has_the_prefix(client: firestore.Client) -> None:
    queries = live(client)
    later = NOW + timedelta(days=70)
    assert queries.streak("ada", later)["current_streak"] == 0
    assert len(queries.events("ada", later, 50, None).items) > 1
    assert len(queries.activities("ada", 50, None).items) == 30
    probe = DatabaseProbe(lambda: client)
    probe.write("one")
    theirs = {path.split("/")[place] for path in THEIRS for place in range(0, path.count("/") + 1, 2)}
    assert {one for one in collections(client) - theirs if not one.startswith(PREFIX)} == set()
    names = {"streaks", "months", "ledger", "events", "maintenance_runs", "shards", CHECKS}
    assert collections(client) == theirs | {PREFIX + one for one in names}


def test_erasing_and_exporting_a_user_reach_no_collection_without_the_prefix(client: firestore.Client) -> None:
    live(client)
    rights = UserRights(WholeUserStore(client))
    exported = [one["collection"] for one in rights.export("ada") if "collection" in one]
    assert set(exported) == {"streaks", "months", "ledger", "events"}, "by the names that the code has"
    assert rights.erase("ada").is_finished
    assert [one.id for one in client.document("streaks/ada").collections()] == []


def test_what_is_asked_across_all_users_finds_those_with_the_prefix(client: firestore.Client) -> None:
    queries = live(client)
    outage = Amnesty(amnesty_id="1", from_instant=NOW, until=NOW + timedelta(days=9), reason="outage", number=1)
    found = [ConcernedStore(client, outage).page(shard, NOW, None, 9) for shard in range(SHARDS)]
    assert {one.user_id for page in found for one in page.users} == {"ada"}
    shares = Shares(ShareStore(client), queries)
    made, _ = shares.make("ada", NOW + timedelta(days=70), Wanted(name="", language=Language.EN), None)
    assert shares.find(made.share_id, NOW + timedelta(days=70)) == made


def test_another_apps_document_is_neither_erased_nor_exported(client: firestore.Client) -> None:
    rights = UserRights(WholeUserStore(firestore_client(client.project, "(default)")))
    for asked in (rights.erase, rights.export):
        with pytest.raises(ForeignDocument):
            asked("ada")


def test_a_name_that_has_its_prefix_gets_no_second_one(client: firestore.Client) -> None:
    named = client.document("streaks/ada").collection("events").document("streaks")
    assert named.path == "unbroken_streaks/ada/unbroken_events/streaks"
    assert client.document(named.path) == named
    assert client.document(*named.path.split("/")) == named
    assert named.parent.parent == client.document("streaks", "ada")


def test_without_a_prefix_the_client_is_the_plain_one(emulator: FirestoreEmulator) -> None:
    assert emulator.host
    assert not isinstance(firestore_client("demo-plain", "(default)"), PrefixingClient)
    firestore_client.cache_clear()
    made = firestore_client("demo-plain", "(default)", PREFIX)
    assert isinstance(made, PrefixingClient)
    assert made.collection("streaks").id == "unbroken_streaks"
    firestore_client.cache_clear()


def test_a_backup_would_hold_another_apps_documents_and_is_refused(
    client: firestore.Client, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("STREAK_COLLECTION_PREFIX", PREFIX)
    refused = call(client.project, "backup", str(tmp_path))
    assert refused.exit_code == 2
    assert "gcloud firestore export --collection-ids" in refused.stderr
    assert list(tmp_path.iterdir()) == []
    firestore_client.cache_clear()

"""What in a database is taken for another app's: no document that we write, and every other one under our names."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Final

from emulator.places import ROOT
from streak_core.boards.pages import Board
from streak_core.boards.standings import Progress, StandingStore
from streak_core.domain.boards import Period, RankedBy, Span
from streak_core.domain.rules import PolicyInTime
from streak_core.records.acts import EVERYBODY, Act, ActStatus, user
from streak_core.records.conversations import Conversations
from streak_core.records.ideas import Ideas
from streak_core.records.kinds import shipped_kinds
from streak_core.records.profiles import Profiles
from streak_core.records.quotas import Quotas
from streak_core.records.trails import Trails
from streak_core.records.usage import FeatureUsage
from streak_core.store.amnesties import AmnestyStore, StoredChange
from streak_core.store.backups import BackupRecord, BackupStore, Export, ExportState, note_backup
from streak_core.store.health import DatabaseProbe
from streak_core.store.migrations import MigrationState, MigrationStore, Record
from streak_core.store.migrations import Progress as Migrated
from streak_core.store.paces import Pace, PaceStore
from streak_core.store.policies import PolicyStore
from streak_core.store.runs import RunStore
from streak_core.store.tombstones import tombstone_document
from streak_core.store.write_lease import WriteLease, WriteLeases
from tests.support.befriending import befriended
from tests.support.shipped_policy import POLICY, TEXT, policies
from tests.support.stored_life import long_life, write_documents
from tools.deploy.foreign import collections
from tools.deploy.live import foreign_documents

if TYPE_CHECKING:
    from tests.support.recorded_client import RecordedClient

NOW: Final = datetime(2026, 3, 2, 9, tzinfo=UTC)
GROUPS: Final = collections((ROOT / "firestore.indexes.json").read_text(encoding="utf-8"), "")

MIGRATION: Final = Record(
    name="0002_second_edition",
    checksum="f00d",
    state=MigrationState.UP,
    accept_loss=False,
    by="ops",
    begun_at=NOW,
    progress=Migrated(),
)


def write_one_of_each(client: RecordedClient) -> None:
    """A document of each kind that is ours, written as the product writes it."""
    write_documents(client, long_life("ada", 1, NOW))
    client.document("streaks/gone").set(tombstone_document(NOW))
    RunStore(client).claim("2026-03-02T09:00:00Z", "me", NOW)
    PaceStore(client).keep("reminders", Pace(written_per_second=2_000.0, until=NOW), NOW)
    PolicyStore(client).add(PolicyInTime(number=1, effective_from=date(2026, 3, 9), policy=POLICY, text=TEXT))
    AmnestyStore(client).add(StoredChange(number=1, at=NOW, by="admin:ops", withdraws=1))
    note_backup(client, BackupRecord(moment=NOW, ended_at=NOW, documents=1, is_verified=True))
    exports = BackupStore(client)
    found, _ = exports.find(NOW.date())
    exports.put(found, Export(state=ExportState.RUNNING, snapshot_time=NOW, owner="me", claimed_at=NOW))
    WriteLeases(client).take(WriteLease(reason="restoring", taken_at=NOW, owner="me"), NOW)
    MigrationStore(client).put(2, MIGRATION, None)
    DatabaseProbe(lambda: client).write("a")
    trails = Trails(client)
    looked = Act(actor=user("ada"), action="looked", entity_type="user", entity_id="ada")
    for act in (looked, replace(looked, status=ActStatus.FAILED)):
        for subject in (user("ada"), EVERYBODY):
            trails.append(subject, act, NOW)
    quotas = Quotas(shipped_kinds(), policies)
    Profiles(trails, quotas).change("ada", {"city": "Pune"}, NOW, None)
    # Of whom nothing is told in a trail.
    Conversations(trails, quotas).add("eve", "talk", {"role": "user", "content": "hello"}, NOW, None, None)
    FeatureUsage(trails, quotas).count("eve", [{"feature": "chat"}], NOW, None, None)
    befriended(client, "fay", NOW)
    Ideas(trails, quotas).make("eve", {"title": "a thing", "category": "web"}, NOW, None, None)
    week = Period.of(Span.WEEK, NOW.date())
    StandingStore(client).keep(week, Progress(), NOW)
    StandingStore(client).place(Board(period=week, by=RankedBy.XP), 1, NOW)


def test_of_what_we_write_nothing_is_taken_for_another_apps(client: RecordedClient) -> None:
    write_one_of_each(client)
    assert {one.id for one in client.collections()} == {place.top for place in GROUPS.values()}
    assert foreign_documents(client, GROUPS) == ()


def test_what_another_app_keeps_under_our_names_is_told_wherever_it_lies(client: RecordedClient) -> None:
    tops = {place.top for place in GROUPS.values()}
    theirs = {f"{name}/x" if name in tops else f"a/b/{name}/x" for name in GROUPS}
    write_documents(client, {path: {"of": "another app"} for path in theirs})
    assert set(foreign_documents(client, GROUPS)) == theirs

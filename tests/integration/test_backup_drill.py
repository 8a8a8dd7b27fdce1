"""The weekly reading back with Google's own client, against a stand-in of its API and Google's emulator."""

from __future__ import annotations

from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime, time, timedelta
from typing import TYPE_CHECKING, Any

import grpc
import pytest
from google.rpc.code_pb2 import Code  # type: ignore[import-untyped]

from streak_core import backup_drill
from streak_core.backup import ManagedBackup
from streak_core.backup_drill import (
    AGAIN_AFTER,
    AGAIN_AFTER_FAILURE,
    GIVEN_UP_AFTER,
    BackupDrill,
    DrillReport,
    DrillStatus,
)
from streak_core.commands import StreakCommands
from streak_core.config.backup import BackupRules
from streak_core.domain.errors import DatabaseUnavailable
from streak_core.proving import page as pages
from streak_core.proving.restored import counted, opening, proving
from streak_core.store.backups import BackupStore
from streak_core.store.drills import DrillState, DrillStore
from streak_core.store.firestore_admin import BackupUnavailable, Exported, FirestoreAdmin
from streak_core.store.users import UserStore
from streak_core.store.verify_databases import VerifyDatabases
from testing.logged import Logged
from testing.stand_in_admin import StandInAdmin, listening_admin
from tests.integration.streakctl.proving import guide
from tests.support.shipped_policy import RULES as IN_FORCE
from tests.support.shipped_policy import policies

if TYPE_CHECKING:
    from collections.abc import Iterator

    from google.cloud import firestore

    from tests.support.recorded_client import RecordedClient

TWO = datetime(2026, 3, 2, 2, 0, 7, tzinfo=UTC)
HOUR = timedelta(hours=1)
BUCKET = "unbroken-backups"
RULES = BackupRules(at=time(2), bucket=BUCKET)
USERS = ("ada", "bob", "eve")


@dataclass
class Drilled:
    """A drill over a database in which three users live, and Google's part in it, which the test plays."""

    client: firestore.Client
    admin: StandInAdmin
    export: ManagedBackup
    drill: BackupDrill

    def have_exported(self, at: datetime) -> None:
        self.admin.clock = lambda: at
        self.export.attend(at)
        asked = list(self.admin.exports.values())[-1]
        asked.is_done, asked.documents = True, len(contents_of(self.client))
        self.export.attend(at)

    def called(self, at: datetime) -> DrillReport:
        self.admin.clock = lambda: at
        return self.drill.attend(at)

    @property
    def database(self) -> str:
        """The name of the one that was made last."""
        return list(self.admin.databases)[-1].rpartition("/")[2]

    def read_in(self, *, but: str = "", documents: int | None = None, failure: int = 0) -> None:
        """Google reads the export in, all of it `but` one document."""
        last = list(self.admin.imports.values())[-1]
        paths = [path for path in contents_of(self.client) if path != but]
        with self.drill.opened(self.database) as restored:
            for path in paths:
                restored.document(path).set(contents_of(self.client)[path])
        last.is_done, last.failure = True, failure
        last.documents = len(contents_of(self.client)) if documents is None else documents

    def told(self) -> dict[str, Any]:
        return self.client.document("backups/2026-03-02").get().to_dict() or {}


def contents_of(client: firestore.Client) -> dict[str, dict[str, Any]]:
    groups = ("streaks", "ledger", "events", "months")
    return {
        one.reference.path: one.to_dict() or {} for name in groups for one in client.collection_group(name).stream()
    }


@pytest.fixture
def drilled(client: RecordedClient) -> Iterator[Drilled]:
    commands = StreakCommands(UserStore(client, policies), policies)
    for user in USERS:
        for days in (3, 2, 1):
            commands.execute(user, TWO - timedelta(days=days), guide(f"{user}-{days}"))
    admin = StandInAdmin(lambda: TWO)
    with listening_admin(admin) as host:
        backups = BackupStore(client)
        exported = Exported(project=client.project, database="(default)", bucket=BUCKET, emulator_host=host)
        export = ManagedBackup(backups, FirestoreAdmin(exported), RULES)
        databases = VerifyDatabases(exported)
        drill = BackupDrill(
            store=DrillStore(client, databases.source),
            backups=backups,
            databases=databases,
            rules=RULES,
            opened=opening(client.project, ""),
            prove=proving(IN_FORCE.policies[0]),
            count=counted,
        )
        given = Drilled(client=client, admin=admin, export=export, drill=drill)
        given.have_exported(TWO)
        yield given


def test_the_last_export_is_read_back_proved_and_noted_and_nothing_is_left_of_it(drilled: Drilled) -> None:
    first = drilled.called(TWO)
    assert first.status is DrillStatus.RUNNING
    (request,) = (one.request for one in drilled.admin.imports.values())
    (export,) = (one.request for one in drilled.admin.exports.values())
    assert request.input_uri_prefix == export.output_uri_prefix
    assert request.name == f"projects/{drilled.client.project}/databases/{drilled.database}"
    assert drilled.database.startswith("verify-20260302-")
    assert drilled.called(TWO + HOUR).drill == first.drill, "Google is not done yet"
    drilled.read_in()
    ended = drilled.called(TWO + 2 * HOUR)
    assert ended.status is DrillStatus.ENDED
    assert ended.drill is not None
    assert (ended.drill.failure, ended.drill.users, ended.drill.wrong) == (None, 3, 0)
    assert drilled.told()["is_verified"] is True
    assert not drilled.admin.databases
    assert drilled.called(TWO + AGAIN_AFTER - HOUR).status is DrillStatus.IDLE
    with Logged() as logged:
        drilled.export.attend(TWO + 3 * HOUR)
    assert [line["proof"] for line in logged.of("backup_checked")] == ["verified"], "by which the alert ends"


def test_a_week_later_the_next_one_is_begun_and_without_an_export_none(drilled: Drilled) -> None:
    drilled.called(TWO)
    drilled.read_in()
    drilled.called(TWO + HOUR)
    later = TWO + AGAIN_AFTER
    assert drilled.called(later).status is DrillStatus.IDLE, "the export of then is deleted by now"
    drilled.have_exported(later)
    begun = drilled.called(later)
    assert (begun.status, begun.drill.day if begun.drill else None) == (DrillStatus.RUNNING, "2026-03-09")


def test_a_user_who_is_not_as_the_ledger_says_is_named_and_the_export_is_not_verified(drilled: Drilled) -> None:
    drilled.called(TWO)
    lost = next(path for path in contents_of(drilled.client) if path.startswith("streaks/bob/ledger/"))
    drilled.read_in(but=lost)
    with Logged() as logged:
        ended = drilled.called(TWO + HOUR)
    assert ended.drill is not None
    assert ended.drill.failure == "1 of 3 users are not as their ledgers say"
    assert "bob" in str(logged.of("backup_not_verified"))
    assert drilled.told()["is_verified"] is False
    assert not drilled.admin.databases, "what was made for it is deleted all the same"
    assert drilled.called(TWO + AGAIN_AFTER_FAILURE - HOUR).status is DrillStatus.IDLE
    assert drilled.called(TWO + AGAIN_AFTER_FAILURE).status is DrillStatus.RUNNING


@pytest.mark.parametrize(
    ("came", "told"),
    [
        ({"documents": 5}, "5 documents were read in, and"),
        ({"failure": Code.PERMISSION_DENIED}, "reading in ended with PERMISSION_DENIED"),
    ],
)
def test_an_export_that_is_not_whole_or_not_read_in_is_not_verified(
    drilled: Drilled, came: dict[str, Any], told: str
) -> None:
    drilled.called(TWO)
    drilled.read_in(**came)
    ended = drilled.called(TWO + HOUR)
    assert ended.drill is not None
    assert told in (ended.drill.failure or "")
    assert drilled.told()["is_verified"] is False
    assert not drilled.admin.databases


def test_of_more_users_than_are_proved_a_part_is_from_anywhere_on_and_round(
    drilled: Drilled, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pages, "PAGE_USERS", 1)
    monkeypatch.setattr(backup_drill, "USERS_MAX", 2)
    monkeypatch.setattr(backup_drill, "_LETTERS", "c")
    drilled.called(TWO)
    drilled.read_in()
    ended = drilled.called(TWO + HOUR)
    assert ended.drill is not None
    assert ended.drill.first == "c" * 28
    assert (ended.drill.after, ended.drill.users) == ("ada", 2), "eve, and then from the first one on"


class KilledError(Exception):
    """As if the process had ended there."""


class Mortal(VerifyDatabases):
    """The process dies after the first of each thing that it has asked Google for, when that is done."""

    def __init__(self, project: str, host: str) -> None:
        super().__init__(Exported(project=project, database="(default)", bucket=BUCKET, emulator_host=host))
        self.died_of: list[str] = []

    def make(self, name: str) -> None:
        super().make(name)
        self._die("making")

    def fill(self, name: str, export: str) -> str:
        operation = super().fill(name, export)
        self._die("reading in")
        return operation

    def delete(self, name: str) -> None:
        super().delete(name)
        self._die("deleting")

    def _die(self, of: str) -> None:
        if of not in self.died_of:
            self.died_of.append(of)
            raise KilledError


def test_a_call_that_died_at_any_moment_is_gone_on_with_and_nothing_is_left(drilled: Drilled) -> None:
    with listening_admin(drilled.admin) as host:
        mortal = Mortal(drilled.client.project, host)
        drilled.drill = replace(drilled.drill, databases=mortal)
        ended = None
        for hours in range(8):
            with suppress(KilledError):
                ended = drilled.called(TWO + hours * HOUR)
            if ended and ended.status is DrillStatus.ENDED:
                break
            if drilled.admin.imports and not list(drilled.admin.imports.values())[-1].is_done:
                drilled.read_in()
    assert mortal.died_of == ["making", "reading in", "deleting"]
    assert ended is not None
    assert ended.drill is not None
    assert (ended.status, ended.drill.failure, ended.drill.users) == (DrillStatus.ENDED, None, 3)
    assert not drilled.admin.databases
    assert drilled.told()["is_verified"] is True


def test_of_two_calls_at_once_one_goes_on(drilled: Drilled) -> None:
    drilled.called(TWO)
    drilled.read_in()
    prove = drilled.drill.prove

    def overtaken(client: firestore.Client, after: str, now: datetime) -> pages.ProvedPage:
        drilled.client.document("backups/drill").update({"users": 1})
        return prove(client, after, now)

    slower = replace(drilled.drill, prove=overtaken).attend(TWO + HOUR)
    assert slower.status is DrillStatus.RUNNING
    assert slower.drill is not None
    assert (slower.drill.state, slower.drill.users) == (DrillState.PROVING, 0)
    assert drilled.told()["is_verified"] is False


def test_what_a_dead_run_left_is_deleted_and_nothing_that_is_not_ours(drilled: Drilled) -> None:
    drilled.called(TWO)
    left = drilled.database
    drilled.client.document("backups/drill").delete()
    path = f"projects/{drilled.client.project}/databases"
    theirs = [f"{path}/verify-20260101-0123abcd", f"{path}/verify-it", f"{path}/shop"]
    drilled.admin.databases |= dict.fromkeys(theirs, True)
    with drilled.drill.opened("verify-20260101-0123abcd") as client:
        drilled.drill.store.mark(client, "another", drilled.called(TWO).drill or pytest.fail("there is one"))
    assert f"{path}/{left}" not in drilled.admin.databases
    assert set(theirs) <= set(drilled.admin.databases)
    for name in ("(default)", "shop", "verify-it"):
        with pytest.raises(ValueError, match="is no database to verify"):
            drilled.drill.databases.delete(name)


def test_a_database_of_such_a_name_that_can_t_be_read_hinders_nothing(drilled: Drilled) -> None:
    theirs = f"projects/{drilled.client.project}/databases/verify-20260101-0123abcd"
    drilled.admin.databases[theirs] = True
    opened = drilled.drill.opened

    @contextmanager
    def refusing(name: str) -> Iterator[firestore.Client]:
        if theirs.endswith(name):
            raise DatabaseUnavailable
        with opened(name) as client:
            yield client

    drilled.drill = replace(drilled.drill, opened=refusing)
    assert drilled.called(TWO).status is DrillStatus.RUNNING
    assert drilled.admin.databases[theirs]


def test_one_that_gets_no_further_is_given_up_after_three_days_and_deleted(drilled: Drilled) -> None:
    drilled.admin.makes_at_once = False
    assert drilled.called(TWO).status is DrillStatus.RUNNING
    assert drilled.called(TWO + GIVEN_UP_AFTER - HOUR).status is DrillStatus.RUNNING
    drilled.admin.databases = dict.fromkeys(drilled.admin.databases, True)
    ended = drilled.called(TWO + GIVEN_UP_AFTER)
    assert ended.drill is not None
    assert (ended.status, ended.drill.failure) == (DrillStatus.ENDED, "it got no further than making in 3 days")
    assert not drilled.admin.databases


def test_a_database_that_may_not_be_made_is_asked_for_again_by_the_next_call(
    drilled: Drilled, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(_: object, context: Any) -> None:
        context.abort(grpc.StatusCode.PERMISSION_DENIED, "refused")

    with monkeypatch.context() as patched, Logged() as logged:
        patched.setattr(drilled.admin, "create", refused)
        with pytest.raises(BackupUnavailable):
            drilled.called(TWO)
    assert [line["reason"] for line in logged.of("firestore_error")] == ["PERMISSION_DENIED"]
    assert drilled.called(TWO + HOUR).status is DrillStatus.RUNNING
    assert len(drilled.admin.databases) == 1

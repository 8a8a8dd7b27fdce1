"""`streakctl migrate` as an operator gives it: what it says, for people and machines, and how it ends."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final

import pytest

from emulator.child import tethered
from emulator.places import ROOT
from streak_core.store.backups import BackupRecord, note_backup
from streak_core.store.documents import FORM_1
from streak_core.store.migrations import MigrationState
from streak_core.store.write_lease import WriteLease, WriteLeases
from tests.integration.streakctl.calling import call
from tests.integration.streakctl.migrating.running import ERASED, NOW, USERS, everything, record, write_users
from tests.support.stored_files import STORED, read
from tests.support.stored_life import write_documents

if TYPE_CHECKING:
    from typer.testing import Result

    from tests.support.recorded_client import RecordedClient

FEW: Final = USERS[:3]
MANY: Final = 700
PATIENCE_SECONDS: Final = 120.0


@pytest.fixture
def users(client: RecordedClient) -> RecordedClient:
    write_users(client, FEW)
    return client


def migrate(client: RecordedClient, *words: str, status: int = 0) -> Result:
    result = call(client.project, "migrate", *words)
    assert result.exit_code == status, result.output
    return result


def told(client: RecordedClient, *words: str, status: int = 0) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(migrate(client, *words, "--json", status=status).stdout)
    return found


def counts(shown: dict[str, Any]) -> list[int]:
    (step,) = shown["steps"]
    return [step[name] for name in ("users", "changed", "already", "would_lose", "failed")]


def test_from_the_plan_to_the_way_back_each_command_says_what_there_is(
    users: RecordedClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    (never,) = told(users, "status")["migrations"]
    assert (never["number"], never["name"], never["state"]) == (2, "0002_second_edition", "never begun")
    assert counts(told(users, "plan")) == [4, 3, 1, 0, 0]
    assert told(users, "plan")["written"] is False
    assert counts(told(users, "verify", status=1)) == [4, 3, 1, 0, 0]
    up = told(users, "up")
    assert (counts(up), up["written"], up["steps"][0]["direction"]) == ([4, 3, 1, 0, 0], True, "up")
    assert counts(told(users, "verify")) == [4, 0, 4, 0, 0]
    (stands,) = told(users, "status")["migrations"]
    assert (stands["state"], stands["changed"], stands["last_user"]) == ("up", 3, ERASED)
    assert stands["by"].startswith("streakctl:")
    assert counts(told(users, "plan", "--to", "1")) == [4, 3, 1, 0, 0]
    monkeypatch.setenv("STREAK_STORED_FORM", "1")
    assert counts(told(users, "down", "--to", "1")) == [4, 3, 1, 0, 0]
    assert record(users).state is MigrationState.DOWN
    assert counts(told(users, "verify")) == [4, 0, 4, 0, 0]


def test_people_read_a_row_for_each_migration_and_who_was_left_alone_and_why(users: RecordedClient) -> None:
    users.document("streaks/check_in").update({"state": "{}"})
    said = migrate(users, "up", status=1).stdout
    assert "0002_second_edition up: 4 users, 2 brought along, 1 there already, 0 would lose something, 1 can't" in said
    assert "  check_in: " in said
    assert "would be brought along" in migrate(users, "plan", status=1).stdout
    said = migrate(users, "status").stdout
    assert "0002_second_edition" in said
    assert "  check_in: " in said


def refused(client: RecordedClient, *words: str) -> str:
    result = migrate(client, *words, status=2)
    assert result.stdout == ""
    (line,) = [line for line in result.stderr.splitlines() if line.startswith("error: ")]
    return line


def test_what_is_refused_is_said_in_a_sentence_and_changes_nothing(
    users: RecordedClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = everything(users, FEW)
    assert "deploy with STREAK_STORED_FORM=1" in refused(users, "down", "--to", "1")
    assert "this code knows 1, 2" in refused(users, "up", "--to", "7")
    leases = WriteLeases(users)
    leases.take(WriteLease(reason="moving", taken_at=NOW), NOW)
    assert "closed for writing (moving)" in refused(users, "up")
    leases.give_back(None, NOW)
    monkeypatch.setenv("STREAK_STORED_FORM", "1")
    assert "still writes form 1" in refused(users, "up")
    assert "needs a backup of today" in refused(users, "down", "--to", "1", "--accept-loss")
    assert everything(users, FEW) == before
    assert list(users.collection("migrations").stream()) == []
    today = datetime.now(UTC)
    note_backup(users, BackupRecord(moment=today, ended_at=today, documents=1, is_verified=True))
    assert counts(told(users, "down", "--to", "1", "--accept-loss")) == [4, 0, 4, 0, 0]


def test_data_that_a_later_version_has_migrated_is_said_by_status_and_refused_by_all_else(
    users: RecordedClient,
) -> None:
    users.document("migrations/0004").set({"state": "going_up", "checksum": "f00d", "a_field_to_come": 1})
    shown = told(users, "status", status=1)
    assert [one["state"] for one in shown["migrations"]] == ["never begun", "does not read here"]
    assert "migrated to form 4, and this code knows 2 at most" in shown["wrong"]
    assert "migrated to form 4" in migrate(users, "status", status=1).stdout
    for words in (["up"], ["plan"], ["verify"]):
        assert "migrated to form 4" in refused(users, *words)


def test_in_production_it_asks_before_it_writes(users: RecordedClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("FIRESTORE_EMULATOR_HOST")
    for words in (["up"], ["down", "--to", "1"]):
        result = call(users.project, "migrate", *words, said="n\n")
        assert result.exit_code == 2
        assert "nothing was changed: it was not confirmed" in result.stderr


def test_interrupted_it_says_how_far_it_is_and_the_same_command_goes_on(client: RecordedClient) -> None:
    document = read(STORED / "v1" / "check_in.json")["documents"]["streak"]
    write_documents(client, {f"streaks/u{number:05d}": document for number in range(MANY)})
    words = [sys.executable, "-m", "tools.streakctl", "migrate", "up", "--project", client.project]
    with subprocess.Popen(tethered(words), cwd=ROOT, stderr=subprocess.PIPE, text=True) as process:
        deadline = time.monotonic() + PATIENCE_SECONDS
        while not client.document("migrations/0002").get().exists or not record(client).progress.cursor:
            assert time.monotonic() < deadline
        process.send_signal(signal.SIGINT)
        _, errors = process.communicate()
    assert process.returncode == 130
    assert "the same command again goes on" in errors
    kept = record(client)
    assert kept.state is MigrationState.GOING_UP
    assert 0 < kept.progress.counts.changed < MANY
    assert "a migration is under way" in migrate(client, "verify", status=1).stderr
    assert counts(told(client, "up")) == [MANY, MANY, 0, 0, 0]
    assert {one.get("schema_version") for one in client.collection("streaks").limit(5).stream()} == {FORM_1 + 1}

"""The commands of `streakctl` as an operator gives them: what they print, for people and machines, and how they end."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from typer.testing import CliRunner

from streak_core.config.maintenance import MaintenanceRules
from streak_core.maintenance.report import report_of
from streak_core.maintenance.run import Maintenance
from streak_core.queries import StreakQueries
from streak_core.store.due import DueStore
from streak_core.store.run_documents import KEPT, Counts
from streak_core.store.run_report import Stop
from streak_core.store.runs import LEASE, RunStore
from streak_core.store.sharding import SHARDS
from streak_core.store.users import UserStore
from tests.integration.streakctl.calling import call, lines
from tests.integration.streakctl.proving import NOW
from tests.support.shipped_policy import policies
from tests.support.stored_life import StoredLife, full_life
from tools.streakctl.app import app

if TYPE_CHECKING:
    from google.cloud import firestore

    from tests.support.recorded_client import RecordedClient

AT = NOW.isoformat().replace("+00:00", "Z")
SUMMARY = {
    *("type", "complete", "fix", "now", "users", "equal", "differing", "mended", "unprovable", "entries"),
    *("seconds", "users_per_second", "peak_memory_mib"),
}


def test_a_verification_without_differences_ends_with_0_and_says_in_one_line_what_was_done(
    project_id: str, ada: firestore.DocumentReference
) -> None:
    assert ada.id == "ada"
    result = call(project_id, "verify", "--json", "--now", AT)
    (summary,) = lines(result)
    assert result.exit_code == 0
    assert set(summary) == SUMMARY
    shown = {name: summary[name] for name in ("type", "complete", "fix", "now", "users", "equal", "differing")}
    assert shown == {
        "type": "summary",
        "complete": True,
        "fix": False,
        "now": AT,
        "users": 1,
        "equal": 1,
        "differing": 0,
    }
    assert summary["entries"] > 50
    assert summary["peak_memory_mib"] > 0
    assert "1 user: 1 equal" in call(project_id, "verify", "--now", AT).stdout


def test_a_difference_ends_with_1_until_it_is_mended(project_id: str, ada: firestore.DocumentReference) -> None:
    right = (ada.get().to_dict() or {})["current_streak"]
    ada.update({"current_streak": 99})
    result = call(project_id, "verify", "--json")
    user, summary = lines(result)
    assert (result.exit_code, summary["differing"]) == (1, 1)
    assert user == {
        "type": "user",
        "user_id": "ada",
        "finding": "differs",
        "entries": summary["entries"],
        "reason": None,
        "differences": [{"document": "streak", "field": "current_streak", "stored": 99, "rebuilt": right}],
    }
    shown = call(project_id, "verify", "--uid", "ada")
    assert shown.exit_code == 1
    assert ["streak", "current_streak", "99", str(right)] in [line.split() for line in shown.stdout.splitlines()]
    mended = call(project_id, "verify", "--fix", "--json")
    assert mended.exit_code == 0
    assert [line.get("finding") for line in lines(mended)] == ["mended", None]
    assert call(project_id, "verify").exit_code == 0


def test_a_ledger_that_proves_nothing_ends_with_1_also_with_fix(
    project_id: str, ada: firestore.DocumentReference
) -> None:
    for one in ada.collection("ledger").limit(1).stream():
        one.reference.delete()
    for words in (["verify"], ["verify", "--fix"]):
        result = call(project_id, *words)
        assert result.exit_code == 1
        assert "unprovable" in result.stdout
        assert "is missing" in result.stdout


@pytest.mark.parametrize("command", [["verify", "--uid"], ["show"], ["explain"]])
def test_a_user_who_is_not_stored_is_said_so_and_ends_with_2(
    project_id: str, ada: firestore.DocumentReference, command: list[str]
) -> None:
    assert call(project_id, *command, ada.id).exit_code == 0
    result = call(project_id, *command, "nobody")
    assert result.exit_code == 2
    assert "nobody" in result.output


def test_ids_are_shown_without_markup_and_without_what_a_terminal_obeys(
    client: RecordedClient, project_id: str
) -> None:
    user_id = "[red]eve[/red]\x1b]0;x\x07\u202e\n:smile:"
    life = StoredLife(client, user_id)
    life.live(full_life(2))
    StoredLife(client, "ada").live(full_life(2))
    for one in client.collection("streaks").stream():
        one.reference.update({"current_streak": 99})
    shown = call(project_id, "verify").stdout
    assert r"[red]eve[/red]\x1b]0;x\x07\u202e\n:smile:  differs" in shown
    assert not {"\x1b", "\x07", "\u202e"} & set(shown)
    found = [line["user_id"] for line in lines(call(project_id, "verify", "--json"))[:-1]]
    assert sorted(found) == sorted(["ada", user_id])
    for command in ("show", "explain"):
        shown = call(project_id, command, user_id).stdout
        assert not {"\x1b", "\x07", "\u202e"} & set(shown)


def test_explain_says_what_the_route_says(
    client: RecordedClient, project_id: str, ada: firestore.DocumentReference
) -> None:
    route = StreakQueries(UserStore(client, policies), policies).explain(ada.id, NOW, 9)
    result = call(project_id, "explain", "ada", "--days", "9", "--now", AT, "--json")
    assert json.loads(result.stdout) == route
    shown = call(project_id, "explain", "ada", "--days", "9", "--now", AT).stdout
    for day in route["days"]:
        assert day["because"] in shown
        assert day["date"] in shown
    assert call(project_id, "explain", "ada", "--days", "0").exit_code == 2


def test_show_tells_the_streak_the_settings_pauses_freezes_and_the_last_entries(
    client: RecordedClient, project_id: str, ada: firestore.DocumentReference
) -> None:
    ask = StreakQueries(UserStore(client, policies), policies)
    shown = json.loads(call(project_id, "show", "ada", "--entries", "3", "--now", AT, "--json").stdout)
    assert {**shown["streak"], **ask.offers("ada", NOW)} == ask.streak("ada", NOW)
    assert shown["settings"] == ask.settings("ada", NOW)
    assert shown["freezes"]["available"] == shown["streak"]["freezes_available"]
    assert shown["stored"]["seq"] == len(list(ada.collection("ledger").stream()))
    assert [entry["seq"] for entry in shown["entries"]] == [shown["stored"]["seq"] - number for number in range(3)]
    assert shown["entries"][0]["activity"]["activity_id"] == "a51"
    assert shown["entries"][0]["content"]["sent"] == {"activity_type": "study_guide_completed", "metadata": {}}
    text = call(project_id, "show", "ada", "--now", AT).stdout
    for said in ("current streak", "America/New_York", "freezes", "last entries", "a51 for"):
        assert said in text


def test_show_of_a_document_that_does_not_read_says_so_in_one_sentence(
    project_id: str, ada: firestore.DocumentReference
) -> None:
    ada.update({"state": "{}"})
    result = call(project_id, "show", "ada")
    assert result.exit_code == 2
    assert "does not read" in result.stderr
    assert "verify" in result.stderr
    assert result.stdout == ""


@pytest.mark.parametrize(
    ("stored", "other", "said"),
    [
        (r'"next_day":"[0-9-]+"', '"next_day":"9999-12-31"', r"IndexError at \w+\.py:\d+"),
        ("America/New_York", "Europe/Atlantis", "Set another one: PATCH /streak/settings"),
    ],
)
@pytest.mark.parametrize("command", ["show", "explain"])
def test_a_user_who_reads_but_cannot_be_worked_out_is_one_sentence(
    project_id: str, ada: firestore.DocumentReference, command: str, stored: str, other: str, said: str
) -> None:
    state = (ada.get().to_dict() or {})["state"]
    ada.update({"state": re.sub(stored, other, state)})
    result = call(project_id, command, "ada")
    assert result.exit_code == 2
    assert re.search(said, result.stderr)
    assert result.stderr.count("\n") == 1
    assert "Traceback" not in result.output


def test_a_partial_run_shows_the_errors_that_it_counted(client: RecordedClient, project_id: str) -> None:
    report = report_of("r", Counts(errors=3, users_processed=7), NOW, 2.0, stops={5: Stop.FAILURE})
    store = RunStore(client)
    store.claim("r", "me", datetime.now(UTC))
    store.leave("r", "me", datetime.now(UTC), report)
    (shown,) = json.loads(call(project_id, "runs", "--json").stdout)["runs"]
    assert (shown["state"], shown["counts"]["errors"], shown["counts"]["users_processed"]) == ("partial", 3, 7)


def test_runs_that_are_over_and_those_of_another_revision(client: RecordedClient, project_id: str) -> None:
    RunStore(client).claim("old", "me", datetime.now(UTC) - KEPT - timedelta(seconds=1))
    assert json.loads(call(project_id, "runs", "--json").stdout)["runs"] == []
    RunStore(client).claim("new", "me", datetime.now(UTC))
    client.document("maintenance_runs/new/shards/07").set({"a_field_to_come": 1})
    result = call(project_id, "runs")
    assert result.exit_code == 2
    assert "Traceback" not in result.output


def test_runs_lists_the_last_ones_first_with_state_lease_progress_and_counters(
    client: RecordedClient, project_id: str, ada: firestore.DocumentReference
) -> None:
    assert ada.id
    store = RunStore(client)
    Maintenance(DueStore(client), store, policies, rules=MaintenanceRules(is_paced=False)).run("done", NOW)
    store.claim("claimed", "someone", datetime.now(UTC))
    first, last = json.loads(call(project_id, "runs", "--json").stdout)["runs"]
    assert (first["run_id"], first["state"], first["is_leased"]) == ("claimed", "running", True)
    assert (first["shards_done"], first["report"]) == (0, None)
    assert (last["run_id"], last["state"], last["is_leased"]) == ("done", "ended", False)
    assert (last["shards_done"], last["shards"]) == (SHARDS, SHARDS)
    assert last["counts"]["users_processed"] == last["report"]["users_processed"] == 1
    later = (datetime.now(UTC) + LEASE + timedelta(minutes=1)).isoformat()
    (only,) = json.loads(call(project_id, "runs", "--limit", "1", "--now", later, "--json").stdout)["runs"]
    assert (only["run_id"], only["is_leased"]) == ("claimed", False)
    shown = call(project_id, "runs").stdout
    assert "claimed" in shown
    assert f"{SHARDS}/{SHARDS}" in shown


@pytest.mark.parametrize("moment", ["2026-03-02", "2026-03-02T09:00:00", "now", "2026-13-02T09:00:00Z"])
def test_a_moment_that_is_none_is_wrong_use(project_id: str, moment: str) -> None:
    result = call(project_id, "runs", "--now", moment)
    assert result.exit_code == 2
    assert "must be an instant" in result.stderr


def test_a_simulated_moment_is_for_reading_only(project_id: str, ada: firestore.DocumentReference) -> None:
    ada.update({"current_streak": 99})
    result = call(project_id, "verify", "--fix", "--now", AT)
    assert result.exit_code == 2
    assert "--now is for looking" in result.stderr
    assert (ada.get().to_dict() or {})["current_streak"] == 99


def test_production_is_refused_unless_its_project_is_typed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("FIRESTORE_EMULATOR_HOST")
    monkeypatch.setenv("GOOGLE_CLOUD_PROJECT", "prod")
    for command in (["verify"], ["verify", "--fix", "--yes"], ["show", "ada"], ["explain", "ada"], ["runs"]):
        result = CliRunner().invoke(app, command)
        assert result.exit_code == 2
        assert "--project PROJECT" in result.stderr


@pytest.mark.parametrize("said", ["n\n", "\n", "", "yesterday\n"])
def test_mending_production_asks_and_without_a_yes_nothing_is_even_read(
    monkeypatch: pytest.MonkeyPatch, said: str
) -> None:
    monkeypatch.delenv("FIRESTORE_EMULATOR_HOST")
    result = call("prod", "verify", "--fix", "--json", said=said)
    assert result.exit_code == 2
    assert "project prod" in result.stderr
    assert "nothing was changed" in result.stderr
    assert result.stdout == ""


def test_without_credentials_production_is_refused_in_one_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("FIRESTORE_EMULATOR_HOST")
    monkeypatch.setenv("GOOGLE_APPLICATION_CREDENTIALS", "no-such-file.json")
    for words, said in [(["runs"], None), (["verify", "--fix", "--yes"], None), (["verify", "--fix"], "y\n")]:
        result = call("prod", *words, said=said)
        assert result.exit_code == 2
        assert "no credentials of Google Cloud that work" in result.stderr
        assert "Traceback" not in result.output

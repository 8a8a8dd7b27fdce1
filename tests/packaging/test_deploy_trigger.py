"""The trigger of webhooks on a gcloud that keeps what it was told: made, made again, brought up to date, made anew."""

from __future__ import annotations

import json
import os
import subprocess
from typing import TYPE_CHECKING, Any, Final

import pytest

from emulator.places import ROOT
from tests.packaging import gcloud_stand_in, gcloud_state
from tools.deploy.__main__ import main

if TYPE_CHECKING:
    from pathlib import Path

WHERE: Final = ("all", "SETTINGS=", "PROJECT=demo-prod", "REGION=europe-west1")
TOLD: Final = (
    "ENV=STREAK_WEBHOOK_EVENTS=crm:streak_broken;STREAK_WEBHOOKS_FILE=/webhooks/webhooks.toml",
    "SECRETS=/webhooks/webhooks.toml=streak-webhooks:1",
)
HERE: Final = (*WHERE, *TOLD, "WEBHOOK_TRIGGER_LOCATION=eur3")
PREFIXED: Final = "STREAK_COLLECTION_PREFIX=unbroken_"
ALL: Final = "STEP=apis accounts scheduler"


@pytest.fixture
def state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where gcloud keeps what it was told: a project that has the function, and nothing that calls it."""
    gcloud_stand_in.install(tmp_path)
    kept = tmp_path / "state.json"
    flags = [["service-account", "unbroken-reminders@demo-prod.iam.gserviceaccount.com"]]
    reminders = {"revisions": ["reminders-00001-abc"], "traffic": {"LATEST": 100}, "flags": flags}
    databases = {"(default)": {"pitr": True}}
    kept.write_text(json.dumps(gcloud_state.empty() | {"services": {"reminders": reminders}, "databases": databases}))
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    monkeypatch.setenv(gcloud_stand_in.STATE, str(kept))
    monkeypatch.chdir(ROOT)
    return kept


def held(state: Path) -> dict[str, Any]:
    content: dict[str, Any] = json.loads(state.read_text(encoding="utf-8"))
    return {name: value for name, value in content.items() if name != "calls"}


def triggers(state: Path) -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = held(state).get("triggers", {})
    return found


def deploy(*words: str) -> int:
    return main(words, {})


def test_it_is_made_and_made_again_it_is_what_it_was(state: Path) -> None:
    assert deploy(*HERE, ALL) == 0
    (made,) = triggers(state).values()
    assert set(triggers(state)) == {"eur3/webhooks"}
    assert made["event-filters-path-pattern"] == "document=streaks/{user}/outbox/{event}"
    assert made["event-filters"] == "type=google.cloud.firestore.document.v1.created,database=(default)"
    before = held(state)
    assert deploy(*HERE, ALL) == 0
    assert held(state) == before


def test_without_the_setting_there_is_none_and_nobody_may_more(state: Path) -> None:
    assert deploy(*WHERE, *TOLD, ALL) == 0
    assert (triggers(state), [one for one in held(state)["bindings"] if "eventarc" in one[2]]) == ({}, [])
    assert "eventarc.googleapis.com" not in held(state)["apis"]


def test_what_one_calls_is_brought_up_to_date(state: Path) -> None:
    assert deploy(*HERE, ALL) == 0
    wanted = held(state)
    changed = held(state)
    changed["triggers"]["eur3/webhooks"] |= {"destination-run-path": "/reminders", "destination-run-region": "us-east1"}
    state.write_text(json.dumps({**changed, "calls": 0}), encoding="utf-8")
    assert deploy(*HERE, "STEP=scheduler") == 0
    assert held(state)["triggers"] == wanted["triggers"]


def test_one_of_other_documents_stops_it_until_somebody_deletes_it(
    state: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert deploy(*HERE, ALL) == 0
    before = held(state)
    for agreed in ((), ("YES=1",)):
        assert deploy(*HERE, PREFIXED, "STEP=scheduler", *agreed) == 1
        assert held(state) == before
    told = capsys.readouterr().err
    assert "document is streaks/{user}/outbox/{event}" in told
    (command,) = {line.rpartition("anew: ")[2] for line in told.splitlines() if "anew: " in line}
    subprocess.run(["sh", "-euc", command], check=True, capture_output=True)
    assert deploy(*HERE, PREFIXED, "STEP=scheduler") == 0
    (made,) = triggers(state).values()
    assert made["event-filters-path-pattern"] == "document=unbroken_streaks/{user}/unbroken_outbox/{event}"


def test_one_that_no_setting_names_is_told_and_stays(state: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert deploy(*HERE, ALL) == 0
    before = triggers(state)
    assert deploy(*WHERE, *TOLD, "STEP=scheduler") == 1
    assert "the trigger webhooks in eur3 is in no setting" in capsys.readouterr().err
    assert deploy(*WHERE, *TOLD, "STEP=scheduler", "YES=1") == 0
    assert triggers(state) == before


def test_it_is_refused_elsewhere_than_the_database_before_anything_is_changed(
    state: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert deploy(*HERE, "STEP=apis") == 0
    before = held(state)
    elsewhere = (*WHERE, *TOLD, "WEBHOOK_TRIGGER_LOCATION=nam5", "STEP=backups scheduler", "YES=1")
    assert deploy(*elsewhere) == 1
    assert "the database (default) lies in eur3" in capsys.readouterr().err
    assert held(state) == before


def test_a_dry_run_shows_it_and_asks_nothing(state: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = state.read_text(encoding="utf-8")
    assert deploy(*HERE, "STEP=scheduler", "DRY_RUN=1") == 0
    shown = capsys.readouterr().out
    assert "# - the trigger webhooks in eur3: servers are told within seconds" in shown
    assert "--event-filters-path-pattern='document=streaks/{user}/outbox/{event}'" in shown
    assert deploy(*WHERE, *TOLD, "STEP=scheduler", "DRY_RUN=1") == 0
    assert "eventarc" not in capsys.readouterr().out
    assert state.read_text(encoding="utf-8") == before

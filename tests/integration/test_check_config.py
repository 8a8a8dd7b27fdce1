"""`make check-config` as it is called, against a real database, against none, and against one that refuses."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import Any

import grpc
import pytest
from google.cloud import firestore

from emulator.firestore import HOST_VARIABLE, FirestoreEmulator
from emulator.places import ROOT
from emulator.port import HOST, free_port
from tests.support.environment import CHOSEN
from tests.support.refusing_firestore import refusing


def called(*options: str, **own: str) -> tuple[int, str]:
    """The exit status, and all that was printed."""
    kept = {name: value for name, value in os.environ.items() if name not in CHOSEN}
    done = subprocess.run(
        [sys.executable, "-m", "tools.check_config", *options],
        cwd=ROOT,
        env={**kept, "COLUMNS": "300", **own},
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode, done.stdout + done.stderr


def asked_as_json(*options: str, **own: str) -> tuple[int, Any]:
    status, printed = called("--json", *options, **own)
    return status, json.loads(printed)


def test_a_database_that_works_is_read_written_and_left_as_it_was(emulator: FirestoreEmulator, project_id: str) -> None:
    status, content = asked_as_json(GOOGLE_CLOUD_PROJECT=project_id, **{HOST_VARIABLE: emulator.host})
    assert status == 0
    assert [one["is_fine"] for one in content["database"]] == [True, True, True]
    assert list(firestore.Client(project=project_id).collections()) == []


def test_people_are_told_the_same(emulator: FirestoreEmulator, project_id: str) -> None:
    own = {HOST_VARIABLE: emulator.host, "STREAK_CORS_ORIGINS": "https://app.example.com"}
    status, page = called(GOOGLE_CLOUD_PROJECT=project_id, **own)
    assert status == 0
    for word in (project_id, emulator.host, "https://app.example.com", "Judged for this machine: fine."):
        assert word in page


def test_for_production_an_emulator_is_refused_and_nothing_is_written_to_it(
    emulator: FirestoreEmulator, project_id: str
) -> None:
    for options, more in ((("--production",), {}), ((), {"K_SERVICE": "streak"})):
        own = {HOST_VARIABLE: emulator.host, **more}
        status, content = asked_as_json(*options, GOOGLE_CLOUD_PROJECT=project_id, **own)
        assert (status, content["judged_as"], content["database"]) == (1, "production", [])
        assert (content["findings"][0]["level"], content["findings"][0]["subject"]) == ("wrong", HOST_VARIABLE)


def test_an_empty_environment_is_told_what_is_missing() -> None:
    status, page = called()
    assert status == 1
    assert "GOOGLE_CLOUD_PROJECT" in page
    assert "missing" in page
    assert "The database was not tried: mend what is wrong first, as in: GOOGLE_CLOUD_PROJECT=… make check-config." in (
        " ".join(page.split())
    )


def test_a_database_that_nobody_reaches_is_told_soon() -> None:
    own = {HOST_VARIABLE: f"{HOST}:{free_port()}"}
    status, content = asked_as_json(GOOGLE_CLOUD_PROJECT="demo-nobody", **own)
    assert status == 1
    assert [one["is_fine"] for one in content["database"]] == [False, False, False]
    assert all("does not answer" in one["advice"] for one in content["database"])


@pytest.mark.parametrize(
    ("code", "told"),
    [
        (grpc.StatusCode.PERMISSION_DENIED, "roles/datastore.user"),
        (grpc.StatusCode.NOT_FOUND, "there is no such project or database"),
        (grpc.StatusCode.UNAUTHENTICATED, "gcloud auth application-default login"),
        (grpc.StatusCode.UNAVAILABLE, "does not answer"),
        (grpc.StatusCode.FAILED_PRECONDITION, "refuses"),
    ],
)
def test_why_a_database_refuses_is_told_with_what_to_do(code: grpc.StatusCode, told: str) -> None:
    with refusing(code) as (host, _):
        status, content = asked_as_json(GOOGLE_CLOUD_PROJECT="demo-refused", **{HOST_VARIABLE: host})
    assert status == 1
    assert [told in one["advice"] for one in content["database"]] == [True, True, True]


def test_without_credentials_it_says_how_to_get_some(tmp_path: Any) -> None:
    own = {"GOOGLE_APPLICATION_CREDENTIALS": str(tmp_path / "none.json"), "HOME": str(tmp_path)}
    status, content = asked_as_json(GOOGLE_CLOUD_PROJECT="my-streaks", **own)
    assert status == 1
    assert {one["advice"] for one in content["database"]} == {
        "there are no credentials here: run `gcloud auth application-default login`"
    }


def test_what_it_does_not_know_is_wrong_use() -> None:
    status, page = called("--prod", "x")
    assert status == 2
    assert "usage:" in page

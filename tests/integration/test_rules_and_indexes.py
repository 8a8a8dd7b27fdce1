"""What clients may see in Firestore themselves, and which indexes the queries need."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import httpx
import pytest
from google.cloud import firestore

from emulator.token import unsigned_token

if TYPE_CHECKING:
    from emulator.firestore import FirestoreEmulator

ROOT = Path(__file__).parents[2]
OWN = "streaks/ada"
PARTS = ("months/2026-03", "ledger/activity.a", "events/e")


@pytest.fixture
def documents(emulator: FirestoreEmulator, project_id: str) -> str:
    """The REST address of a database with one document of each kind for ada, under the project's own rules."""
    rules = {"rules": {"files": [{"name": "firestore.rules", "content": (ROOT / "firestore.rules").read_text()}]}}
    base = f"http://{emulator.host}"
    put = httpx.put(f"{base}/emulator/v1/projects/{project_id}:securityRules", json=rules)
    assert put.status_code == httpx.codes.OK
    assert not put.json().get("issues")
    client = firestore.Client(project=project_id)
    for path in (OWN, *(f"{OWN}/{part}" for part in PARTS), "maintenance_runs/r", "other/x"):
        client.document(path).set({"n": 1})
    return f"{base}/v1/projects/{project_id}/databases/(default)/documents"


def signed_in(user_id: str | None) -> dict[str, str]:
    return {"Authorization": f"Bearer {unsigned_token(user_id)}"} if user_id else {}


@pytest.mark.parametrize("path", [OWN, *(f"{OWN}/{part}" for part in PARTS)])
def test_a_user_reads_what_is_theirs_and_nobody_else_does(documents: str, path: str) -> None:
    for user_id, status in [("ada", 200), ("ben", 403), (None, 403)]:
        answer = httpx.get(f"{documents}/{path}", headers=signed_in(user_id))
        assert answer.status_code == status, user_id


@pytest.mark.parametrize("part", PARTS)
def test_a_user_lists_their_own_parts_and_nobody_elses(documents: str, part: str) -> None:
    collection = part.partition("/")[0]
    for user_id, status in [("ada", 200), ("ben", 403), (None, 403)]:
        answer = httpx.get(f"{documents}/{OWN}/{collection}", headers=signed_in(user_id))
        assert answer.status_code == status, user_id


@pytest.mark.parametrize("path", [OWN, *(f"{OWN}/{part}" for part in PARTS), "other/x", "maintenance_runs/r"])
def test_nobody_writes_or_deletes_anything(documents: str, path: str) -> None:
    own = signed_in("ada")
    change = {"fields": {"n": {"integerValue": "2"}}}
    assert httpx.patch(f"{documents}/{path}", json=change, headers=own).status_code == 403
    assert httpx.patch(f"{documents}/{path}2", json=change, headers=own).status_code == 403
    assert httpx.delete(f"{documents}/{path}", headers=own).status_code == 403


@pytest.mark.parametrize("path", ["streaks", "other/x", "other", "maintenance_runs/r", "maintenance_runs"])
def test_everything_else_is_closed(documents: str, path: str) -> None:
    assert httpx.get(f"{documents}/{path}", headers=signed_in("ada")).status_code == 403


def declared() -> dict[str, Any]:
    content: dict[str, Any] = json.loads((ROOT / "firestore.indexes.json").read_text())
    return content


def test_the_due_index_is_declared_and_its_single_fields_and_the_maps_are_exempt() -> None:
    fields = [[(one["fieldPath"], one["order"]) for one in index["fields"]] for index in declared()["indexes"]]
    assert [("shard", "ASCENDING"), ("expires_at", "ASCENDING")] in fields
    exempt = {(one["collectionGroup"], one["fieldPath"]) for one in declared()["fieldOverrides"] if not one["indexes"]}
    assert {("streaks", name) for name in ("expires_at", "checkpoint", "tail", "settings")} <= exempt
    assert {("months", "days"), ("ledger", "answer"), ("ledger", "request")} <= exempt

"""Where the database has been migrated by a later version, health says so, and no user is served by any function."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

import pytest
from google.cloud import firestore

from emulator.firestore import HOST_VARIABLE
from emulator.port import HOST
from emulator.token import PROJECT, unsigned_token
from testing import contract
from tests.e2e.one_function import OneFunction
from tests.support.unkept import HTTP

if TYPE_CHECKING:
    from emulator.firestore import FirestoreEmulator

AUTH = {"FIREBASE_AUTH_EMULATOR_HOST": f"{HOST}:9099"}


@pytest.mark.parametrize(
    ("name", "method", "path"),
    [
        ("streak", "POST", "/streak/update"),
        ("admin", "GET", "/admin/users/ada/streak"),
        ("maintenance", "POST", "/maintenance"),
        ("health", "GET", "/health/database"),
    ],
)
def test_code_that_is_older_than_the_data_serves_nobody_and_says_so(
    emulator: FirestoreEmulator, name: str, method: str, path: str
) -> None:
    database = f"migrated-{uuid.uuid4().hex[:8]}"
    client = firestore.Client(project=PROJECT, database=database)
    client.document("migrations/9999").set({"state": "going_up", "checksum": "f00d", "a_field_to_come": 1})
    with OneFunction(name, {HOST_VARIABLE: emulator.host, "FIRESTORE_DATABASE": database, **AUTH}) as function:
        assert function.starts(), function.output()
        headers = {"Authorization": f"Bearer {unsigned_token('ops', admin=True)}"}
        answer = HTTP.request(method, f"{function.url}{path}", headers=headers, timeout=30)
    contract.check_answer(method, path, answer)
    assert (answer.status_code, answer.json()["code"]) == (503, "stored_by_newer_version")
    assert answer.headers["Retry-After"] == "30"
    assert [one.id for one in client.collections()] == ["migrations"]

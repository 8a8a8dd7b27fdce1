"""How an operator finds a user: by address or id, asked of Firebase Auth, which knows nothing of streaks."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Final

import pytest

from testing import contract
from tests.e2e.client import MONDAY, problem, wrong_fields
from tests.e2e.google_stand_in import ACCOUNTS_HOST
from tests.e2e.one_function import OneFunction
from tests.e2e.verifying import USER

if TYPE_CHECKING:
    from collections.abc import Iterator

    import httpx

    from emulator.firestore import FirestoreEmulator
    from tests.e2e.verifying import Verifying

ADA: Final = {"emailVerified": True, "createdAt": "1767225600000", "lastLoginAt": "1772442000000"}


@pytest.fixture(scope="module")
def admin_url(verifying: Verifying, emulator: FirestoreEmulator) -> Iterator[str]:
    """The function, with Firebase's accounts to ask."""
    own = {"FIRESTORE_EMULATOR_HOST": emulator.host, **verifying.google.environment}
    with OneFunction("admin", own) as process:
        assert process.starts(), process.output()
        yield process.url


def headers(verifying: Verifying) -> dict[str, str]:
    """Those of support."""
    token = verifying.google.signing.token({**USER, "support": True})
    return {"Authorization": f"Bearer {token}", "X-Simulated-Time": MONDAY}


def found(verifying: Verifying, url: str, **query: str) -> httpx.Response:
    """What support is answered."""
    answer = verifying.http.get(f"{url}/admin/users", params=query, headers=headers(verifying))
    contract.check_answer("GET", "/admin/users", answer)
    return answer


def found_by(verifying: Verifying, url: str, body: dict[str, object]) -> httpx.Response:
    """What support is answered who keeps an address out of URLs."""
    answer = verifying.http.post(f"{url}/admin/users:find", json=body, headers=headers(verifying))
    contract.check_answer("POST", "/admin/users:find", answer)
    return answer


def test_a_user_is_found_by_address_and_by_id(verifying: Verifying, admin_url: str) -> None:
    uid = f"user-{uuid.uuid4().hex}"
    verifying.google.accounts[uid] = {**ADA, "email": f"{uid}@example.com"}
    by_address, by_id = (found(verifying, admin_url, **one) for one in ({"email": f"{uid}@example.com"}, {"uid": uid}))
    by_body = found_by(verifying, admin_url, {"email": f"{uid}@example.com"})
    assert by_body.json() == by_address.json() == by_id.json()
    assert by_id.json()["users"] == [
        {
            "user_id": uid,
            "email": f"{uid}@example.com",
            "email_verified": True,
            "disabled": False,
            "created_at": "2026-01-01T00:00:00Z",
            "last_sign_in_at": "2026-03-02T09:00:00Z",
        }
    ]


@pytest.mark.parametrize("query", [{"email": "nobody@example.com"}, {"uid": "nobody"}])
def test_of_nobody_there_is_no_account(verifying: Verifying, admin_url: str, query: dict[str, str]) -> None:
    assert found(verifying, admin_url, **query).json() == {"users": []}


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ({}, "email"),
        ({"email": "a@example.com", "uid": "a"}, "email"),
        ({"email": "ada"}, "email"),
        ({"uid": "u" * 129}, "uid"),
    ],
)
def test_what_names_no_single_user_is_refused(
    verifying: Verifying, admin_url: str, query: dict[str, str], field: str
) -> None:
    assert wrong_fields(found(verifying, admin_url, **query)) == [field]


def test_who_looks_for_somebody_is_told_each_time_and_never_by_which_address(
    verifying: Verifying, admin_url: str
) -> None:
    uid = f"user-{uuid.uuid4().hex}"
    verifying.google.accounts[uid] = {**ADA, "email": f"{uid}@example.com"}
    given = {"count": 1, "reason": "she won"}
    support = headers(verifying)
    assert verifying.http.post(f"{admin_url}/admin/users/{uid}/grants", json=given, headers=support).is_success
    found(verifying, admin_url, email=f"{uid}@example.com")
    found_by(verifying, admin_url, {"email": f"{uid}@example.com"})
    found_by(verifying, admin_url, {"email": f"none-{uid}@example.com"})
    found(verifying, admin_url, uid=uid)
    entries = verifying.http.get(f"{admin_url}/admin/audit", headers=support).json()["entries"]
    told = [(one["action"], one["entity_type"], one["details"], one["actor"]["kind"]) for one in entries[:4]]
    by_address = ("find_user", "email_address")
    assert told[::-1] == [
        (*by_address, {"found": True}, "support"),
        (*by_address, {"found": True}, "support"),
        (*by_address, {"found": False}, "support"),
        ("find_user", "user_id", {"found": True}, "support"),
    ]
    assert uid not in str(entries[:4])
    own = verifying.http.get(f"{admin_url}/admin/users/{uid}/audit", headers=support).json()["entries"]
    assert [(one["action"], one["entity_type"]) for one in own] == [
        ("look", "account"),
        ("grant_freezes", "ledger_entry"),
    ]


def test_an_address_is_asked_for_without_being_in_an_address(verifying: Verifying, admin_url: str) -> None:
    assert found_by(verifying, admin_url, {"email": "nobody@example.com"}).json() == {"users": []}
    assert wrong_fields(found_by(verifying, admin_url, {"email": "ada"})) == ["email"]
    assert wrong_fields(found_by(verifying, admin_url, {})) == ["email"]
    assert wrong_fields(found_by(verifying, admin_url, {"email": "ada@example.com", "uid": "a"})) == ["uid"]


def test_where_firebase_does_not_answer_it_is_worth_another_try(verifying: Verifying, admin_url: str) -> None:
    verifying.google.down_hosts.add(ACCOUNTS_HOST)
    try:
        assert problem(found(verifying, admin_url, uid="ada")) == (503, "identity_unavailable")
    finally:
        verifying.google.down_hosts.clear()

"""Who asks, where tokens are really verified: signatures, expiry, audience and issuer, without Google's help."""

from __future__ import annotations

import base64
import json
import time
from typing import Any

import jwt
import pytest

from emulator.token import PROJECT, unsigned_token
from tests.e2e.client import problem
from tests.e2e.google_stand_in import Key
from tests.e2e.verifying import JOB, USER, Verifying

STRANGER = Key("stranger.example.com")


def test_a_good_token_names_its_user(verifying: Verifying) -> None:
    answer = verifying.answer("streak", verifying.google.signing.token({**USER, "sub": "grace"}))
    assert answer.status_code == 200
    assert answer.json()["user_id"] == "grace"


def test_another_key_s_signature_is_refused(verifying: Verifying) -> None:
    assert verifying.status("streak", USER, key=STRANGER) == 401


def test_a_key_that_google_does_not_publish_is_refused(verifying: Verifying) -> None:
    assert verifying.status("streak", USER, key_id="another") == 401


def test_a_token_whose_claims_were_changed_is_refused(verifying: Verifying) -> None:
    head, claims, signature = verifying.google.signing.token(USER).split(".")
    changed = json.loads(base64.urlsafe_b64decode(claims + "==")) | {"sub": "grace"}
    claims = base64.urlsafe_b64encode(json.dumps(changed).encode()).rstrip(b"=").decode()
    assert verifying.answer("streak", f"{head}.{claims}.{signature}").status_code == 401


@pytest.mark.parametrize(
    ("seconds", "status"), [({"exp": 60}, 200), ({"exp": -60}, 401), ({"iat": -60}, 200), ({"iat": 60}, 401)]
)
def test_a_token_holds_from_its_issue_to_its_expiry(verifying: Verifying, seconds: dict[str, int], status: int) -> None:
    claims = {name: int(time.time()) + offset for name, offset in seconds.items()}
    assert verifying.status("streak", USER | claims) == status


@pytest.mark.parametrize(
    "claims",
    [
        {"aud": "another-project"},
        {"aud": None},
        {"iss": "https://securetoken.google.com/another-project"},
        {"iss": f"https://securetoken.google.com.evil.com/{PROJECT}"},
        {"iss": None},
        {"sub": ""},
        {"sub": None},
        {"sub": "u" * 129},
        {"exp": None},
    ],
)
def test_a_token_for_something_else_is_refused(verifying: Verifying, claims: dict[str, Any]) -> None:
    assert verifying.status("streak", USER | claims) == 401


def test_a_token_of_the_auth_emulator_is_refused(verifying: Verifying) -> None:
    assert verifying.answer("streak", unsigned_token("ada")).status_code == 401
    assert verifying.answer("maintenance", unsigned_token("ada", admin=True)).status_code == 401


def test_a_token_signed_with_a_shared_secret_is_refused(verifying: Verifying) -> None:
    claims = {**USER, "sub": "ada", "iat": int(time.time()) - 60, "exp": int(time.time()) + 60}
    secret = "s" * 64
    assert verifying.answer("streak", jwt.encode(claims, secret, "HS256", {"kid": "stand-in"})).status_code == 401


def test_the_scheduler_may_run_maintenance(verifying: Verifying) -> None:
    assert verifying.status("maintenance", JOB) == 200


@pytest.mark.parametrize(
    ("claims", "status"),
    [
        ({"email": "other@demo-streak.iam.gserviceaccount.com"}, 403),
        ({"email": None}, 403),
        ({"email_verified": False}, 403),
        ({"email_verified": None}, 403),
        ({"aud": "https://example.com"}, 401),
        ({"aud": PROJECT}, 401),
        ({"iss": "https://accounts.google.com.evil.com"}, 401),
        ({"iss": "accounts.google.com"}, 200),
        ({"exp": 1_000_000_000}, 401),
    ],
)
def test_nobody_else_is_the_scheduler(verifying: Verifying, claims: dict[str, Any], status: int) -> None:
    assert verifying.status("maintenance", JOB | claims) == status


def test_the_scheduler_s_signature_is_checked_first(verifying: Verifying) -> None:
    assert verifying.status("maintenance", JOB, key=STRANGER) == 401
    other = {"email": "other@demo-streak.iam.gserviceaccount.com"}
    assert verifying.status("maintenance", JOB | other, key=STRANGER) == 401


@pytest.mark.parametrize(
    ("admin", "status"), [({"admin": True}, 200), ({"admin": "true"}, 403), ({"admin": False}, 403), ({}, 403)]
)
def test_an_admin_may_run_maintenance(verifying: Verifying, admin: dict[str, Any], status: int) -> None:
    assert verifying.status("maintenance", USER | admin) == status


def test_without_a_configured_scheduler_only_admins_may(verifying: Verifying) -> None:
    assert verifying.status("unscheduled", JOB) == 403
    assert verifying.status("unscheduled", USER | {"admin": True}) == 200


def test_the_scheduler_is_no_user(verifying: Verifying) -> None:
    assert verifying.status("streak", JOB) == 401
    assert verifying.status("streak", JOB | {"aud": PROJECT}) == 401


def test_when_certificates_cannot_be_had_nobody_is_signed_out(verifying: Verifying) -> None:
    verifying.google.is_down = True
    try:
        for function, claims in (("streak", USER), ("maintenance", JOB), ("maintenance", USER | {"admin": True})):
            answer = verifying.answer(function, verifying.google.signing.token(claims))
            assert problem(answer) == (503, "identity_unavailable")
            assert answer.headers["Retry-After"] == "1"
    finally:
        verifying.google.is_down = False
    assert verifying.status("streak", USER) == 200

"""Who asks, where tokens are really verified: signatures, expiry, audience and issuer, without Google's help."""

from __future__ import annotations

import base64
import json
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import httpx
import jwt
import pytest

from emulator.firestore import FirestoreEmulator
from emulator.token import PROJECT, unsigned_token
from tests.e2e import contract
from tests.e2e.client import problem
from tests.e2e.google_stand_in import GoogleStandIn, Key
from tests.e2e.one_function import OneFunction

SCHEDULER = "scheduler@demo-streak.iam.gserviceaccount.com"
AUDIENCE = "https://europe-west1-demo-streak.cloudfunctions.net/maintenance"
USER = {"iss": f"https://securetoken.google.com/{PROJECT}", "aud": PROJECT}
JOB = {"iss": "https://accounts.google.com", "aud": AUDIENCE, "email": SCHEDULER, "email_verified": True, "sub": "1"}
STRANGER = Key("stranger.example.com")


@dataclass(frozen=True)
class Verifying:
    """Functions that verify tokens for real, and the stand-in that signs them."""

    google: GoogleStandIn
    urls: dict[str, str]
    http: httpx.Client

    def answer(self, function: str, token: str) -> httpx.Response:
        """What a function answers to the bearer of a token."""
        method, path = ("GET", "/streak") if function == "streak" else ("POST", "/maintenance")
        answer = self.http.request(method, self.urls[function] + path, headers={"Authorization": f"Bearer {token}"})
        contract.check_answer(method, path, answer)
        return answer

    def status(self, function: str, claims: dict[str, Any], *, key: Key | None = None, **more: str) -> int:
        """The status of that answer, for a token with these claims."""
        return self.answer(function, (key or self.google.signing).token(claims, **more)).status_code


@pytest.fixture(scope="module")
def verifying(
    emulator: FirestoreEmulator, http: httpx.Client, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Verifying]:
    """No Auth emulator is named, so that nothing but a good signature will do."""
    with GoogleStandIn(tmp_path_factory.mktemp("google")) as google:
        own = {"FIRESTORE_EMULATOR_HOST": emulator.host, **google.environment}
        scheduled = {**own, "MAINTENANCE_SERVICE_ACCOUNT": SCHEDULER, "MAINTENANCE_AUDIENCE": AUDIENCE}
        with (
            OneFunction("streak", scheduled) as streak,
            OneFunction("maintenance", scheduled) as maintenance,
            OneFunction("maintenance", own) as unscheduled,
        ):
            processes = {"streak": streak, "maintenance": maintenance, "unscheduled": unscheduled}
            for process in processes.values():
                assert process.starts(), process.output()
            yield Verifying(google, {name: process.url for name, process in processes.items()}, http)


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

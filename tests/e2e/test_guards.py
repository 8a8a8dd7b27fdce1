"""The optional checks, switched on, with real keys: revoked and disabled users, and Firebase App Check."""

from __future__ import annotations

import ast
import subprocess
import sys
import time
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

import httpx
import pytest

from emulator.firestore import FirestoreEmulator
from emulator.token import PROJECT
from testing import contract
from tests.e2e.client import problem
from tests.e2e.google_stand_in import ACCOUNTS_HOST, APP_CHECK_HOST, GoogleStandIn, Key
from tests.e2e.one_function import OneFunction
from tests.e2e.verifying import APP, APP_CHECK, AUDIENCE, JOB, SCHEDULER, USER
from tests.support.environment import ALLOWED_ORIGIN

ROUTES: Final = {
    "streak": ("GET", "/streak"),
    "maintenance": ("POST", "/maintenance"),
    "health": ("GET", "/health/database"),
}
EVERYBODY: Final = {"validSince": "0"}


@dataclass(frozen=True)
class Guarded:
    """Functions with both checks on."""

    google: GoogleStandIn
    urls: dict[str, str]
    http: httpx.Client

    def answer(self, function: str, token: str, app: str | None = None, method: str | None = None) -> httpx.Response:
        """What a function answers to the bearer of a token, from an app with a token of its own, or without one."""
        documented, path = ROUTES[function]
        headers = {"Authorization": f"Bearer {token}", "Origin": ALLOWED_ORIGIN}
        headers |= {} if app is None else {APP_CHECK: app}
        answer = self.http.request(method or documented, self.urls[function] + path, headers=headers)
        if method is None:
            contract.check_answer(documented, path, answer)
        return answer

    def token(self, uid: str, **claims: Any) -> str:
        """A user's token."""
        return self.google.signing.token({**USER, "sub": uid, **claims})

    @property
    def app(self) -> str:
        """The genuine app's token."""
        return self.google.signing.token(APP)

    def known(self, **account: Any) -> str:
        """A user whose account is like that."""
        uid = f"user-{uuid.uuid4().hex}"
        self.google.accounts[uid] = {**EVERYBODY, **account}
        return uid


@pytest.fixture(scope="module")
def guarded(
    emulator: FirestoreEmulator, http: httpx.Client, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Guarded]:
    """Three functions: one for users, the job, and one for everybody."""
    with GoogleStandIn(tmp_path_factory.mktemp("google")) as google:
        checks = {"STREAK_CHECK_REVOKED": "on", "STREAK_APP_CHECK": "on", "STREAK_CORS_ORIGINS": ALLOWED_ORIGIN}
        scheduled = {"MAINTENANCE_SERVICE_ACCOUNT": SCHEDULER, "MAINTENANCE_AUDIENCE": AUDIENCE}
        own = {"FIRESTORE_EMULATOR_HOST": emulator.host, **google.environment, **checks, **scheduled}
        with (
            OneFunction("streak", own) as streak,
            OneFunction("maintenance", own) as job,
            OneFunction("health", own) as health,
        ):
            for process in (streak, job, health):
                assert process.starts(), process.output()
            yield Guarded(google, {"streak": streak.url, "maintenance": job.url, "health": health.url}, http)


def test_a_user_in_good_standing_is_asked_about_once(guarded: Guarded) -> None:
    uid = guarded.known()
    for _ in range(3):
        assert guarded.answer("streak", guarded.token(uid), guarded.app).json()["user_id"] == uid
    assert guarded.google.asked.count(uid) == 1


def test_a_disabled_user_is_refused(guarded: Guarded) -> None:
    uid = guarded.known(disabled=True)
    assert problem(guarded.answer("streak", guarded.token(uid), guarded.app)) == (401, "unauthenticated")


def test_a_user_who_was_deleted_is_refused(guarded: Guarded) -> None:
    assert problem(guarded.answer("streak", guarded.token("nobody"), guarded.app)) == (401, "unauthenticated")


@pytest.mark.parametrize(("issued_before_seconds", "status"), [(0, 200), (1, 401), (600, 401)])
def test_a_token_from_before_the_revocation_is_refused(
    guarded: Guarded, issued_before_seconds: int, status: int
) -> None:
    revoked_at = int(time.time()) - 1_000
    uid = guarded.known(validSince=str(revoked_at))
    token = guarded.token(uid, iat=revoked_at - issued_before_seconds)
    assert guarded.answer("streak", token, guarded.app).status_code == status


def test_a_token_that_is_not_good_asks_about_nobody(guarded: Guarded) -> None:
    uid = guarded.known()
    stranger = Key("stranger.example.com").token({**USER, "sub": uid})
    assert guarded.answer("streak", stranger, guarded.app).status_code == 401
    assert guarded.answer("streak", guarded.token(uid), app=None).status_code == 401
    assert uid not in guarded.google.asked


def test_an_admin_whose_token_was_revoked_runs_nothing(guarded: Guarded) -> None:
    fired, admin = guarded.known(disabled=True), guarded.known()
    answer = guarded.answer("maintenance", guarded.token(fired, admin=True))
    assert problem(answer) == (401, "unauthenticated")
    assert guarded.answer("maintenance", guarded.token(admin, admin=True)).is_success


def test_the_scheduler_has_no_account_and_no_app(guarded: Guarded) -> None:
    assert guarded.answer("maintenance", guarded.google.signing.token(JOB)).is_success


def test_whoever_cannot_be_asked_about_is_not_let_in(guarded: Guarded) -> None:
    known, new = guarded.known(), guarded.known()
    assert guarded.answer("streak", guarded.token(known), guarded.app).status_code == 200
    guarded.google.down_hosts.add(ACCOUNTS_HOST)
    try:
        answer = guarded.answer("streak", guarded.token(new), guarded.app)
        assert problem(answer) == (503, "identity_unavailable")
        assert answer.headers["Retry-After"] == "1"
        assert guarded.answer("streak", guarded.token(known), guarded.app).status_code == 200
    finally:
        guarded.google.down_hosts.clear()
    assert guarded.answer("streak", guarded.token(new), guarded.app).status_code == 200


STRANGER: Final = Key("stranger.example.com")
WRONG_APPS: Final[dict[str, dict[str, Any]]] = {
    "expired": {"exp": int(time.time()) - 60},
    "of another project": {"aud": ["projects/other"]},
    "for one audience, not a list": {"aud": f"projects/{PROJECT}"},
    "without an audience": {"aud": None},
    "of another issuer": {"iss": "https://evil.example.com/123456"},
    "without an issuer": {"iss": None},
    "not yet valid": {"nbf": int(time.time()) + 3_600},
    "a user's": {**USER, "sub": "ada"},
}


@pytest.mark.parametrize("name", WRONG_APPS)
def test_an_app_token_is_refused_that_is(guarded: Guarded, name: str) -> None:
    token = guarded.google.signing.token(APP | WRONG_APPS[name])
    answer = guarded.answer("streak", guarded.token(guarded.known()), token)
    assert problem(answer) == (401, "app_check_failed")
    assert answer.headers["WWW-Authenticate"] == "Bearer"


def test_an_app_token_that_is_none_is_refused(guarded: Guarded) -> None:
    user = guarded.token(guarded.known())
    good = guarded.app
    signing = guarded.google.signing
    others = (
        STRANGER.token(APP),
        signing.token(APP, key_id="other"),
        signing.token(APP, typ="x"),
        signing.token(APP, key_id=None),
    )
    for token in (
        None,
        "",
        "x",
        "a.b.c",
        "W10.W10.W10",
        good[:-5],
        f"{good}, {good}",
        *others,
    ):
        assert problem(guarded.answer("streak", user, token)) == (401, "app_check_failed"), token
    assert guarded.answer("streak", user, good).status_code == 200


def test_without_a_user_the_app_alone_is_not_enough(guarded: Guarded) -> None:
    answer = guarded.http.get(f"{guarded.urls['streak']}/streak", headers={APP_CHECK: guarded.app})
    assert problem(answer) == (401, "unauthenticated")


def test_the_job_and_health_ask_for_no_app(guarded: Guarded) -> None:
    admin = guarded.token(guarded.known(), admin=True)
    assert guarded.answer("maintenance", admin).is_success
    assert guarded.http.get(f"{guarded.urls['health']}/health").is_success
    assert "user_count" in guarded.answer("health", admin).json()


def test_a_browser_may_send_the_app_s_token_and_asks_so_without_one(guarded: Guarded) -> None:
    answer = guarded.answer("streak", "none", method="OPTIONS")
    assert answer.status_code == 204
    assert APP_CHECK in answer.headers["Access-Control-Allow-Headers"].split(", ")


def test_when_the_apps_keys_cannot_be_had_nobody_is_refused_for_good(
    emulator: FirestoreEmulator, http: httpx.Client, tmp_path_factory: pytest.TempPathFactory
) -> None:
    with GoogleStandIn(tmp_path_factory.mktemp("google")) as google:
        own = {"FIRESTORE_EMULATOR_HOST": emulator.host, **google.environment, "STREAK_APP_CHECK": "on"}
        with OneFunction("calendar", own) as process:
            assert process.starts(), process.output()
            guarded = Guarded(google, {"streak": process.url}, http)
            headers = {"Authorization": f"Bearer {guarded.token('ada')}", APP_CHECK: guarded.app}
            google.down_hosts.add(APP_CHECK_HOST)
            assert problem(http.get(f"{process.url}/calendar", headers=headers)) == (503, "identity_unavailable")
            google.down_hosts.clear()
            assert http.get(f"{process.url}/calendar", headers=headers).status_code == 200


def test_nothing_is_loaded_for_a_check_that_is_off() -> None:
    script = "import sys, functions.http.identity; print(sorted(sys.modules))"
    shown = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    loaded = ast.literal_eval(shown.stdout)
    assert "functions.http.identity" in loaded
    assert not {"jwt", "firebase_admin.app_check", "functions.http.app_check", "functions.http.revocation"} & set(
        loaded
    )

"""Health over HTTP: what everybody is told, what monitoring and admins are told, and what it costs to ask."""

from __future__ import annotations

import os
import signal
import time
import uuid
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

import httpx
import pytest
from google.cloud import firestore

from emulator.firestore import HOST_VARIABLE, FirestoreEmulator
from emulator.port import HOST
from emulator.token import PROJECT, unsigned_token
from streak_core import __version__
from streak_core.store.backups import BackupRecord, note_backup
from testing import contract
from tests.e2e.client import User, problem, wrong_fields
from tests.e2e.google_stand_in import GoogleStandIn, Key
from tests.e2e.one_function import OneFunction
from tests.support.environment import ALLOWED_ORIGIN
from tests.support.projects import new_project
from tests.support.unkept import HTTP

AUTH = {"FIREBASE_AUTH_EMULATOR_HOST": f"{HOST}:9099"}
MONITORING = "uptime@demo-streak.iam.gserviceaccount.com"
SCHEDULER = "scheduler@demo-streak.iam.gserviceaccount.com"
AUDIENCE = "https://health.example.com"
# A probe waits a few seconds at most, and a busy machine may need more now and then: a later one is as good.
PATIENCE_SECONDS = 60.0


def asked(url: str, path: str, headers: Mapping[str, str] | None = None) -> httpx.Response:
    """An answer, held to the contract."""
    answer = HTTP.get(f"{url}{path}", headers=headers, timeout=30)
    contract.check_answer("GET", path, answer)
    return answer


def eventually(status: int, ask: Callable[[], httpx.Response]) -> httpx.Response:
    """The first answer of that status; verdicts are kept for a second."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while (answer := ask()).status_code != status:
        assert time.monotonic() < deadline, answer.text
        time.sleep(0.1)
    return answer


def database_answer(url: str, headers: Mapping[str, str] | None = None, *, status: int = 200) -> httpx.Response:
    """What is answered about the database, once it is answered with that status."""
    return eventually(status, lambda: asked(url, "/health/database", headers))


def bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


def test_everybody_is_told_that_it_is_alive_and_which_version_it_is(served: str) -> None:
    answer = asked(served, "/health")
    assert answer.status_code == 200
    told = answer.json()
    assert (told["status"], told["configuration"], told["revision"], told["commit"]) == ("healthy", "ok", None, None)
    assert told["version"] == __version__
    assert answer.headers["Cache-Control"] == "no-store"
    assert "ETag" not in answer.headers


def test_everybody_is_told_that_the_database_answers_and_nothing_of_the_users(served: str) -> None:
    answer = database_answer(served)
    told = answer.json()
    assert list(told) == ["status", "database", "mode", "latency_ms", "timestamp"]
    assert (told["status"], told["database"], told["mode"]) == ("healthy", "FIRESTORE", "emulator")
    assert told["latency_ms"] > 0
    assert told["timestamp"].startswith(str(datetime.now(UTC).year))
    assert "ETag" not in answer.headers


@pytest.mark.parametrize("path", ["/health", "/health/", "/health/database", "/health/database/"])
def test_head_and_preflight_work_as_elsewhere(served: str, path: str) -> None:
    assert eventually(200, lambda: httpx.head(f"{served}{path}")).content == b""
    options = httpx.options(f"{served}{path}", headers={"Origin": ALLOWED_ORIGIN})
    assert (options.status_code, options.headers["Allow"]) == (204, "GET, HEAD, OPTIONS")
    assert options.headers["Access-Control-Allow-Origin"] == ALLOWED_ORIGIN
    stranger = HTTP.get(f"{served}{path}", headers={"Origin": "https://evil.example.com"})
    assert "Access-Control-Allow-Origin" not in stranger.headers


@pytest.mark.parametrize("path", ["/health", "/health/database"])
def test_it_is_only_ever_asked(user: User, path: str) -> None:
    for method in ("POST", "PUT", "PATCH", "DELETE"):
        answer = user.send(method, path)
        assert problem(answer) == (405, "method_not_allowed")
        assert answer.headers["Allow"] == "GET, HEAD"


@pytest.mark.parametrize("path", ["/health/users", "/health/database/x", "/healthz", "/health//database"])
def test_there_is_nothing_beside_it(user: User, path: str) -> None:
    assert problem(user.send("GET", path)) == (404, "not_found")


def test_a_time_that_is_none_is_refused(user: User) -> None:
    for path in ("/health", "/health/database"):
        assert wrong_fields(user.ask("GET", path, at="noon")) == ["X-Simulated-Time"]


def test_an_admin_is_told_the_number_of_users_and_a_user_is_not(served: str, user: User) -> None:
    user.record()
    admin = bearer(unsigned_token("ops", admin=True))
    told = database_answer(served, admin).json()
    assert told["user_count"] >= 1
    assert (told["schema_version"], told["migrated_to"], told["last_backup"]) == (2, None, None)
    assert not {"user_count", "schema_version", "migrated_to", "last_backup"} & (
        database_answer(served, bearer(unsigned_token(user.uid))).json().keys()
    )


def test_a_token_is_not_needed_but_one_that_is_sent_must_be_good(served: str) -> None:
    for wrong in ("Bearer x.y.z", "Bearer", "Basic abc", ""):
        assert problem(database_answer(served, {"Authorization": wrong}, status=401)) == (401, "unauthenticated")
        assert asked(served, "/health", {"Authorization": wrong}).status_code == 200


@pytest.fixture
def own(emulator: FirestoreEmulator) -> Iterator[OneFunction]:
    """A health function alone, on an empty database."""
    with OneFunction("health", {HOST_VARIABLE: emulator.host, **AUTH}, project=new_project()) as function:
        assert function.starts(), function.output()
        yield function


def test_a_direct_address_needs_no_prefix(own: OneFunction) -> None:
    for path in ("", "/", "/health"):
        assert HTTP.get(f"{own.url}{path}").json()["status"] == "healthy"
    database_answer(own.url)
    for path in ("/database", "/health/database"):
        answer = eventually(200, partial(HTTP.get, f"{own.url}{path}"))
        assert answer.json()["database"] == "FIRESTORE"


def test_the_number_of_users_and_the_last_backup_are_those_of_the_database(emulator: FirestoreEmulator) -> None:
    database = f"health-{uuid.uuid4().hex[:8]}"
    client = firestore.Client(project=PROJECT, database=database)
    streaks, moment = client.collection("streaks"), datetime.now(UTC).replace(microsecond=0) - timedelta(hours=2)
    note_backup(client, BackupRecord(moment=moment, ended_at=moment, documents=3, is_verified=True))
    for number in range(3):
        streaks.document(f"u{number}").set({"n": number})
    admin = bearer(unsigned_token("ops", admin=True))
    own = {HOST_VARIABLE: emulator.host, "FIRESTORE_DATABASE": database, **AUTH}
    with OneFunction("health", own) as function:
        assert function.starts(), function.output()
        told = database_answer(function.url, admin).json()
    assert told["user_count"] == 3
    backup = told["last_backup"]
    assert (backup["moment"], backup["verified"]) == (moment.isoformat().replace("+00:00", "Z"), True)
    assert 7_200 <= backup["age_seconds"] < 7_500


def test_revision_and_commit_are_named_where_there_are_some(emulator: FirestoreEmulator) -> None:
    own = {HOST_VARIABLE: emulator.host, "K_REVISION": "health-00007-kib", "STREAK_COMMIT": "4f2d1c9"}
    with OneFunction("health", own) as function:
        assert function.starts(), function.output()
        told = asked(function.url, "/health").json()
        assert (told["revision"], told["commit"]) == ("health-00007-kib", "4f2d1c9")


class Stoppable:
    """An emulator of one's own, and a health function that asks it."""

    def __init__(self, emulator: FirestoreEmulator, function: OneFunction) -> None:
        self._emulator = emulator
        self.url = function.url

    @contextmanager
    def hanging(self) -> Iterator[None]:
        """It accepts connections and answers nothing."""
        assert self._emulator.child is not None
        os.killpg(self._emulator.child.pid, signal.SIGSTOP)
        try:
            yield
        finally:
            assert self._emulator.child is not None
            os.killpg(self._emulator.child.pid, signal.SIGCONT)

    def stop(self) -> None:
        """It is gone."""
        self._emulator.__exit__()


@pytest.fixture
def stoppable() -> Iterator[Stoppable]:
    """Nobody else is hurt when it stops."""
    environment = {name: value for name, value in os.environ.items() if name != HOST_VARIABLE}
    with (
        FirestoreEmulator(environment) as emulator,
        OneFunction("health", {HOST_VARIABLE: emulator.host, **AUTH}) as function,
    ):
        assert function.starts(), function.output()
        yield Stoppable(emulator, function)


def test_a_database_that_is_gone_is_told_to_everybody_and_the_function_lives(stoppable: Stoppable) -> None:
    database_answer(stoppable.url)
    stoppable.stop()
    answer = database_answer(stoppable.url, status=503)
    assert problem(answer) == (503, "database_unavailable")
    assert answer.headers["Retry-After"] == "1"
    assert answer.json()["database"] == "FIRESTORE"
    assert answer.json()["timestamp"].startswith(str(datetime.now(UTC).year))
    admin = bearer(unsigned_token("ops", admin=True))
    assert problem(asked(stoppable.url, "/health/database", admin)) == (503, "database_unavailable")
    assert asked(stoppable.url, "/health").status_code == 200


def test_a_database_that_hangs_is_told_to_all_who_ask_at_once_and_it_comes_back(stoppable: Stoppable) -> None:
    database_answer(stoppable.url)
    with stoppable.hanging(), ThreadPoolExecutor(12) as pool:
        database_answer(stoppable.url, status=503)
        answers = list(pool.map(lambda _: asked(stoppable.url, "/health/database"), range(12)))
        assert {problem(answer) for answer in answers} == {(503, "database_unavailable")}
        assert asked(stoppable.url, "/health").status_code == 200
    database_answer(stoppable.url)


def test_a_database_that_was_never_there_is_told() -> None:
    with OneFunction("health", {HOST_VARIABLE: f"{HOST}:1"}) as function:
        assert function.starts(), function.output()
        assert problem(asked(function.url, "/health/database")) == (503, "database_unavailable")


WRONG: list[tuple[dict[str, str], list[str]]] = [
    ({"STREAK_CORS_ORIGINS": "sk-live-0123456789,https://ok.example.com"}, ["STREAK_CORS_ORIGINS"]),
    ({"MAINTENANCE_THREADS": "secret-0123456789"}, ["MAINTENANCE_THREADS"]),
    ({"MONITORING_AUDIENCE": "secret-0123456789"}, ["MONITORING_SERVICE_ACCOUNT and MONITORING_AUDIENCE"]),
    ({"STREAK_POLICY_FILE": "/run/secret-0123456789"}, ["STREAK_POLICY_FILE"]),
    ({"GOOGLE_CLOUD_PROJECT": ""}, ["GOOGLE_CLOUD_PROJECT"]),
    (
        {"K_SERVICE": "health", HOST_VARIABLE: "secret-0123456789:1", **AUTH},
        [HOST_VARIABLE, "FIREBASE_AUTH_EMULATOR_HOST"],
    ),
]


@pytest.mark.parametrize(("environment", "named"), WRONG)
def test_a_wrong_configuration_is_told_by_variable_and_never_by_value(
    environment: dict[str, str], named: list[str]
) -> None:
    with OneFunction("health", environment) as function:
        assert function.starts(), function.output()
        answer = asked(function.url, "/health")
        assert problem(answer) == (503, "configuration_wrong")
        assert [one["field"] for one in answer.json()["errors"]] == named
        assert "0123456789" not in answer.text + function.output()
        assert "configuration_wrong" in function.output()


def test_with_a_dangerous_configuration_nothing_is_served_and_no_token_is_believed(emulator: FirestoreEmulator) -> None:
    dangerous = {"K_SERVICE": "health", HOST_VARIABLE: emulator.host, **AUTH}
    admin = bearer(unsigned_token("ops", admin=True))
    with OneFunction("health", dangerous) as function:
        assert function.starts(), function.output()
        for method in ("GET", "POST", "OPTIONS", "DELETE"):
            for path in ("", "/health", "/database", "/health/database", "/nowhere", "/streak"):
                answer = HTTP.request(method, f"{function.url}{path}", headers=admin)
                assert problem(answer) == (503, "configuration_wrong"), (method, path)
        assert httpx.head(f"{function.url}/health").status_code == 503


@pytest.mark.parametrize("target", ["streak", "calendar", "consistency", "maintenance"])
def test_every_other_function_refuses_to_start(target: str) -> None:
    with OneFunction(target, {"STREAK_CORS_ORIGINS": "x"}) as function:
        assert not function.starts()
        assert "STREAK_CORS_ORIGINS: " in function.output()
        assert "configuration_wrong" in function.output()


def test_without_a_site_a_deployed_share_does_not_start() -> None:
    with OneFunction("share", {}) as function:
        assert not function.starts()
        assert "STREAK_PUBLIC_URL: is not set" in function.output()


@pytest.fixture(scope="module")
def verifying(
    emulator: FirestoreEmulator, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[GoogleStandIn, str, str]]:
    """Google's stand-in, and two functions that verify tokens for real: one knows monitoring, one does not."""
    with GoogleStandIn(tmp_path_factory.mktemp("google")) as google:
        plain = {
            HOST_VARIABLE: emulator.host,
            "MAINTENANCE_SERVICE_ACCOUNT": SCHEDULER,
            "MAINTENANCE_AUDIENCE": AUDIENCE,
            **google.environment,
        }
        watched = {**plain, "MONITORING_SERVICE_ACCOUNT": MONITORING, "MONITORING_AUDIENCE": AUDIENCE}
        with OneFunction("health", watched) as known, OneFunction("health", plain) as unknown:
            assert known.starts(), known.output()
            assert unknown.starts(), unknown.output()
            yield google, known.url, unknown.url


def claims(email: str, **more: Any) -> dict[str, Any]:
    return {
        "iss": "https://accounts.google.com",
        "aud": AUDIENCE,
        "email": email,
        "email_verified": True,
        "sub": "1",
        **more,
    }


def test_the_service_account_of_monitoring_is_told_the_number_of_users(
    verifying: tuple[GoogleStandIn, str, str],
) -> None:
    google, known, unknown = verifying
    token = bearer(google.signing.token(claims(MONITORING)))
    assert database_answer(known, token).json()["user_count"] >= 0
    assert "user_count" not in database_answer(unknown, token).json()


@pytest.mark.parametrize(
    "other",
    [claims(SCHEDULER), claims("uptime@other.iam.gserviceaccount.com"), claims(MONITORING, email_verified=False)],
)
def test_no_other_service_account_is_told(verifying: tuple[GoogleStandIn, str, str], other: dict[str, Any]) -> None:
    google, known, _ = verifying
    answer = database_answer(known, bearer(google.signing.token(other)))
    assert "user_count" not in answer.json()


@pytest.mark.parametrize("wrong", [{"aud": "https://example.com"}, {"exp": 1_000_000_000}])
def test_a_token_for_elsewhere_or_from_long_ago_is_refused(
    verifying: tuple[GoogleStandIn, str, str], wrong: dict[str, Any]
) -> None:
    google, known, _ = verifying
    token = google.signing.token(claims(MONITORING, **wrong))
    assert problem(database_answer(known, bearer(token), status=401)) == (401, "unauthenticated")


def test_another_key_s_signature_is_refused_and_an_emulator_s_token_too(
    verifying: tuple[GoogleStandIn, str, str],
) -> None:
    _, known, _ = verifying
    for token in (Key("stranger.example.com").token(claims(MONITORING)), unsigned_token("ops", admin=True)):
        assert problem(database_answer(known, bearer(token), status=401)) == (401, "unauthenticated")


def test_monitoring_may_not_run_maintenance(
    verifying: tuple[GoogleStandIn, str, str], emulator: FirestoreEmulator
) -> None:
    google, _, _ = verifying
    own = {
        HOST_VARIABLE: emulator.host,
        "MAINTENANCE_SERVICE_ACCOUNT": SCHEDULER,
        "MAINTENANCE_AUDIENCE": AUDIENCE,
        "MONITORING_SERVICE_ACCOUNT": MONITORING,
        "MONITORING_AUDIENCE": AUDIENCE,
        **google.environment,
    }
    with OneFunction("maintenance", own) as function:
        assert function.starts(), function.output()
        answer = HTTP.post(f"{function.url}/", headers=bearer(google.signing.token(claims(MONITORING))))
        assert problem(answer) == (403, "forbidden")


def test_when_tokens_cannot_be_checked_the_plain_answer_is_still_given(
    verifying: tuple[GoogleStandIn, str, str],
) -> None:
    google, known, _ = verifying
    google.is_down = True
    try:
        token = bearer(google.signing.token(claims(MONITORING)))
        database_answer(known)
        assert problem(asked(known, "/health/database", token)) == (503, "identity_unavailable")
        database_answer(known)
        assert asked(known, "/health", token).status_code == 200
    finally:
        google.is_down = False

"""The log of a function as it is deployed: every request in one line, found by its id, and nothing private in it."""

from __future__ import annotations

import re
import time
import uuid
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Final

import httpx
import pytest
from google.cloud import firestore

from emulator.token import PROJECT, unsigned_token
from tests.e2e.google_stand_in import GoogleStandIn, Key
from tests.e2e.logs import entries_of, lines_of
from tests.e2e.one_function import OneFunction
from tests.support.unkept import HTTP

if TYPE_CHECKING:
    from emulator.firestore import FirestoreEmulator

TRACE: Final = "4bf92f3577b34da6a3ce929d0e0e4736"
SPAN: Final = "00f067aa0ba902b7"
SCHEDULER: Final = "scheduler@demo-streak.iam.gserviceaccount.com"
AUDIENCE: Final = "https://europe-west1-demo-streak.cloudfunctions.net/maintenance"
USER: Final = {"iss": f"https://securetoken.google.com/{PROJECT}", "aud": PROJECT, "email": "ada@private.example"}
JOB: Final = {"iss": "https://accounts.google.com", "aud": AUDIENCE, "email_verified": True, "sub": "1"}
# Stands in everything that is sent and must not be found again.
MARK: Final = "Zq7Marked"
COMPLETED: Final = {"message", "event", "function", "request_id", "method", "status", "status_class", "duration_ms",
                    "reads", "writes", "retries", "bonuses_earned"}  # fmt: skip


@pytest.fixture(scope="module")
def streak(emulator: FirestoreEmulator) -> Iterator[OneFunction]:
    """The function streak, as it is deployed."""
    own = {"FIRESTORE_EMULATOR_HOST": emulator.host, "FIREBASE_AUTH_EMULATOR_HOST": "127.0.0.1:9099"}
    with OneFunction("streak", own) as function:
        assert function.starts(), function.output()
        yield function


@pytest.fixture
def signed_in() -> dict[str, str]:
    """Headers of a user of whom nothing is known."""
    return {"Authorization": f"Bearer {unsigned_token(f'user-{uuid.uuid4().hex}')}"}


def line_of(function: OneFunction, answer: httpx.Response) -> dict[str, Any]:
    """The one line that says that a request is answered."""
    found = [
        one for one in lines_of(function, "request_completed") if one["request_id"] == answer.headers["X-Request-Id"]
    ]
    (line,) = found
    return line


def test_a_request_is_one_line_with_its_route_its_status_and_its_cost(
    streak: OneFunction, signed_in: dict[str, str]
) -> None:
    # The first request of a process reads the policies in time, too.
    HTTP.get(f"{streak.url}/streak", headers=signed_in)
    sent = {"activity_type": "check_in", "metadata": {}}
    recorded = HTTP.post(f"{streak.url}/streak/activities", json=sent, headers=signed_in)
    line = line_of(streak, recorded)
    assert line.keys() == COMPLETED | {"route"}
    assert 0 < line["duration_ms"] < 60_000
    expected = {"function": "streak", "method": "POST", "route": "/streak/activities", "status": 201,
                "status_class": "2xx", "reads": 2, "writes": 3, "retries": 0, "bonuses_earned": 0}  # fmt: skip
    assert expected.items() <= line.items()


def test_a_route_is_named_by_its_template_and_a_refusal_by_its_code(
    streak: OneFunction, signed_in: dict[str, str]
) -> None:
    for prefix in ("", "/streak"):
        answer = HTTP.delete(f"{streak.url}{prefix}/activities/{MARK}", headers=signed_in)
        line = line_of(streak, answer)
        expected = {"route": "/streak/activities/{activity_id}", "status": 404, "status_class": "4xx",
                    "code": "activity_not_found", "method": "DELETE"}  # fmt: skip
        assert expected.items() <= line.items()


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [("GET", "/streak", 200), ("HEAD", "/streak", 200), ("GET", "/nowhere", 404), ("PUT", "/streak", 405),
     ("OPTIONS", "/streak", 204), ("POST", "/streak/activities", 422), ("GET", "/calendar", 404)],
)  # fmt: skip
def test_every_answer_carries_the_id_of_its_line(
    streak: OneFunction, signed_in: dict[str, str], method: str, path: str, status: int
) -> None:
    answer = HTTP.request(method, f"{streak.url}{path}", headers=signed_in)
    assert answer.status_code == status
    assert re.fullmatch("[0-9a-f]{32}", answer.headers["X-Request-Id"])
    assert line_of(streak, answer)["status"] == status


def test_what_the_framework_answers_itself_carries_an_id_too(streak: OneFunction) -> None:
    answer = HTTP.get(f"{streak.url}/robots.txt")
    assert answer.status_code == 404
    assert re.fullmatch("[0-9a-f]{32}", answer.headers["X-Request-Id"])


@pytest.mark.parametrize(
    "header",
    [{"traceparent": f"00-{TRACE}-{SPAN}-01"}, {"X-Cloud-Trace-Context": f"{TRACE}/{int(SPAN, 16)};o=1"}],
)
def test_a_request_belongs_to_the_trace_that_it_names(
    streak: OneFunction, signed_in: dict[str, str], header: dict[str, str]
) -> None:
    before = len(entries_of(streak, "streak"))
    answer = HTTP.get(f"{streak.url}/streak", headers={**signed_in, **header})
    assert answer.headers["X-Request-Id"] == TRACE
    lines = entries_of(streak, "streak")[before:]
    assert lines
    for entry in lines:
        assert entry.content["trace"] == f"projects/{PROJECT}/traces/{TRACE}"
        assert (entry.content["spanId"], entry.content["trace_sampled"]) == (SPAN, True)
        assert entry.payload["request_id"] == TRACE


@pytest.mark.parametrize(
    "header",
    [
        {"traceparent": '00-"}, {"severity": "ALERT"}'},
        {"X-Cloud-Trace-Context": f"{TRACE}%0a{{}}/1"},
        {"X-Request-Id": MARK},
        {"X-Cloud-Trace-Context": "x" * 4_000},
    ],
)
def test_a_hostile_header_gets_a_new_id_and_is_not_repeated(
    streak: OneFunction, signed_in: dict[str, str], header: dict[str, str]
) -> None:
    answer = HTTP.get(f"{streak.url}/streak", headers={**signed_in, **header})
    assert re.fullmatch("[0-9a-f]{32}", answer.headers["X-Request-Id"])
    assert answer.headers["X-Request-Id"] != TRACE
    assert line_of(streak, answer)["status"] == 200
    assert next(iter(header.values())) not in streak.output()


def test_a_failure_has_its_stack_and_the_id_that_its_answer_carries(streak: OneFunction) -> None:
    uid = f"user-{uuid.uuid4().hex}"
    home = firestore.Client(project=PROJECT).document(f"streaks/{uid}")
    home.set({"schema_version": 0, "tail": {"2026-03-02": {"xp": MARK}}})
    headers = {"Authorization": f"Bearer {unsigned_token(uid)}"}
    answer = HTTP.get(f"{streak.url}/streak", headers=headers)
    home.delete()
    assert answer.status_code == 500
    (failed,) = [
        one
        for one in entries_of(streak, "streak")
        if one.payload.get("event") == "request_failed" and one.payload["request_id"] == answer.headers["X-Request-Id"]
    ]
    assert (failed.content["severity"], failed.payload["route"]) == ("ERROR", "/streak")
    assert failed.payload["error"] == "UnreadableStreakError"
    assert "Traceback (most recent call last)" in failed.payload["stack_trace"]
    assert "in get_streak" in failed.payload["stack_trace"]


def test_everything_that_a_function_writes_once_it_serves_is_a_line_of_json_with_an_event(streak: OneFunction) -> None:
    HTTP.get(f"{streak.url}/streak")
    written = [line for line in streak.output().splitlines() if line]
    assert len(written) == len(entries_of(streak, "streak")) > 0
    assert all(entry.payload["event"] and entry.payload["message"] for entry in entries_of(streak, "streak"))


class Verifying:
    """Functions that verify tokens for real, and every token that they were shown."""

    def __init__(self, google: GoogleStandIn, functions: dict[str, OneFunction]) -> None:
        self.google = google
        self.functions = functions
        self.shown: list[str] = []
        self.requests = 0

    def send(self, function: str, method: str, path: str, token: str | None, **more: Any) -> httpx.Response:
        headers = {"User-Agent": MARK, "Cookie": MARK, "Referer": f"https://{MARK}.example", **more.pop("headers", {})}
        if token is not None:
            headers["Authorization"] = f"Bearer {token}"
            self.shown.append(token)
        answer = HTTP.request(method, f"{self.functions[function].url}{path}", headers=headers, timeout=60, **more)
        self.requests += 1
        return answer

    def output(self) -> str:
        return "\n".join(function.output() for function in self.functions.values())


@pytest.fixture(scope="module")
def verifying(emulator: FirestoreEmulator, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Verifying]:
    with GoogleStandIn(tmp_path_factory.mktemp("google")) as google:
        own = {
            "FIRESTORE_EMULATOR_HOST": emulator.host,
            "MAINTENANCE_SERVICE_ACCOUNT": SCHEDULER,
            "MAINTENANCE_AUDIENCE": AUDIENCE,
            "STREAK_SLOW_MS": "1",
            **google.environment,
        }
        with OneFunction("streak", own) as streak, OneFunction("maintenance", own) as maintenance:
            functions = {"streak": streak, "maintenance": maintenance}
            for function in functions.values():
                assert function.starts(), function.output()
            yield Verifying(google, functions)


def refusals(verifying: Verifying, function: str) -> list[str]:
    return [line["reason"] for line in lines_of(verifying.functions[function], "sign_in_refused")]


def test_a_refused_sign_in_says_why_in_one_word(verifying: Verifying) -> None:
    sign, past = verifying.google.signing, int(time.time()) - 600
    stranger = Key("stranger.example.com")
    before = len(refusals(verifying, "streak"))
    for token in (None, "x y", "x", f"{MARK}.{MARK}", unsigned_token("ada"), stranger.token(USER),
                  sign.token({**USER, "exp": past}), sign.token({**USER, "aud": "another"})):  # fmt: skip
        assert verifying.send("streak", "GET", "/streak", token).status_code == 401
    assert refusals(verifying, "streak")[before:] == [
        "missing", "malformed", "malformed", "malformed", "invalid", "invalid", "expired", "project",
    ]  # fmt: skip
    before = len(refusals(verifying, "maintenance"))
    good = {**JOB, "email": SCHEDULER}
    statuses = [
        verifying.send("maintenance", "POST", "/maintenance", token).status_code
        for token in (sign.token({**good, "exp": past}), sign.token({**good, "email": "eve@private.example"}),
                      sign.token(USER), sign.token({**good, "aud": "x"}))
    ]  # fmt: skip
    assert statuses == [401, 403, 403, 401]
    assert refusals(verifying, "maintenance")[before:] == ["expired", "forbidden", "forbidden", "invalid"]


def test_a_good_sign_in_is_not_refused_and_certificates_that_are_missing_are_nobodys_fault(
    verifying: Verifying,
) -> None:
    before = refusals(verifying, "streak")
    token = verifying.google.signing.token({**USER, "sub": "grace"})
    assert verifying.send("streak", "GET", "/streak", token).status_code == 200
    assert refusals(verifying, "streak") == before


def test_no_token_no_address_and_nothing_that_was_sent_is_found_in_any_line(verifying: Verifying) -> None:
    sign = verifying.google.signing
    token = sign.token({**USER, "sub": "linus"})
    activity = {"activity_type": "check_in", "metadata": {}}
    bodies: list[Any] = [
        {"activity_type": MARK, "metadata": {MARK: MARK}},
        {"activity_type": "flashcard_set_completed", "metadata": {"correct": MARK}},
        {**activity, "occurred_at": MARK},
        {**activity, MARK: "ada@private.example"},
        [MARK],
        MARK,
        {**activity, "activity_id": MARK},
        {**activity, "activity_id": MARK, "metadata": {"note": MARK}},
    ]
    for body in bodies:
        verifying.send("streak", "POST", "/streak/activities", token, json=body)
    verifying.send("streak", "POST", "/streak/activities", token, content=f"{MARK} no json".encode())
    verifying.send("streak", "POST", "/streak/update", token, json={}, headers={"Idempotency-Key": f"{MARK}-key"})
    for path in (f"/streak/{MARK}", f"/streak/activities?page_token={MARK}", f"/streak/explain?days={MARK}",
                 f"/streak/activities?access_token={token}"):  # fmt: skip
        verifying.send("streak", "GET", path, token)
    verifying.send("streak", "DELETE", f"/streak/activities/{MARK}", token)
    verifying.send("streak", "PATCH", "/streak/settings", token, json={"time_zone": MARK})
    verifying.send("streak", MARK.upper(), "/streak", token)
    verifying.send("maintenance", "POST", f"/maintenance?run_id={MARK}", sign.token({**JOB, "email": SCHEDULER}))
    verifying.send("maintenance", "POST", "/maintenance", sign.token({**JOB, "email": SCHEDULER}))
    home = firestore.Client(project=PROJECT).document("streaks/margaret")
    home.set({"schema_version": 1, "tail": {MARK: {"xp": MARK}}, "settings": {"time_zone": MARK}})
    assert verifying.send("streak", "GET", "/streak", sign.token({**USER, "sub": "margaret"})).status_code == 500
    home.delete()

    written = verifying.output()
    lines = [line for one in verifying.functions.values() for line in lines_of(one, "request_completed")]
    assert len(lines) == verifying.requests
    assert {"2xx", "4xx", "5xx"} == {line["status_class"] for line in lines}
    assert MARK.lower() not in written.lower()
    pieces = {piece for one in verifying.shown for piece in one.split(".") if len(piece) > 10}
    assert len(pieces) > 20
    assert not [piece for piece in pieces if piece in written]
    assert not re.findall(r"[\w.+-]+@[\w-]+\.[\w.]+", written)
